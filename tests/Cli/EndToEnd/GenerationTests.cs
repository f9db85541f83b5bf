using System.Runtime.InteropServices;

namespace GanPipeline.Cli.Tests;

/// <summary>gan generate in shards, by the actual program.</summary>
public sealed class GenerationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Model => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    public void Dispose() => _folder.Dispose();

    private static Outcome Gan(params string[] arguments) => InProcess.Gan(arguments);

    [Fact]
    public void Parts_and_the_whole_are_the_same_and_are_verified()
    {
        string[] job = ["generate", Model, "--format", "tar", "--count", "50", "--seeds", "0-2,9", "--shard-size", "60", "--json"];
        var whole = Gan([.. job, "--out", _folder["whole"]]);
        Assert.True(whole.Code == 0, whole.ToString());
        Assert.Equal((200, 200, 4, "0/1"),
            ((int)whole.Json["count"]!, (int)whole.Json["total"]!, (int)whole.Json["shards"]!, (string)whole.Json["part"]!));
        Assert.Equal(0, Gan([.. job, "--out", _folder["parts"], "--shard", "1/2"]).Code);

        var verify = Gan("generate", "--verify", _folder["parts"]);
        Assert.Equal(1, verify.Code);
        Assert.Contains("2 are missing (00000, 00002)", verify.Error, StringComparison.Ordinal);
        Assert.Equal(0, Gan([.. job, "--out", _folder["parts"], "--shard", "0/2"]).Code);
        Assert.Equal(0, Gan("generate", "--verify", _folder["parts"]).Code);
        foreach (var file in Directory.GetFiles(_folder["whole"]))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["parts"], Path.GetFileName(file))));
    }

    [Fact]
    public void Many_pictures_go_into_subfolders()
    {
        var made = Gan("generate", Model, "--count", "10001", "--out", _folder["many"]);
        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal(10_001, Directory.GetFiles(_folder["many/00000"]).Length); // and the labels
        Assert.Equal(2, Directory.GetFiles(_folder["many/00001"]).Length);
    }

    /// <summary>All rows of a file, unless it is said how many; pictures of another truncation are others.</summary>
    [Fact]
    public void Latents_of_a_file_and_truncated_ones()
    {
        const int rows = 30, size = 6;
        var latents = new float[rows * size];
        Latents.Truncated(3, 0, size, 0.5f, latents);
        File.WriteAllBytes(_folder["latents.npy"],
            [.. NpyHeader.Of(NpyHeader.Float32, rows, size), .. MemoryMarshal.AsBytes(latents.AsSpan())]);
        string[] job = ["generate", Model, "--seed", "3", "--format", "npy", "--json"];
        var all = Gan([.. job, "--latents", _folder["latents.npy"], "--out", _folder["file"]]);
        Assert.True(all.Code == 0, all.ToString());
        Assert.Equal(rows, (int)all.Json["count"]!);
        Assert.Equal(0, Gan([.. job, "--count", $"{rows}", "--truncation", "0.5", "--out", _folder["drawn"]]).Code);
        Assert.Equal(File.ReadAllBytes(_folder["drawn/00000.npy"]), File.ReadAllBytes(_folder["file/00000.npy"]));
        var some = Gan([.. job, "--latents", _folder["latents.npy"], "--first", "10", "--out", _folder["some"]]);
        Assert.Equal(20, (int)some.Json["count"]!);

        string[] plain = ["generate", Model, "--count", "4", "--out", _folder["plain"]];
        Assert.Equal(0, Gan([.. plain, "--truncation", "0.5"]).Code);
        var other = Gan(plain);
        Assert.Equal(2, other.Code);
        Assert.Contains("another model, seed, label or truncation", other.Error, StringComparison.Ordinal);
    }

    /// <summary>Killed at any moment, and begun again, a job is what it would have been.</summary>
    [Fact]
    public void A_killed_job_goes_on()
    {
        string[] Job(string folder) =>
            ["generate", Model, "--format", "png", "--count", "6000", "--shard-size", "300", "--out", _folder[folder]];
        Assert.Equal(0, Gan(Job("whole")).Code);
        for (var kill = 0; kill < 4; kill++)
        {
            using var process = GanProgram.Start(_folder.Path, Job("killed"));
            // From before the first shard to well into the job.
            Thread.Sleep(300 + 250 * kill);
            process.Kill();
            process.Wait();
        }
        Assert.Equal(0, Gan(Job("killed")).Code);
        string[] Names(string folder) => [.. Directory.GetFiles(_folder[folder], "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder[folder], file)).Order(StringComparer.Ordinal)];
        Assert.Equal(Names("whole"), Names("killed"));
        Assert.All(Names("whole"), name =>
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{name}"]), File.ReadAllBytes(_folder[$"killed/{name}"])));
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_line()
    {
        Told("needs a model", "generate", "--count", "3");
        Told("--format must be png, jpeg, tar, npy, npz, idx or parquet", "generate", Model, "--format", "gif");
        Told("--seeds must be numbers or ranges", "generate", Model, "--seeds", "3-1");
        Told("--truncation must be a number of at least 0.01", "generate", Model, "--truncation", "0");
        Told("There is no file", "generate", Model, "--latents", _folder["none.npy"], "--out", _folder["x"]);
        Told("There is no part 8 of 8", "generate", Model, "--shard", "8/8");
        Told("no cluster says which part", "generate", Model, "--shards", "4");
        Told("from 1 to 10,000 images", "generate", Model, "--format", "png", "--shard-size", "20000", "--out", _folder["x"]);
        Told("no shards", "generate", Model, "--grid", "--format", "tar");
        Told("holds no shards of a job", "generate", "--verify", _folder["none"]);
        Assert.Equal(0, Gan("generate", Model, "--format", "npy", "--count", "5", "--out", _folder["job"]).Code);
        Told("is of another job: total 5 there, 6 here; count 5 there, 6 here", "generate", Model, "--format", "npy", "--count", "6",
            "--out", _folder["job"]);

        static void Told(string expected, params string[] arguments)
        {
            var outcome = Gan(arguments);
            Assert.True(outcome.Code == 2, outcome.ToString());
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        }
    }
}
