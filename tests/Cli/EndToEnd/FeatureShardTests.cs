using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Cli.Tests;

/// <summary>gan features with shards, by the program.</summary>
public sealed class FeatureShardTests : IDisposable
{
    private const int Pictures = 400;

    private readonly TemporaryFolder _folder = new();

    public FeatureShardTests()
    {
        var random = new Random(1);
        for (var i = 0; i < Pictures; i++)
        {
            using var image = new Image<Rgb24>(32, 32, new Rgb24((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
            image.SaveAsPng(Path.Combine(Directory.CreateDirectory(_folder[$"pictures/{(i % 2 == 0 ? "even" : "odd")}"]).FullName,
                $"{i:D3}.png"));
        }
        File.WriteAllText(_folder["pictures/odd/broken.png"], "no picture");
    }

    private static string Model => Path.Combine(Repository.Root, "models", "cifar10-dcgan");

    public void Dispose() => _folder.Dispose();

    private static Outcome Gan(params string[] arguments) => InProcess.Gan(arguments);

    private string[] Job(string folder, params string[] more) =>
    [
        "features", Model, "--data", "folder:" + _folder["pictures"], "--split", "all", "--format", "csv", "--shard-size", "50", "--out",
        _folder[folder], .. more,
    ];

    /// <summary>In parts, and killed at any moment and begun again, a job is what it would have been.</summary>
    [Fact]
    public void Parts_and_killed_jobs_are_the_whole()
    {
        var whole = Gan(Job("whole"));
        Assert.True(whole.Code == 0, whole.ToString());
        var lines = Enumerable.Range(0, 9).SelectMany(shard => File.ReadAllLines(_folder[$"whole/{shard:D5}.csv"]).Skip(1)).ToArray();
        Assert.Equal(Pictures, lines.Length);
        Assert.StartsWith("0,even/000.png,even,", lines[0].Replace('\\', '/'), StringComparison.Ordinal);

        foreach (var part in new[] { "1/2", "0/2" }) Assert.Equal(0, Gan(Job("parts", "--shard", part)).Code);
        AssertSame("parts");
        for (var kill = 0; kill < 4; kill++)
        {
            using var process = GanProgram.Start(_folder.Path, Job("killed"));
            Thread.Sleep(300 + 200 * kill);
            process.Kill();
            process.Wait();
        }
        Assert.Equal(0, Gan(Job("killed")).Code);
        AssertSame("killed");
        Assert.Equal(0, Gan("features", "--verify", _folder["killed"]).Code);
        File.AppendAllText(_folder["killed/00003.csv"], "1");
        var damaged = Gan("features", "--verify", _folder["killed"]);
        Assert.Equal(1, damaged.Code);
        Assert.Contains("00003.csv", damaged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_told_what_was_made()
    {
        var outcome = Gan(Job("table", "--json"));
        Assert.Equal(0, outcome.Code);
        Assert.Equal((401, 9, 1, "csv"), ((int)outcome.Json["count"]!, (int)outcome.Json["shards"]!, (int)outcome.Json["skippedImages"]!,
            (string)outcome.Json["format"]!));
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_line()
    {
        Told("--format must be npy, csv or parquet", "features", Model, "--data", "folder:" + _folder["pictures"], "--format", "tar");
        Told("needs a model", "features", "--data", "folder:" + _folder["pictures"]);
        Told("needs pictures", "features", Model);
        Told("holds no shards of a job", "features", "--verify", _folder["none"]);
        Assert.Equal(0, Gan(Job("job")).Code);
        Told("total 401 there, 400 here", Job("job", "--limit", "400"));

        static void Told(string expected, params string[] arguments)
        {
            var outcome = Gan(arguments);
            Assert.True(outcome.Code == 2, outcome.ToString());
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        }
    }

    private void AssertSame(string folder)
    {
        string[] Names(string of) =>
            [.. Directory.GetFiles(_folder[of]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(Names("whole"), Names(folder));
        Assert.All(Names("whole"), name =>
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{name}"]), File.ReadAllBytes(_folder[$"{folder}/{name}"])));
    }
}
