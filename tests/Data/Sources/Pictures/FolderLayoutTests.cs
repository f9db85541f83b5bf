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
    }

    [Fact]
    public void Holding_out_divides_by_path_alone()
    {
        string[] paths = [.. Enumerable.Range(0, 2000).Select(i => $"a/{i}.png")];
        var options = new DataOptions { HoldOut = 0.25, Seed = 3 };
        var train = Of(paths, options).Pictures.Select(p => p.Path).ToHashSet();
        var test = Of(paths, options with { Split = "test" }).Pictures.Select(p => p.Path).ToHashSet();
        Assert.Equal(2000, train.Count + test.Count);
        Assert.Empty(train.Intersect(test));
        Assert.InRange(test.Count, 500 - 78, 500 + 78); // four standard deviations of a binomial of 2000 and 0.25
        var more = Of([.. paths, "a/new.png"], options).Pictures.Select(p => p.Path).ToHashSet();
        Assert.Superset(train, more);
    }

    [Fact]
    public void What_cannot_be_is_told()
    {
        Assert.Contains("it is empty", Fails([]));
        Assert.Contains("none of its 2 files", Fails(["a.txt", "b.csv"]));
        Assert.Contains("nothing is held out", Fails(["a/1.png"], new() { Split = "test" }));
        Assert.Contains("none with pictures for test", Fails(["train/a/1.png"], new() { Split = "test" }));
    }

    private static string Fails(string[] paths, DataOptions? options = null) =>
        Assert.Throws<DataSetException>(() => Of(paths, options)).Message;

    private static (IReadOnlyList<string> Classes, List<(string Path, int Label)> Pictures) Of(string[] paths, DataOptions? options = null)
    {
        FileEntry[] entries = [.. paths.Order(StringComparer.Ordinal).Select(p => new FileEntry(p, 1, 0, 0))];
        var layout = FolderLayout.Read(entries, options ?? new(), "the folder");
        return (layout.Classes, [.. layout.Pictures.Select(p => (entries[p.Entry].Path, p.Label))]);
    }
}
