using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace GanPipeline.Cli.Tests;

/// <summary>
/// Whole runs, and generations, are killed at random moments and begun again until they are done. Nothing is lost: they end in the files of
/// those that were left alone. Nothing is torn: whatever has its own name in between is whole. GAN_KILLS asks for more kills.
/// </summary>
public sealed class KilledRunTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int _kills =
        int.Parse(Environment.GetEnvironmentVariable("GAN_KILLS") ?? "4", CultureInfo.InvariantCulture);

    // What depends on the time or on how often it was begun.
    private static readonly string[] _changing =
        ["summary.json", "run.log", "report.html", "metrics.jsonl", "settings.json", "checkpoint.json", ".lock", "README.md"];

    private readonly TinyWorld _quiet = new();
    private readonly Random _random = new(Environment.TickCount);

    [Fact]
    public void Runs_end_in_the_same_files()
    {
        string[] run = ["run", "tiny", "--set", "train.steps=40", "--set", "train.checkpoint-every=10", "--set", "sample.count=40",
            "--set", "evaluate.classifier=" + Path.Combine(Repository.Root, "models", "mnist-classifier"), "--set", "evaluate.samples=100"];
        KillAndCompare(run, "runs/tiny");
    }

    [Fact]
    public void Generations_end_in_the_same_files()
    {
        var model = Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");
        KillAndCompare(["generate", model, "--out", "pictures", "--count", "12000"], "pictures");
    }

    private void KillAndCompare(string[] command, string folder)
    {
        var watch = Stopwatch.StartNew();
        _quiet.GanOk(command);
        var duration = watch.Elapsed;
        for (var kills = 0; kills < _kills;)
        {
            using var world = new TinyWorld();
            var begun = 0;
            while (true)
            {
                using var program = GanProgram.Start(world.Path, command);
                // A run that is never let to its end is killed all along; then it has all the time.
                var wait = kills + begun < _kills && begun < 6 ? duration * _random.NextDouble() : TimeSpan.FromMinutes(3);
                if (program.WaitFor(wait))
                {
                    var ended = program.Wait();
                    Assert.True(ended.Code == 0, ended.ToString());
                    break;
                }
                program.Kill();
                program.Wait();
                begun++;
                output.WriteLine($"killed after {wait.TotalSeconds:0.0} s");
                AssertWhole(world[folder], _quiet[folder]);
            }
            kills += Math.Max(1, begun);
            Assert.Equal(Names(_quiet[folder]), Names(world[folder]));
            Assert.Equal(Metrics(_quiet[folder]), Metrics(world[folder]));
            AssertWhole(world[folder], _quiet[folder]);
        }
    }

    /// <summary>Without those of a checkpoint that a kill left half-written, in a hidden folder that nothing reads.</summary>
    private static string[] Names(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith(".step-", StringComparison.Ordinal)
                && part.EndsWith(".tmp", StringComparison.Ordinal))).Order(),
    ];

    /// <summary>Files of one name are the same, and JSON is JSON. An evolution grows.</summary>
    private static void AssertWhole(string folder, string quiet)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var name in Names(folder))
        {
            var path = Path.Combine(folder, name);
            if (name.EndsWith(".json", StringComparison.Ordinal)) Assert.NotNull(JsonNode.Parse(File.ReadAllText(path)));
            var other = Path.Combine(quiet, name);
            if (_changing.Contains(Path.GetFileName(name)) || name.EndsWith(".gif", StringComparison.Ordinal)) continue;
            if (!File.Exists(other)) continue;
            Assert.True(File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(path)), $"{name} is another file.");
        }
    }

    /// <summary>The metrics of all stages but for times, and for what was verified on inputs that are always new.</summary>
    private static string Metrics(string folder)
    {
        var path = Path.Combine(folder, "summary.json");
        if (!File.Exists(path)) return "";
        var stages = JsonNode.Parse(File.ReadAllText(path))!["stages"]!.AsObject();
        stages.Remove("report");
        foreach (var (_, stage) in stages)
        {
            foreach (var key in new[] { "seconds", "imagesPerSecond", "resumedFrom", "hash", "maxAbsDifference" })
                stage!.AsObject().Remove(key);
        }
        return stages.ToJsonString();
    }

    public void Dispose() => _quiet.Dispose();
}
