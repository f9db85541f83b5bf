using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>The folders and archives in which IDX files come, and EMNIST's pictures.</summary>
public sealed class IdxFormsTests : IDisposable
{
    private const string Case = "cases/14-emnist-transposed";
    private readonly TemporaryFolder _folder = new();

    private DataOptions Options => new() { Kind = "idx", Path = _folder["data"] };

    public void Dispose() => _folder.Dispose();

    /// <summary>As torchvision keeps them, with the packed files beside the unpacked ones.</summary>
    [Theory]
    [InlineData("data")]
    [InlineData("data/MNIST")]
    [InlineData("data/MNIST/raw")]
    public void The_raw_folder_is_found(string path)
    {
        Write("data/MNIST/raw", "train", [3, 1]);
        Write("data/MNIST/raw", "t10k", [7]);
        _folder.Put("data/MNIST/raw/train-images-idx3-ubyte.gz", [1, 2, 3]); // is not read
        var options = Options with { Path = _folder[path] };
        Assert.Equal("idx", DataSets.Recognize(options.Path!));
        using var train = DataSets.Open(options);
        using var test = DataSets.Open(options with { Split = "test" });
        Assert.Equal((2, 1, 3), (train.Count, test.Count, train.Label(0)));
        Assert.Equal(7, test.Read(0)[0]);
    }

    [Theory]
    [InlineData("set.zip")]
    [InlineData("set.tar")]
    [InlineData("set.tar.gz")]
    public void Archives_are_read(string name)
    {
        Write("data/MNIST/raw", "train", [3, 1]);
        if (name == "set.zip") ZipFile.CreateFromDirectory(_folder["data"], _folder[name]);
        else if (name == "set.tar") TarFile.CreateFromDirectory(_folder["data"], _folder[name], includeBaseDirectory: false);
        else CifarWriter.TarGz(_folder["data"], _folder[name]);
        var options = Options with { Path = _folder[name] };
        Assert.Equal("idx", DataSets.Recognize(options.Path!));
        using var source = DataSets.Open(options);
        Assert.Equal(1, source.Read(1)[0]);
        Assert.Contains($"There is no t10k-images-idx3-ubyte, nor t10k-images-idx3-ubyte.gz, in {options.Path}",
            Reading.Fails(options with { Split = "test" }).Message);
    }

    [Fact]
    public void Several_folders_are_told_and_the_outermost_counts()
    {
        Write("data/MNIST/raw", "train", [3]);
        Write("data/FashionMNIST/raw", "train", [4]);
        Assert.Contains("holds several sets, in FashionMNIST/raw, MNIST/raw. Give one's folder.", Reading.Fails(Options).Message);
        Write("data", "train", [5]);
        using var source = DataSets.Open(Options);
        Assert.Equal(5, source.Label(0));
    }

    /// <summary>Stored with rows and columns exchanged: without turning them, a training draws letters that lie on their side.</summary>
    [Fact]
    public void Emnist_stands_upright()
    {
        WriteFile("data/emnist-digits-train-images-idx3-ubyte.gz", [1, 2, 3], [1, 2, 3, 4, 5, 6]);
        var options = Options with { Fit = "stretch", Size = 6 };
        using var upright = DataSets.Open(options);
        Assert.Equal("EMNIST stores its pictures with rows and columns exchanged: emnist-digits's are turned upright " +
            "(data.transpose: auto).", Assert.Single(upright.Notes));
        using var lying = DataSets.Open(options with { Transpose = "never" });
        using var asked = DataSets.Open(options with { Transpose = "always", Limit = 1 });
        Assert.Empty(lying.Notes);
        Assert.Empty(asked.Notes);
        for (var y = 0; y < 6; y++)
            for (var x = 0; x < 6; x++) Assert.Equal(lying.Read(0)[x * 6 + y], upright.Read(0)[y * 6 + x]);
        Assert.Equal(upright.Read(0), asked.Read(0));
        Assert.NotEqual(lying.Fingerprint, upright.Fingerprint);
        // 2 rows of 3 become 3 rows of 2.
        using var own = IdxPictures.Open(Options, default);
        var pixels = new byte[6];
        own.Read(0, pixels);
        Assert.Equal((new ImageShape(1, 3, 2), "1,4,2,5,3,6"), (own.Shape, string.Join(',', pixels)));
    }

