using System.Globalization;
using System.Runtime.InteropServices;
using GanPipeline.Inference;
using Google.Protobuf;
using Onnx;
using ParquetSharp;

namespace GanPipeline.Jobs.Tests;

[Collection("Full disk")]
public sealed class FeatureJobTests : IDisposable
{
    private static readonly LabelField _kind = LabelField.Categorical("class", ["ant", "bee, wild"]);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<FeatureShardFormat> Formats => [.. Enum.GetValues<FeatureShardFormat>()];

    private static string Model => Path.Combine(Repository.Root, "tests", "Inference", "models", "features.onnx");

    public void Dispose() => _folder.Dispose();

    /// <summary>Shards and batches with an end of the data in them; pictures that cannot be read in two shards of three.</summary>
    private static ListSource Source() => new(50, [3, 4, 41], [_kind], hasFiles: true);

    private FeatureJobOptions Options(FeatureShardFormat format, string folder = "out") => new()
    {
        ModelFile = Model, Folder = _folder[folder], Format = format, ShardSize = 20, Model = new() { BatchSize = 7 },
    };

    private static (JobResult Result, int Skipped) Run(FeatureJobOptions options, ListSource? source = null)
    {
        using var job = FeatureJob.Open(options, source ?? Source());
        return (job.Run(), job.Skipped);
    }

    /// <summary>The features of a picture, as the library gives them.</summary>
    private static float[] Expected(int index)
    {
        using var model = FeatureModel.Load(Model);
        var (bytes, pixels) = (new byte[model.ImageSize], new float[model.ImageSize]);
        Source().TryRead(index, bytes);
        PixelValues.ToFloats(bytes, pixels);
        return model.Extract(new ImageTensor(pixels, 1, model.Channels, model.Height, model.Width));
    }

