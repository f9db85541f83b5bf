namespace GanPipeline.Data.Tests;

public class FolderLayoutTests
{
    [Fact]
    public void Folders_are_classes_and_order_is_by_character()
    {
        var (classes, pictures) = Of(["b/2.png", "b/10.png", "a/x/y/1.jpg", "B/1.png", "loose.gif"]);
        Assert.Equal(["B", "a", "b"], classes);
        Assert.Equal([("B/1.png", 0), ("a/x/y/1.jpg", 1), ("b/10.png", 2), ("b/2.png", 2), ("loose.gif", -1)], pictures);
    }

    [Fact]
    public void A_flat_folder_has_no_classes()
    {
        var (classes, pictures) = Of(["1.png", "2.png"]);
        Assert.Empty(classes);
        Assert.All(pictures, p => Assert.Equal(-1, p.Label));
    }

    [Theory]
    [InlineData("train", "w/train/a/1.png")]
    [InlineData("test", "w/Test/b/2.png")]
    [InlineData("all", "w/Test/b/2.png", "w/train/a/1.png", "w/val/a/3.png")]
    public void Splits_come_before_classes_and_share_their_labels(string split, params string[] expected)
    {
        var (classes, pictures) = Of(["w/train/a/1.png", "w/Test/b/2.png", "w/val/a/3.png"], new() { Split = split });
        Assert.Equal(["a", "b"], classes);
        Assert.Equal(expected, pictures.Select(p => p.Path));
        Assert.All(pictures, p => Assert.Equal(p.Path.Contains("/a/") ? 0 : 1, p.Label));
    }

    [Fact]
    public void A_wrapper_is_stepped_into_but_an_only_class_is_not()
    {
        Assert.Equal(["a", "b"], Of(["one/two/a/1.png", "one/two/b/1.png"]).Classes);
        Assert.Equal(["cats"], Of(["cats/1.png", "cats/2.png"]).Classes);
    }

    [Fact]
    public void Sidecars_and_hidden_files_are_no_pictures()
    {
        var (_, pictures) = Of(["a/1.png", "a/1.txt", "a/.1.png", ".cache/1.png", "__MACOSX/a/1.png", "a/labels.csv", "a/noextension"]);
        Assert.Equal(["a/1.png", "a/noextension"], pictures.Select(p => p.Path));
        Assert.Equal(
            [(".cache/1.png", Reasons.Hidden), ("__MACOSX/a/1.png", Reasons.Hidden), ("a/.1.png", Reasons.Hidden),
                ("a/1.txt", Reasons.NotLookedAt(".txt")), ("a/labels.csv", Reasons.NotLookedAt(".csv"))],
            _leftOut.Select(l => (l.File, l.Reason)));
    }

    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("a.JPEG", true)]
    [InlineData("b.jpg?w=400", true)]
    [InlineData("c.jpg_large", true)]
    [InlineData("n02085620_7.123", true)]
    [InlineData("noending", true)]
    [InlineData("d.jpg~", false)]
    [InlineData("d.jpg.bak", false)]
    [InlineData("d.jpg.crdownload", false)]
    public void A_name_that_does_not_tell_is_looked_into(string name, bool picture)
    {
        var (_, pictures) = Of(["good.png", name]);
        Assert.Equal(picture, pictures.Any(p => p.Path == name));
        Assert.Equal(picture ? [] : [name], _leftOut.Select(l => l.File));
    }

    [Fact]
    public void Folders_are_splits_only_if_all_of_them_are()
    {
        Assert.Equal(["bus", "car", "train"], Of(["train/1.png", "car/1.png", "bus/1.png"]).Classes);
        Assert.Equal(["cats", "test", "train"], Of(["w/train/a/1.png", "w/test/a/1.png", "w/cats/1.png"]).Classes);
        Assert.Equal(["a"], Of(["train/a/1.png", "test/a/1.png", "val/a/1.png", "labels/a.txt"]).Classes);
        var message = Fails(["train/1.png", "test/1.png", "cats/1.png"], new() { Split = "test" });
        Assert.Contains("beside others that are no splits (cats)", message);
    }

    [Fact]
    public void What_lies_beside_the_splits_is_named()
    {
        var (_, pictures) = Of(["train/a/1.png", "test/a/1.png", "cover.png"], new() { Split = "all" });
        Assert.Equal(2, pictures.Count);
        Assert.Equal(["cover.png"], _leftOut.Select(l => l.File));
    }

    [Fact]
    public void Class_folders_that_look_the_same_are_one_class()
    {
        var (classes, pictures) = Of(["Ba\u0308r/1.png", "B\u00E4r/2.png", "Bor/3.png"]);
        Assert.Equal(["Bor", "B\u00E4r"], classes);
        Assert.Equal([1, 0, 1], pictures.Select(p => p.Label));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("train/a")]
    public void Holding_out_divides_by_path_alone(string folder)
    {
        string[] paths = [.. Enumerable.Range(0, 2000).Select(i => $"{folder}/{i}.png")];
        var options = new DataOptions { HoldOut = 0.25, Seed = 3 };
        var train = Of(paths, options).Pictures.Select(p => p.Path).ToHashSet();
        var test = Of(paths, options with { Split = "test" }).Pictures.Select(p => p.Path).ToHashSet();
        Assert.Equal(2000, train.Count + test.Count);
        Assert.Empty(train.Intersect(test));
        Assert.InRange(test.Count, 500 - 78, 500 + 78); // four standard deviations of a binomial of 2000 and 0.25
        var more = Of([.. paths, $"{folder}/new.png"], options).Pictures.Select(p => p.Path).ToHashSet();
        Assert.Superset(train, more);
        Assert.Equal(2000, Of(paths, options with { Split = "all" }).Pictures.Count);
        // Where there is something to test with, nothing is held out.
        if (folder == "train/a") Assert.Equal(2000, Of([.. paths, "test/a/1.png"], options).Pictures.Count);
    }

    [Fact]
    public void What_cannot_be_is_told()
    {
        Assert.Contains("it is empty", Fails([]));
        Assert.Contains("none of its 2 files", Fails(["a.txt", "b.csv"]));
        Assert.Contains("nothing is held out", Fails(["a/1.png"], new() { Split = "test" }));
        Assert.Contains("to train with alone, and nothing is held out", Fails(["train/a/1.png"], new() { Split = "test" }));
        Assert.Contains("none with pictures for train", Fails(["test/a/1.png"]));
    }

    private readonly List<SkippedImage> _leftOut = [];

    private string Fails(string[] paths, DataOptions? options = null) =>
        Assert.Throws<DataSetException>(() => Of(paths, options)).Message;

    private (IReadOnlyList<string> Classes, List<(string Path, int Label)> Pictures) Of(string[] paths, DataOptions? options = null)
    {
        FileEntry[] entries = [.. paths.Order(StringComparer.Ordinal).Select(p => new FileEntry(p, 1, 0))];
        _leftOut.Clear();
        var layout = FolderLayout.Read(entries, options ?? new(), "the folder", _ => null, _leftOut);
        return (layout.Classes, [.. layout.Pictures.Select(p => (entries[p.Entry].Path, p.Label))]);
    }
}
