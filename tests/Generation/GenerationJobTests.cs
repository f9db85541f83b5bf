using GanPipeline.Inference;

namespace GanPipeline.Generation.Tests;

public sealed class GenerationJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ShardFormat> Formats => [.. Enum.GetValues<ShardFormat>()];

    private static string Conditional => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private static string Plain => Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx");

    public void Dispose() => _folder.Dispose();

    /// <summary>Seeds of 70 images in shards of 40 and batches of 16: shards and batches with a seed's end in them.</summary>
    private GenerationOptions Options(ShardFormat format, string folder = "out") => new()
    {
        ModelFile = Conditional, Folder = _folder[folder], Count = 70, Seeds = [5, -3, 12], First = 3, Format = format, ShardSize = 40,
        Model = new() { BatchSize = 16 },
    };

    private static GenerationResult Run(GenerationOptions options, Action<GenerationProgress>? progress = null)
    {
        using var job = GenerationJob.Open(options);
        return job.Run(progress);
    }

    /// <summary>All files, by name.</summary>
    private Dictionary<string, byte[]> Files(string folder) => Directory
        .GetFiles(_folder[folder], "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder[folder], path), File.ReadAllBytes);

    private void AssertSame(string expected, string actual)
    {
        var (here, there) = (Files(expected), Files(actual));
        Assert.Equal(here.Keys.Order(StringComparer.Ordinal), there.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, content) in here) Assert.True(content.AsSpan().SequenceEqual(there[name]), name);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Parts_are_together_the_whole_job(ShardFormat format)
    {
        Assert.Equal((210, 6, 0), Told(Run(Options(format))));
        // In any order.
        foreach (var part in new[] { 2, 0, 1 })
            Assert.Equal(2, Run(Options(format, "parts") with { Part = new(part, 3) }).Shards);
        AssertSame("out", "parts");
        Assert.Equal((0, 0, 6), Told(Run(Options(format, "parts"))));
        Assert.True(JobCheck.Of(_folder["parts"]).IsWhole);

        static (long, long, long) Told(GenerationResult result) => (result.Images, result.Shards, result.Kept);
    }

    /// <summary>Image i of a seed is that of <see cref="GeneratorModel.SamplePixels"/>, and so is its label.</summary>
    [Fact]
    public void Images_are_those_of_the_seeds()
    {
        Run(Options(ShardFormat.Npy));
        using var model = GeneratorModel.Load(Conditional);
        long[] seeds = [5, -3, 12];
        byte[] expected = [.. seeds.SelectMany(seed => model.SamplePixels(70, seed, first: 3))];
        byte[] actual = [.. Numbers("out", "").SelectMany(shard => shard)];
        Assert.Equal(expected.Length, actual.Length);
        // Batches of another size round otherwise.
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -1, 1));
        float[] labels = [.. seeds.SelectMany(seed => model.LabelVectors(70, seed, first: 3))];
        Assert.Equal(labels, Numbers("out", "-labels").SelectMany(shard => shard.Chunk(4)).Select(bytes => BitConverter.ToSingle(bytes)));
    }

    /// <summary>What stands behind the headers of a job's NumPy files.</summary>
    private IEnumerable<byte[]> Numbers(string folder, string kind) => Enumerable.Range(0, 6).Select(shard =>
    {
        var bytes = File.ReadAllBytes(_folder[$"{folder}/{shard:D5}{kind}.npy"]);
        return bytes[(10 + BitConverter.ToUInt16(bytes, 8))..];
    });

    /// <summary>Stopped after any batch and begun again, a job is what it would have been.</summary>
    [Theory]
    [InlineData(ShardFormat.Png)]
    [InlineData(ShardFormat.Tar)]
    [InlineData(ShardFormat.Npz)]
    public void A_job_goes_on_behind_its_last_whole_shard(ShardFormat format)
    {
        Run(Options(format));
        for (var after = 1; after < 16; after += 4)
        {
            var folder = $"stopped-{after}";
            using (var job = GenerationJob.Open(Options(format, folder)))
            {
                using var stop = new CancellationTokenSource();
                var batches = 0;
                Assert.ThrowsAny<OperationCanceledException>(() => job.Run(_ =>
                {
                    if (batches++ == after) stop.Cancel();
                }, stop.Token));
            }
            // Nothing that is not whole has a name.
            Assert.DoesNotContain(Files(folder).Keys, name => name.Contains(".tmp", StringComparison.Ordinal));
            Run(Options(format, folder));
            AssertSame("out", folder);
        }
    }

    /// <summary>An error of the caller's in the middle leaves no lock behind.</summary>
    [Fact]
    public void An_error_leaves_the_job_as_it_was()
    {
        using var job = GenerationJob.Open(Options(ShardFormat.Tar));
        Assert.Throws<DivideByZeroException>(() => job.Run(progress =>
        {
            if (progress.Done > 50) throw new DivideByZeroException();
        }));
        Assert.Equal(5, job.Run().Shards);
    }

    [Fact]
    public void Another_job_is_refused_by_what_differs()
    {
        Run(Options(ShardFormat.Idx));
        Refused("count 70 there, 71 here", Options(ShardFormat.Idx) with { Count = 71 });
        Refused("seeds", Options(ShardFormat.Idx) with { Seeds = [5] });
        Refused("format \"Idx\" there, \"Npy\" here", Options(ShardFormat.Npy));
        Refused("batchSize", Options(ShardFormat.Idx) with { Model = new() { BatchSize = 8 } });
        Refused("modelHash", Options(ShardFormat.Idx) with { ModelFile = Plain });
        // Parts are of the same job, and so is a model under another name.
        File.Copy(Conditional, _folder["renamed.onnx"]);
        Assert.Equal(2, Run(Options(ShardFormat.Idx) with { ModelFile = _folder["renamed.onnx"], Part = new(1, 3) }).Kept);
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full/mine.txt"], "");
        Refused("mine.txt", Options(ShardFormat.Idx, "full"));

        static void Refused(string why, GenerationOptions options) => Assert.Contains(
            why, Assert.Throws<GenerationException>(() => GenerationJob.Open(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_do_not_make_the_same_shard()
    {
        using var job = GenerationJob.Open(Options(ShardFormat.Tar));
        using (new FileStream(_folder["out/.00002.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            var error = Assert.Throws<GenerationException>(() => job.Run());
            Assert.Contains("Shard 00002", error.Message, StringComparison.Ordinal);
        }
        // What was whole before stays.
        Assert.Equal(2, job.Run().Kept);
        Assert.True(JobCheck.Of(_folder["out"]).IsWhole);
    }

    /// <summary>The disk is full in the middle of a shard: the error says which, and nothing of it is left.</summary>
    [UnixFact]
    public void A_full_disk_is_told_and_the_job_goes_on_later()
    {
        (ShardFormat, string)[] files =
            [(ShardFormat.Tar, ".00002.tar.tmp"), (ShardFormat.Npz, ".00002.npz.tmp"), (ShardFormat.Npy, ".00002.npy.tmp")];
        foreach (var (format, file) in files)
        {
            var folder = format.ToString();
            using var job = GenerationJob.Open(Options(format, folder));
            File.CreateSymbolicLink(_folder[$"{folder}/{file}"], "/dev/full");
            var error = Assert.Throws<IOException>(() => job.Run());
            Assert.Contains("Shard 00002 cannot be written", error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_folder[folder], ".*"));
            Assert.Equal(2, job.Run().Kept);
            Assert.True(JobCheck.Of(_folder[folder]).IsWhole);
        }
    }

    [Fact]
    public void A_check_tells_what_is_missing_and_what_is_damaged()
    {
        Run(Options(ShardFormat.Png) with { Part = new(0, 2) });
        var check = JobCheck.Of(_folder["out"]);
        Assert.Equal([1, 3, 5], check.Missing);
        Assert.Empty(check.Damaged);
        // What a process that was killed was writing.
        File.WriteAllText(_folder["out/.00001.sha256.abcdefgh.tmp"], "");
        Directory.CreateDirectory(_folder["out/.00003.tmp"]);
        File.WriteAllText(_folder["out/.00003.tmp/1.png"], "");
        Run(Options(ShardFormat.Png));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["out"], ".*"));
        File.AppendAllText(_folder["out/00002/000000085.png"], "x");
        File.Delete(_folder["out/00004/labels.csv"]);
        check = JobCheck.Of(_folder["out"]);
        Assert.Equal([(2, "00002/000000085.png"), (4, "00004/labels.csv")], check.Damaged);
        Assert.False(check.IsWhole);
        Assert.Throws<GenerationException>(() => JobCheck.Of(_folder["none"]));
    }

    [Fact]
    public void Options_out_of_range_are_told()
    {
        Wrong(nameof(GenerationOptions.Count), Options(ShardFormat.Png) with { Count = 0 });
        Wrong(nameof(GenerationOptions.Seeds), Options(ShardFormat.Png) with { Seeds = [1, 1] });
        Wrong(nameof(GenerationOptions.ShardSize), Options(ShardFormat.Png) with { ShardSize = 10_001 });
        Wrong(nameof(GenerationOptions.First), Options(ShardFormat.Png) with { First = -1 });
        Assert.Contains("owl", Assert.Throws<ArgumentException>(() =>
            GenerationJob.Open(Options(ShardFormat.Png) with { Labels = ["owl"] })).Message, StringComparison.Ordinal);
        // A mistake leaves no folder behind.
        Assert.False(Directory.Exists(_folder["out"]));

        static void Wrong(string member, GenerationOptions options) =>
            Assert.Equal(member, Assert.ThrowsAny<ArgumentException>(() => GenerationJob.Open(options)).ParamName);
    }
}