    [Fact]
    public void Other_files_are_as_they_are_stored()
    {
        WriteFile("data/train-images-idx3-ubyte", [1, 4, 4], [.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        using var source = DataSets.Open(Options);
        Assert.Empty(source.Notes);
        Assert.Equal([0, 1, 2], source.Read(0)[..3]);
        using var turned = DataSets.Open(Options with { Transpose = "always" });
        Assert.Equal([0, 4, 8], turned.Read(0)[..3]);
        Assert.Contains("transpose is 'left', but must be one of auto",
            Reading.Fails(Options with { Transpose = "left" }).Message);
    }

    /// <summary>EMNIST's archive gzip.zip holds six sets.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_of_several_sets_is_chosen_by_name(bool zip)
    {
        foreach (var (set, labels) in new[] { ("letters", new byte[] { 1, 26 }), ("balanced", [0, 46]), ("mnist", [9, 9]) })
        {
            Write("gzip/gzip", $"emnist-{set}-train", labels, ".gz");
            Write("gzip/gzip", $"emnist-{set}-test", labels, ".gz");
        }
        if (zip) ZipFile.CreateFromDirectory(_folder["gzip"], _folder["gzip.zip"]);
        var options = Options with { Path = _folder[zip ? "gzip.zip" : "gzip"] };
        Assert.Equal("idx", DataSets.Recognize(options.Path!));
        Assert.Contains("holds several sets: balanced, letters, mnist. Say which (data.subset).", Reading.Fails(options).Message);
        Assert.Contains("There is no set 'greek' in", Reading.Fails(options with { Subset = "greek" }).Message);
        using var letters = DataSets.Open(options with { Subset = "letters" });
        using var balanced = DataSets.Open(options with { Subset = "balanced", Split = "test" });
        using var digits = DataSets.Open(options with { Subset = "emnist-mnist", Split = "all" });
        Assert.Equal(("A", "Z", 26, "emnist-letters"),
            (letters.Classes[letters.Label(0)], letters.Classes[letters.Label(1)], letters.Classes.Count, letters.Name));
        Assert.Equal(("0", "t", 47), (balanced.Classes[balanced.Label(0)], balanced.Classes[balanced.Label(1)], balanced.Classes.Count));
        Assert.Equal((4, 10), (digits.Count, digits.Classes.Count));
        Assert.Contains("subsets are of idx files", Reading.Fails(new DataOptions { Subset = "letters" }).Message);
    }

    [SharedFact(Case)]
    public void Case_14_is_turned_upright_and_says_so()
    {
        var options = Options with { Path = Path.Combine(Repository.Shared, Case) };
        using var source = DataSets.Open(options);
        using var stored = DataSets.Open(options with { Transpose = "never" });
        Assert.Single(source.Notes);
        var (pixels, other) = (source.Read(0), stored.Read(0));
        for (var y = 0; y < 28; y++)
            for (var x = 0; x < 28; x++) Assert.Equal(other[x * 28 + y], pixels[y * 28 + x]);
        Assert.NotEqual(other, pixels);
    }

    /// <summary>Pictures of 4 x 4 that are filled with their label, and the labels.</summary>
    private void Write(string folder, string prefix, byte[] labels, string ending = "")
    {
        WriteFile($"{folder}/{prefix}-images-idx3-ubyte{ending}", [labels.Length, 4, 4],
            [.. labels.SelectMany(label => Enumerable.Repeat(label, 16))]);
        WriteFile($"{folder}/{prefix}-labels-idx1-ubyte{ending}", [labels.Length], labels);
    }

    private void WriteFile(string name, int[] sizes, byte[] content)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        var file = (byte[])[.. header, .. content];
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            _folder.Put(name, file);
            return;
        }
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(file);
        _folder.Put(name, packed.ToArray());
    }
}
