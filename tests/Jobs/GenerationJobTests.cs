using System.Runtime.InteropServices;
using GanPipeline.Inference;

namespace GanPipeline.Jobs.Tests;

[Collection("Full disk")]
public sealed class GenerationJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ImageShardFormat> Formats => [.. Enum.GetValues<ImageShardFormat>()];

    private static string Conditional => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private static string Plain => Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx");

    public void Dispose() => _folder.Dispose();

    /// <summary>Seeds of 70 images in shards of 40 and batches of 16: shards and batches with a seed's end in them.</summary>
    private GenerationOptions Options(ImageShardFormat format, string folder = "out") => new()
    {
        ModelFile = Conditional, Folder = _folder[folder], Count = 70, Seeds = [5, -3, 12], First = 3, Format = format, ShardSize = 40,
        Model = new() { BatchSize = 16 },
    };

    private static JobResult Run(GenerationOptions options, Action<JobProgress>? progress = null)
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
    public void Parts_are_together_the_whole_job(ImageShardFormat format)
    {
        Assert.Equal((210, 6, 0), Told(Run(Options(format))));
        // In any order.
        foreach (var part in new[] { 2, 0, 1 })
            Assert.Equal(2, Run(Options(format, "parts") with { Part = new(part, 3) }).Shards);
        AssertSame("out", "parts");
        Assert.Equal((0, 0, 6), Told(Run(Options(format, "parts"))));
        Assert.True(JobCheck.Of(_folder["parts"]).IsWhole);

        static (long, long, long) Told(JobResult result) => (result.Images, result.Shards, result.Kept);
    }

    /// <summary>Image i of a seed is that of <see cref="GeneratorModel.SamplePixels"/>, and so is its label.</summary>
    [Fact]
    public void Images_are_those_of_the_seeds()
    {
        Run(Options(ImageShardFormat.Npy));
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
    private IEnumerable<byte[]> Numbers(string folder, string kind, int shards = 6) => Enumerable.Range(0, shards).Select(shard =>
    {
        var bytes = File.ReadAllBytes(_folder[$"{folder}/{shard:D5}{kind}.npy"]);
        return bytes[(10 + BitConverter.ToUInt16(bytes, 8))..];
    });

    /// <summary>Stopped after any batch and begun again, a job is what it would have been.</summary>
    [Theory]
    [InlineData(ImageShardFormat.Png)]
    [InlineData(ImageShardFormat.Tar)]
    [InlineData(ImageShardFormat.Npz)]
    public void A_job_goes_on_behind_its_last_whole_shard(ImageShardFormat format)
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
        using var job = GenerationJob.Open(Options(ImageShardFormat.Tar));
        Assert.Throws<DivideByZeroException>(() => job.Run(progress =>
        {
            if (progress.Done > 50) throw new DivideByZeroException();
        }));
        Assert.Equal(5, job.Run().Shards);
    }

    [Fact]
    public void Another_job_is_refused_by_what_differs()
    {
        Run(Options(ImageShardFormat.Idx));
        Refused("count 70 there, 71 here", Options(ImageShardFormat.Idx) with { Count = 71 });
        Refused("seeds", Options(ImageShardFormat.Idx) with { Seeds = [5] });
        Refused("format \"Idx\" there, \"Npy\" here", Options(ImageShardFormat.Npy));
        Refused("batchSize", Options(ImageShardFormat.Idx) with { Model = new() { BatchSize = 8 } });
        Refused("modelHash", Options(ImageShardFormat.Idx) with { ModelFile = Plain });
        // Parts are of the same job, and so is a model under another name.
        File.Copy(Conditional, _folder["renamed.onnx"]);
        Assert.Equal(2, Run(Options(ImageShardFormat.Idx) with { ModelFile = _folder["renamed.onnx"], Part = new(1, 3) }).Kept);
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full/mine.txt"], "");
        Refused("mine.txt", Options(ImageShardFormat.Idx, "full"));

        static void Refused(string why, GenerationOptions options) => Assert.Contains(
            why, Assert.Throws<JobException>(() => GenerationJob.Open(options)).Message, StringComparison.Ordinal);
    }

    /// <summary>Latents of a file, of either type, give the images of the same latents; a row of the file is an image's index.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Latents_come_from_a_file(bool isDouble)
    {
        const int rows = 90, size = 6;
        var latents = Latents.Normal(21, 0, rows, size);
        Save("latents.npy", isDouble ? "<f8" : "<f4", [rows, size],
            isDouble ? Bytes([.. latents.Select(v => (double)v)]) : Bytes(latents));
        var options = Options(ImageShardFormat.Npy) with { LatentsFile = _folder["latents.npy"], Seeds = [5], Count = 80, First = 10 };
        Run(options with { Part = new(1, 2) });
        Run(options with { Part = new(0, 2) });
        using var model = GeneratorModel.Load(Conditional, options.Model);
        var labels = model.LabelVectors(80, 5, first: 10);
        var expected = new byte[80 * model.ImageSize];
        for (var at = 0; at < 80; at += 40)
        {
            model.GeneratePixels(latents.AsSpan((10 + at) * size, 40 * size), labels.AsSpan(at * model.LabelSize, 40 * model.LabelSize),
                expected.AsSpan(at * model.ImageSize, 40 * model.ImageSize));
        }
        Assert.Equal(expected, Numbers("out", "", shards: 2).SelectMany(shard => shard));
        // The job knows its latents.
        latents[^1]++;
        Save("latents.npy", "<f4", [rows, size], Bytes(latents));
        Assert.Contains("latentsHash", Assert.Throws<JobException>(() => Run(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Latents_that_do_not_fit_are_told()
    {
        var options = Options(ImageShardFormat.Npy) with { LatentsFile = _folder["latents.npy"], Seeds = [5], Count = 4, First = 0 };
        Told("There is no file");
        Save("latents.npy", "<f4", [4, 5], Bytes(new float[20]));
        Told("holds <f4 [4, 5]; latents of this generator are <f4 or <f8 [N, 6]");
        Save("latents.npy", "<i4", [4, 6], Bytes(new float[24]));
        Told("holds <i4 [4, 6]");
        Save("latents.npy", "<f4", [3, 6], Bytes(new float[18]));
        Told("holds 3 latents: there are no 4 from 0 on");
        Save("latents.npy", "<f4", [4, 6], Bytes(new float[23]));
        Told("is cut short");
        var values = new float[24];
        values[13] = float.NaN;
        Save("latents.npy", "<f4", [4, 6], Bytes(values));
        Told("Latent 2 of");
        File.WriteAllText(_folder["latents.npy"], "z");
        Told("holds no latents: it is no NumPy array");

        void Told(string why) => Assert.Contains(
            why, Assert.Throws<JobException>(() => Run(options)).Message, StringComparison.Ordinal);
    }

    private void Save(string name, string type, long[] shape, byte[] values) =>
        File.WriteAllBytes(_folder[name], [.. NpyHeader.Of(type, shape), .. values]);

    private static byte[] Bytes<T>(T[] values) where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>The images are those of truncated latents, and a job with another truncation is another job.</summary>
    [Fact]
    public void Truncation_belongs_to_the_job()
    {
        var options = Options(ImageShardFormat.Npy) with
        {
            Seeds = [5], Count = 40, First = 0, Model = new() { BatchSize = 16, Truncation = 0.5f },
        };
        Run(options);
        using var model = GeneratorModel.Load(Conditional, options.Model);
        Assert.Equal(model.SamplePixels(40, 5), Numbers("out", "", shards: 1).Single());
        Assert.NotEqual(model.SamplePixels(40, 6), Numbers("out", "", shards: 1).Single());
        var other = options with { Model = new() { BatchSize = 16 } };
        var error = Assert.Throws<JobException>(() => Run(other));
        Assert.Contains("truncation 0.5 there, null here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_do_not_make_the_same_shard()
    {
        using var job = GenerationJob.Open(Options(ImageShardFormat.Tar));
        using (new FileStream(_folder["out/.00002.lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            var error = Assert.Throws<JobException>(() => job.Run());
            Assert.Contains("Shard 00002", error.Message, StringComparison.Ordinal);
        }
        // What was whole before stays.
        Assert.Equal(2, job.Run().Kept);
        Assert.True(JobCheck.Of(_folder["out"]).IsWhole);
    }

    /// <summary>A process that was killed behind a shard's record, before it let go, leaves its lock; the next removes it.</summary>
    [Fact]
    public void The_lock_of_a_killed_process_goes()
    {
        using var job = GenerationJob.Open(Options(ImageShardFormat.Tar));
        job.Run();
        File.WriteAllText(_folder["out/.00001.lock"], "");
        job.Run();
        Assert.Empty(Directory.GetFiles(_folder["out"], ".*"));
    }

    /// <summary>The disk is full in the middle of a shard: the error says which, and nothing of it is left.</summary>
    [UnixFact]
    public void A_full_disk_is_told_and_the_job_goes_on_later()
    {
        (ImageShardFormat, string)[] files =
        [
            (ImageShardFormat.Tar, ".00002.tar.tmp"), (ImageShardFormat.Npz, ".00002.npz.tmp"), (ImageShardFormat.Npy, ".00002.npy.tmp"),
            (ImageShardFormat.Parquet, ".00002.parquet.tmp"),
        ];
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
        Run(Options(ImageShardFormat.Png) with { Part = new(0, 2) });
        var check = JobCheck.Of(_folder["out"]);
        Assert.Equal([1, 3, 5], check.Missing);
        Assert.Empty(check.Damaged);
        // What a process that was killed was writing.
        File.WriteAllText(_folder["out/.00001.sha256.abcdefgh.tmp"], "");
        Directory.CreateDirectory(_folder["out/.00003.tmp"]);
        File.WriteAllText(_folder["out/.00003.tmp/1.png"], "");
        Run(Options(ImageShardFormat.Png));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["out"], ".*"));
        File.AppendAllText(_folder["out/00002/000000085.png"], "x");
        File.Delete(_folder["out/00004/labels.csv"]);
        check = JobCheck.Of(_folder["out"]);
        Assert.Equal([(2, "00002/000000085.png"), (4, "00004/labels.csv")], check.Damaged);
        Assert.False(check.IsWhole);
        Assert.Throws<JobException>(() => JobCheck.Of(_folder["none"]));
    }

    [Fact]
    public void Options_out_of_range_are_told()
    {
        Wrong(nameof(GenerationOptions.Count), Options(ImageShardFormat.Png) with { Count = 0 });
        Wrong(nameof(GenerationOptions.Seeds), Options(ImageShardFormat.Png) with { Seeds = [1, 1] });
        Wrong(nameof(GenerationOptions.Seeds), Options(ImageShardFormat.Png) with { LatentsFile = "latents.npy" });
        Wrong(nameof(ModelOptions.Truncation), Options(ImageShardFormat.Png) with { Model = new() { Truncation = 0 } });
        Wrong(nameof(GenerationOptions.ShardSize), Options(ImageShardFormat.Png) with { ShardSize = 10_001 });
        Wrong(nameof(GenerationOptions.First), Options(ImageShardFormat.Png) with { First = -1 });
        Assert.Contains("owl", Assert.Throws<ArgumentException>(() =>
            GenerationJob.Open(Options(ImageShardFormat.Png) with { Labels = ["owl"] })).Message, StringComparison.Ordinal);
        // A mistake leaves no folder behind.
        Assert.False(Directory.Exists(_folder["out"]));

        static void Wrong(string member, GenerationOptions options) =>
            Assert.Equal(member, Assert.ThrowsAny<ArgumentException>(() => GenerationJob.Open(options)).ParamName);
    }
}
