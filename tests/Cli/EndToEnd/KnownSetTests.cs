namespace GanPipeline.Cli.Tests;

/// <summary>Known data sets in the forms that they are published in, found by looking, and what is done to them told.</summary>
public sealed class KnownSetTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Emnist_is_turned_upright_and_every_command_says_so()
    {
        // Two pictures of 8 x 8, and their labels.
        Put("EMNIST/raw/emnist-letters-train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8, .. new byte[128]]);
        Put("EMNIST/raw/emnist-letters-train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 1, 26]);
        const string Note = "emnist-letters's are turned upright (data.transpose: auto)";
        var inspect = InProcess.Gan("data", "inspect", _world["EMNIST"]);
        Assert.Contains(Note, inspect.Output, StringComparison.Ordinal);
        Assert.Contains("26 classes: A (1), B (0), C (0)", inspect.Output, StringComparison.Ordinal);
        var json = InProcess.Gan("data", "inspect", _world["EMNIST"], "--json").Json;
        Assert.Equal("idx", (string?)json["kind"]);
        Assert.Contains(Note, (string?)json["notes"]![0], StringComparison.Ordinal);

        var train = _world.Gan("train", "tiny", "--set", "data.kind=idx", "--set", "data.path=EMNIST", "--set",
            "architecture.condition=[none]");
        Assert.Contains("The pictures have no attribute 'none'; there are: class.", train.Error, StringComparison.Ordinal);
        Assert.Contains(Note, train.Output, StringComparison.Ordinal);

        Put("EMNIST/raw/emnist-digits-train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, .. new byte[64]]);
        var several = InProcess.Gan("data", "inspect", _world["EMNIST"]);
        Assert.Equal(2, several.Code);
        Assert.Contains("holds several sets: digits, letters. Say which (data.subset).", several.Error, StringComparison.Ordinal);
        Assert.Equal(0, InProcess.Gan("data", "inspect", _world["EMNIST"], "--subset", "digits").Code);
    }

    [Fact]
    public void Cifar100_is_recognized_and_another_kind_is_told_which_one_fits()
    {
        Put("cifar-100-binary/train.bin", [4, 0, .. new byte[3072], 13, 99, .. new byte[3072]]);
        var inspect = InProcess.Gan("data", "inspect", _world["cifar-100-binary"]);
        Assert.Contains("cifar100: 2 pictures, 32 x 32, colour", inspect.Output, StringComparison.Ordinal);
        Assert.Contains("attributes: superclass, class", inspect.Output, StringComparison.Ordinal);
        var folder = InProcess.Gan("data", "inspect", _world["cifar-100-binary"], "--kind", "folder");
        Assert.Equal(2, folder.Code);
        Assert.Contains("holds CIFAR-100 files: open it as data of kind cifar100.", folder.Error, StringComparison.Ordinal);
        Assert.Contains("cifar100       CIFAR-100", InProcess.Gan("data", "list").Output, StringComparison.Ordinal);
    }

    private void Put(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_world[path])!);
        File.WriteAllBytes(_world[path], content);
    }
}
