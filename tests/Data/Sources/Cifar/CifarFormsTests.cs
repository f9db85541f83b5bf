using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>CIFAR-10 and CIFAR-100 in every form that their authors publish: the pictures are the same.</summary>
public sealed class CifarFormsTests : IDisposable
{
    private const string Cases = "cases/13-cifar-other-forms";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool> Forms => new()
    {
        { "cifar-10-batches-bin", true }, { "", true }, { "set.tar.gz", true }, { "set.zip", true },
        { "cifar-10-batches-py", false }, { "", false }, { "set.tar.gz", false }, { "set.zip", false },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void Cifar10_is_read_in_each_form(string path, bool binary)
    {
        var inner = binary ? "cifar-10-batches-bin" : "cifar-10-batches-py";
        CifarWriter.WriteTen(_folder[$"data/{inner}"], binary);
        var options = new DataOptions { Kind = "cifar10", Path = Packed(inner, path) };
        Assert.Equal("cifar10", DataSets.Recognize(options.Path!));
        using var train = DataSets.Open(options);
        using var test = DataSets.Open(options with { Split = "test" });
        using var all = DataSets.Open(options with { Split = "all" });
        Assert.Equal((10, 1, 11, new ImageShape(3, 32, 32)), (train.Count, test.Count, all.Count, train.Shape));
        Assert.Equal(Enumerable.Range(0, 10), Enumerable.Range(0, 10).Select(train.Label));
        Assert.Equal(("cifar10", "truck", 7), (train.Name, train.Classes[9], test.Label(0)));
        for (var i = 0; i < 10; i++)
            Assert.Equal([10 * i, 10 * i + 1, 10 * i + 2], train.Read(i).Chunk(1024).Select(plane => (int)plane.Distinct().Single()));

        // It is the same data in whichever form, so that a training goes on with another.
        CifarWriter.WriteTen(_folder["other"], !binary);
        using var other = DataSets.Open(options with { Path = _folder["other"] });
        Assert.Equal(train.Fingerprint, other.Fingerprint);
        Assert.NotEqual(train.Fingerprint, all.Fingerprint);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "set.tar.gz")]
    [InlineData(false, "")]
    [InlineData(false, "set.tar.gz")]
    public void Cifar100_has_fine_and_coarse_labels(bool binary, string path)
    {
        CifarWriter.WriteHundred(_folder["data/cifar-100"], binary);
        var options = new DataOptions { Kind = "cifar100", Path = Packed("cifar-100", path) };
        Assert.Equal("cifar100", DataSets.Recognize(options.Path!));
        using var train = DataSets.Open(options);
        using var test = DataSets.Open(options with { Split = "test" });
        Assert.Equal((3, 1, 100), (train.Count, test.Count, train.Classes.Count));
        Assert.Equal(["apple", "worm", "bed"], Enumerable.Range(0, 3).Select(i => train.Classes[train.Label(i)]));
        Assert.Equal([0, 99, 5], Enumerable.Range(0, 3).Select(i => (int)train.Read(i)[0]));
        Assert.Equal(["superclass", "class"], train.Attributes.Select(a => a.Name));
        var values = new float[2];
        train.ReadAttributes(1, values);
        Assert.Equal(("non-insect_invertebrates", 99f), (train.Attributes[0].Values[(int)values[0]], values[1]));
        using var worms = DataSets.Open(options with { Classes = ["worm"] });
        worms.ReadAttributes(0, values);
        Assert.Equal([13f, 0f], values);
    }

    [Fact]
    public void The_classes_are_as_many_as_the_sets_names()
    {
        Assert.Equal((10, 20, 100), (CifarNames.Ten.Count, CifarNames.Twenty.Distinct().Count(), CifarNames.Hundred.Distinct().Count()));
        Assert.Equal(CifarNames.Hundred.Order(StringComparer.Ordinal), CifarNames.Hundred);
        Assert.Equal(CifarNames.Twenty.Order(StringComparer.Ordinal), CifarNames.Twenty);
    }

    [Fact]
    public void A_kind_that_does_not_fit_is_told_with_the_one_that_does()
    {
        CifarWriter.WriteHundred(_folder["hundred"], binary: false);
        CifarWriter.WriteTen(_folder["ten"], binary: false);
        var (hundred, ten) = (new DataOptions { Path = _folder["hundred"] }, new DataOptions { Path = _folder["ten"] });
        foreach (var kind in (string[])["cifar10", "folder", "idx"])
            Assert.Contains("holds CIFAR-100 files: open it as data of kind cifar100", Reading.Fails(hundred with { Kind = kind }).Message);
        foreach (var kind in (string[])["cifar100", "folder", "idx"])
            Assert.Contains("holds CIFAR-10 files: open it as data of kind cifar10", Reading.Fails(ten with { Kind = kind }).Message);
    }

