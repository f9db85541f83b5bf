namespace GanPipeline.Data.Tests;

/// <summary>Published sets of pictures with folders train and val, as Imagenette, or with train, val and test.</summary>
public sealed class ValidationFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ValidationFolderTests()
    {
        for (var i = 0; i < 3; i++) _folder.Put($"set/train/cat/{i}.png", Reading.Png(4, 4, (byte)i, 0, 0));
        _folder.Put("set/val/cat/0.png", Reading.Png(4, 4, 100, 0, 0));
        _folder.Put("set/val/cat/1.png", Reading.Png(4, 4, 101, 0, 0));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("folder")]
    [InlineData("cifar10")]
    public void Val_stands_for_a_test_that_is_not_there(string kind)
    {
        Assert.Equal([0, 1, 2], Reds(kind, "train"));
        Assert.Equal([100, 101], Reds(kind, "test"));
        Assert.Equal([0, 1, 2, 100, 101], Reds(kind, "all"));
        _folder.Put("set/test/cat/0.png", Reading.Png(4, 4, 200, 0, 0));
        Assert.Equal([0, 1, 2], Reds(kind, "train"));
        Assert.Equal([200], Reds(kind, "test"));
        Assert.Equal(6, Reds(kind, "all").Length);
    }

    private int[] Reds(string kind, string split)
    {
        using var source = DataSets.Open(new() { Kind = kind, Path = _folder["set"], Size = 4, Split = split });
        return [.. source.ReadAll().Select(p => (int)p[0]).Order()];
    }
}
