namespace GanPipeline.Data.Tests;

public class LabelLayoutTests
{
    private static readonly LabelField[] _fields =
        [LabelField.Categorical("class", ["cat", "dog", "emu"]), LabelField.Binary("Smiling"), LabelField.Numeric("yaw", -90, 270)];

    [Fact]
    public void Attributes_become_one_hots_bits_and_scaled_numbers_in_the_order_asked_for()
    {
        var layout = LabelLayout.Select(_fields, ["yaw", "class", "Smiling"]);
        Assert.Equal(5, layout.Size);
        var vector = new float[] { 9, 9, 9, 9, 9 };
        layout.Encode([2, 1, 180], vector);
        Assert.Equal([0.5f, 0, 0, 1, 1], vector);
    }

    [Fact]
    public void Names_that_do_not_exist_or_come_twice_are_told()
    {
        static string Refused(LabelField[] available, params string[] names) =>
            Assert.Throws<ArgumentException>(() => LabelLayout.Select(available, names)).Message;
        Assert.Contains("no attribute 'smiling'; there are: class, Smiling, yaw", Refused(_fields, "smiling"));
        Assert.Contains("none at all", Refused([], "class"));
        Assert.Contains("'yaw, yaw'", Refused(_fields, "yaw", "yaw"));
        Assert.Contains("''", Refused(_fields));

        // Of a data set they are the data set's error.
        using var bricks = DataSets.Open(new() { Count = 100 });
        Assert.Contains("no attribute 'smiling'; there are: class, form", Fails(() => bricks.SelectLabels(["smiling"])));
    }

    [Fact]
    public void Attributes_that_never_vary_and_values_that_never_occur_are_told()
    {
        using var red = DataSets.Open(new() { Channels = 3, Bricks = new() { Colors = ["red"] } });
        Assert.Contains("'color' is 'red' in every one of the 40000 pictures", Fails(() => red.SelectLabels(["class", "color"])));
        Assert.Contains("'light' is -50 in every one", Fails(() => red.SelectLabels(["light"])));
        Assert.Equal(50 + 8, red.SelectLabels(["class", "studs-long", "yaw"]).Size);
        using var few = DataSets.Open(new() { Count = 48 });
        Assert.Contains("has the class 'slope 3x3', 'slope 3x4', so", Fails(() => few.SelectLabels(["class"])));
        using var odd = new FakeSource(10);
        Assert.Equal(10, odd.SelectLabels(["class"]).Size);
    }

    [Fact]
    public void A_picture_without_a_class_is_told()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["a/1.png", "b/2.png", "3.png"]) folder.Put(file, Reading.Png(4, 4, 1, 2, 3));
        using var source = DataSets.Open(new() { Kind = "folder", Path = folder.Path, Size = 4 });
        Assert.Contains("1 of the 3 pictures", Fails(() => source.SelectLabels(["class"])));
        using var both = DataSets.Open(new() { Kind = "folder", Path = folder.Path, Size = 4, Classes = ["a", "b"] });
        Assert.Equal(2, both.SelectLabels(["class"]).Size);
    }

    private static string Fails(Action act) => Assert.Throws<DataSetException>(act).Message;
}