    [Fact]
    public void What_is_not_read_is_told_with_what_is()
    {
        _folder.Put("matlab/cifar-10-batches-mat/data_batch_1.mat", [1, 2, 3]);
        _folder.Put("hundred/train.mat", [1, 2, 3]);
        CifarWriter.WriteTen(_folder["ten"], binary: false);
        Assert.Equal("cifar10", DataSets.Recognize(_folder["matlab"]));
        Assert.Contains("holds CIFAR-10 in Matlab's form, which is not read: take its binary or Python version",
            Reading.Fails(new() { Kind = "cifar10", Path = _folder["matlab"] }).Message);
        Assert.Contains("holds CIFAR-100 in Matlab's form", Reading.Fails(new() { Kind = "cifar100", Path = _folder["hundred"] }).Message);
        Assert.Equal("cifar10", DataSets.Recognize(_folder["ten/data_batch_1"]));
        Assert.Contains("data_batch_1 is one of CIFAR-10's files: give the folder that it lies in",
            Reading.Fails(new() { Kind = "cifar10", Path = _folder["ten/data_batch_1"] }).Message);
    }

    /// <summary>Python's names for CIFAR-100's files are common words.</summary>
    [Fact]
    public void Files_that_are_only_named_alike_are_not_taken_for_a_known_set()
    {
        _folder.Put("pictures/train", [1, 2, 3]);
        _folder.Put("pictures/test.bin", new byte[100]);
        _folder.Put("pictures/a.png", Reading.Png(4, 4, 1, 2, 3));
        Assert.Equal("folder", DataSets.Recognize(_folder["pictures"]));
        Assert.Equal("folder", DataSets.Recognize(_folder["nowhere"]));
        _folder.Put("cut.tar.gz", [0x1F, 0x8B, 8, 0, 0, 0]);
        Assert.Equal("folder", DataSets.Recognize(_folder["cut.tar.gz"]));
    }

    [Fact]
    public void Damage_in_the_Python_form_is_told()
    {
        CifarWriter.WriteTen(_folder["py"], binary: false);
        var options = new DataOptions { Kind = "cifar10", Path = _folder["py"] };
        var whole = File.ReadAllBytes(_folder["py/data_batch_2"]);
        Told("data_batch_2 cannot be read as CIFAR-10's Python form: it is cut short", whole[..^1000]);
        Told("does not begin as a pickle", whole[1..]);
        Told("its 'data' must be an array of bytes, N x 3072, but there is none", PickleWriter.Dictionary(("labels", new[] { 1 })));
        Told("but it is one of 2 x 1536 of the type u1", PickleWriter.Dictionary(("labels", new[] { 1, 2 }),
            ("data", (new byte[3072], new[] { 2, 1536 }))));
        Told("has no list of numbers 'labels'", PickleWriter.Dictionary(("data", (new byte[3072], new[] { 1, 3072 }))));
        Told("has 1 pictures, but 2 'labels'", PickleWriter.Dictionary(("data", (new byte[3072], new[] { 1, 3072 })),
            ("labels", new[] { 1, 2 })));
        Told("picture 0 has the label 10, but there are 10 classes", PickleWriter.Dictionary(("data", (new byte[3072], new[] { 1, 3072 })),
            ("labels", new[] { 10 })));
        Told("has the label 300 among its 'labels'", PickleWriter.Dictionary(("data", (new byte[3072], new[] { 1, 3072 })),
            ("labels", new[] { 300 })));
        Told("it names posix.system, which is no part of an array", new PickleWriter().Global("posix", "system").End());
        File.Delete(_folder["py/data_batch_2"]);
        Assert.Contains("CIFAR-10's file data_batch_2 is missing in", Reading.Fails(options).Message);

        void Told(string expected, byte[] content)
        {
            File.WriteAllBytes(_folder["py/data_batch_2"], content);
            Assert.Contains(expected, Reading.Fails(options).Message);
        }
    }

    [SharedTheory(Cases)]
    [InlineData("cifar-10-batches-py", "cifar10", 10)]
    [InlineData("cifar-10-binary.tar.gz", "cifar10", 10)]
    [InlineData("cifar-100-binary", "cifar100", 4)]
    public void Case_13_is_read(string path, string kind, int count)
    {
        var options = new DataOptions { Kind = kind, Path = Path.Combine(Repository.Shared, Cases, path) };
        Assert.Equal(kind, DataSets.Recognize(options.Path!));
        using var source = DataSets.Open(options);
        Assert.Equal((count, count), (source.Count, source.ReadAll().Length));
    }

    [SharedFact(Cases)]
    public void Case_13s_empty_test_batch_is_told()
    {
        var options = new DataOptions { Kind = "cifar10", Path = Path.Combine(Repository.Shared, Cases, "cifar-10-batches-py") };
        Assert.Contains("test_batch is not CIFAR-10's: its 'data' must be", Reading.Fails(options with { Split = "test" }).Message);
    }

    private string Packed(string inner, string path)
    {
        if (path.EndsWith(".tar.gz", StringComparison.Ordinal)) CifarWriter.TarGz(_folder[$"data/{inner}"], _folder[path]);
        else if (path.EndsWith(".zip", StringComparison.Ordinal)) ZipFile.CreateFromDirectory(_folder["data"], _folder[path]);
        else return Path.Combine(_folder["data"], path);
        return _folder[path];
    }
}