    // A product of 96 numbers, added in another order.
    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])));
    }

    private Dictionary<string, byte[]> Files(string folder) => Directory.GetFiles(_folder[folder])
        .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    private void AssertSame(string expected, string actual)
    {
        var (here, there) = (Files(expected), Files(actual));
        Assert.Equal(here.Keys.Order(StringComparer.Ordinal), there.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, content) in here) Assert.True(content.AsSpan().SequenceEqual(there[name]), name);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Parts_are_together_the_whole_job(FeatureShardFormat format)
    {
        var (result, skipped) = Run(Options(format));
        Assert.Equal((50, 3, 0, 3), (result.Images, result.Shards, result.Kept, skipped));
        foreach (var part in new[] { 1, 0 }) Run(Options(format, "parts") with { Part = new(part, 2) });
        AssertSame("out", "parts");
        Assert.Equal(3, Run(Options(format, "parts")).Result.Kept);
        var check = JobCheck.Of(_folder["parts"]);
        Assert.True(check.IsWhole, string.Join(", ", check.Damaged));
        File.Delete(_folder["parts/00001.sha256"]);
        Assert.Equal([1], JobCheck.Of(_folder["parts"]).Missing);
        Assert.Equal(1, Run(Options(format, "parts")).Result.Shards);
        AssertSame("out", "parts");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_job_goes_on_behind_its_last_whole_shard(FeatureShardFormat format)
    {
        Run(Options(format));
        for (var after = 1; after < 8; after += 3)
        {
            var folder = $"stopped-{after}";
            using (var job = FeatureJob.Open(Options(format, folder), Source()))
            {
                using var stop = new CancellationTokenSource();
                var batches = 0;
                Assert.ThrowsAny<OperationCanceledException>(() => job.Run(_ =>
                {
                    if (batches++ == after) stop.Cancel();
                }, stop.Token));
            }
            Run(Options(format, folder));
            AssertSame("out", folder);
        }
    }

    [Fact]
    public void Npy_files_have_features_indices_and_classes()
    {
        Run(Options(FeatureShardFormat.Npy));
        long[] indices = [0, 1, 2, .. Enumerable.Range(5, 15)];
        Assert.Equal(indices, Values<long>("00000-index.npy", NpyHeader.Int64, [18]));
        var rows = Values<float>("00000.npy", NpyHeader.Float32, [18, 5]).Chunk(5).ToArray();
        foreach (var (index, row) in indices.Zip(rows)) AssertClose(Expected((int)index), row);
        Assert.Equal(indices.Select(index => (int)index % 2), Values<int>("00000-labels.npy", NpyHeader.Int32, [18]));
        // The last one has no class.
        Assert.Equal([0, 0, 1, 0, 1, 0, 1, 0, -1], Values<int>("00002-labels.npy", NpyHeader.Int32, [9]));
        Assert.Equal(5 * 20, Values<float>("00001.npy", NpyHeader.Float32, [20, 5]).Length);
    }

    /// <summary>Several attributes are numbers in a matrix; no attributes, no file of them.</summary>
    [Fact]
    public void Npy_files_have_the_values_of_attributes()
    {
        Run(Options(FeatureShardFormat.Npy), new ListSource(3, null, [_kind, LabelField.Numeric("angle", 10, 20)]));
        Assert.Equal([0, 10, 1, 11, -1, 10], Values<float>("00000-labels.npy", NpyHeader.Float32, [3, 2]));
        Run(Options(FeatureShardFormat.Npy, "plain"), new ListSource(3));
        Assert.Equal(["00000-index.npy", "00000.npy", "00000.sha256", "job.json"], Files("plain").Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_csv_file_has_names_and_numbers_that_are_exact()
    {
        Run(Options(FeatureShardFormat.Npy, "npy"));
        Run(Options(FeatureShardFormat.Csv));
        var lines = File.ReadAllLines(_folder["out/00002.csv"]);
        Assert.Equal("index,file,class,f0,f1,f2,f3,f4", lines[0]);
        Assert.StartsWith("40,\"a,b/40.png\",ant,", lines[1], StringComparison.Ordinal);
        // 41 cannot be read.
        Assert.StartsWith("42,\"a,b/42.png\",ant,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("49,\"a,b/49.png\",,", lines[^1], StringComparison.Ordinal);
        Assert.Equal(1 + 9, lines.Length);
        var numbers = lines.Skip(1).SelectMany(line => line.Split(',')[^5..]).Select(v => float.Parse(v, CultureInfo.InvariantCulture));
        Assert.Equal(Values<float>("00002.npy", NpyHeader.Float32, [9, 5], "npy"), numbers);
    }

    /// <summary>As Apache Arrow reads it.</summary>
    [Fact]
    public void A_parquet_file_has_lists_of_features()
    {
        Run(Options(FeatureShardFormat.Npy, "npy"));
        Run(Options(FeatureShardFormat.Parquet));
        using var file = new ParquetFileReader(_folder["out/00002.parquet"]);
        using var rows = file.RowGroup(0);
        Assert.Equal([40, 42, 43, 44, 45, 46, 47, 48, 49], Column<long>(0));
        Assert.Equal("a,b/42.png", Column<string>(1)[1]);
        Assert.Equal(["ant", "ant", "bee, wild", "ant", "bee, wild", "ant", "bee, wild", "ant", ""], Column<string>(2));
        var features = Column<float[]>(3);
        Assert.All(features, row => Assert.Equal(5, row.Length));
        Assert.Equal(Values<float>("00002.npy", NpyHeader.Float32, [9, 5], "npy"), features.SelectMany(row => row));

        T[] Column<T>(int index) => rows.Column(index).LogicalReader<T>().ReadAll(9);
    }

    [Fact]
    public void Another_job_is_refused_by_what_differs()
    {
        Run(Options(FeatureShardFormat.Csv));
        Refused("dataHash \"f\" there, \"g\" here", Options(FeatureShardFormat.Csv), new(50, [3, 4, 41], [_kind]) { Fingerprint = "g" });
        Refused("format \"Csv\" there, \"Npy\" here", Options(FeatureShardFormat.Npy), Source());
        Refused("output \"features\" there, \"logit\" here", Options(FeatureShardFormat.Csv) with { Output = "logit" }, Source());
        // A folder of generated images is no folder of features.
        using (GenerationJob.Open(new GenerationOptions { ModelFile = Generator, Folder = _folder["images"] }))
            Refused("job \"generation\" there, \"features\" here", Options(FeatureShardFormat.Csv, "images"), Source());

        static void Refused(string why, FeatureJobOptions options, ListSource source) => Assert.Contains(
            why, Assert.Throws<JobException>(() => FeatureJob.Open(options, source)).Message, StringComparison.Ordinal);
    }

    private static string Generator => Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx");

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var options = Options(FeatureShardFormat.Npy);
        var shape = Path.Combine(Repository.Root, "models", "cifar10-dcgan", "features.onnx");
        var error = Assert.Throws<ModelException>(() => FeatureJob.Open(options with { ModelFile = shape }, Source()));
        Assert.Contains("reads images [3, 32, 32], but those of noise are [3, 4, 8]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FeatureJob.Open(options with { ShardSize = 0 }, Source()));
        Assert.Throws<ModelException>(() => FeatureJob.Open(options with { ModelFile = Generator }, Source()));
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Features_that_are_no_numbers_are_told()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Model));
        // So large that a sum overflows.
        foreach (var weight in model.Graph.Initializer.Where(tensor => tensor.Name == "weight"))
        {
            var values = MemoryMarshal.Cast<byte, float>(weight.RawData.ToByteArray().AsSpan()).ToArray();
            weight.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes([.. values.Select(v => v * 1e38f)]));
        }
        File.WriteAllBytes(_folder["large.onnx"], model.ToByteArray());
        var error = Assert.ThrowsAny<Exception>(() => Run(Options(FeatureShardFormat.Npy) with { ModelFile = _folder["large.onnx"] }));
        Assert.Contains("large.onnx", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["out"], "0*"));
    }

    /// <summary>
    /// The disk is full in the middle of a shard. .NET locks files that it writes, and there is one /dev/full for all: classes that
    /// write there are in the collection "Full disk", so that they run one after the other.
    /// </summary>
    [UnixFact]
    public void A_full_disk_is_told_and_the_job_goes_on_later()
    {
        foreach (var (format, extension) in new[] { (FeatureShardFormat.Npy, "npy"), (FeatureShardFormat.Csv, "csv"),
            (FeatureShardFormat.Parquet, "parquet") })
        {
            var folder = format.ToString();
            using var job = FeatureJob.Open(Options(format, folder), Source());
            File.CreateSymbolicLink(_folder[$"{folder}/.00001.{extension}.tmp"], "/dev/full");
            var error = Assert.Throws<IOException>(() => job.Run());
            Assert.Contains("Shard 00001 cannot be written", error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_folder[folder], ".*"));
            Assert.Equal(1, job.Run().Kept);
            Assert.True(JobCheck.Of(_folder[folder]).IsWhole);
        }
    }

    /// <summary>As on a disk that has no place for one more file.</summary>
    [UnixFact]
    public void A_shard_that_cannot_be_created_is_told()
    {
        using var job = FeatureJob.Open(Options(FeatureShardFormat.Npy), Source());
        File.CreateSymbolicLink(_folder["out/.00001.npy.tmp"], _folder["none/file"]);
        var error = Assert.Throws<IOException>(() => job.Run());
        Assert.Contains("Shard 00001 cannot be written", error.Message, StringComparison.Ordinal);
        File.Delete(_folder["out/.00001.npy.tmp"]);
        Assert.Equal(1, job.Run().Kept);
    }

    /// <summary>No picture can be read: a table without rows.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Pictures_of_which_none_can_be_read_have_no_rows(FeatureShardFormat format)
    {
        var (result, skipped) = Run(Options(format), new ListSource(2, [0, 1]));
        Assert.Equal((2, 2), (result.Images, skipped));
        Assert.True(JobCheck.Of(_folder["out"]).IsWhole);
        if (format == FeatureShardFormat.Npy) Values<float>("00000.npy", NpyHeader.Float32, [0, 5]);
    }

    private T[] Values<T>(string name, string type, long[] shape, string folder = "out") where T : struct
    {
        using var file = File.OpenRead(_folder[$"{folder}/{name}"]);
        var header = NpyHeader.Read(file);
        Assert.Equal((type, string.Join(", ", shape)), (header.Type, string.Join(", ", header.Shape)));
        file.Position = header.Length;
        using var content = new MemoryStream();
        file.CopyTo(content);
        return MemoryMarshal.Cast<byte, T>(content.ToArray()).ToArray();
    }
}
