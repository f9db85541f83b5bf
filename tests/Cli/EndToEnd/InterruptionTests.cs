using System.Diagnostics;

namespace GanPipeline.Cli.Tests;

/// <summary>Runs that are killed or asked to stop, and go on by themselves.</summary>
public sealed class InterruptionTests : IDisposable
{
    private static readonly string[] _long
        = ["run", "--set", "train.steps=400", "--set", "train.checkpoint-every=4", "--set", "train.sample-every=200"];
    private readonly TinyWorld _world = new();

    private string[] Checkpoints
        => Directory.Exists(_world.Run("train/checkpoints")) ? Directory.GetDirectories(_world.Run("train/checkpoints"), "step-*") : [];

    private void WaitForCheckpoint(GanProgram program)
    {
        for (var watch = Stopwatch.StartNew(); Checkpoints.Length == 0; Thread.Sleep(5))
            Assert.False(program.HasExited || watch.Elapsed > TimeSpan.FromMinutes(3), "no checkpoint came");
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_last_checkpoint_and_says_so()
    {
        using (var program = GanProgram.Start(_world.Path, _long))
        {
            WaitForCheckpoint(program);
            program.Kill();
            program.Wait();
        }
        var again = _world.GanOk(_long);
        Assert.Matches("train: Goes on from step [0-9]+ of 400, where an earlier run stopped.", again.Output);
        Assert.Equal(400, (long)_world.Summary["stages"]!["train"]!["steps"]!);
        Assert.True((long)_world.Summary["stages"]!["train"]!["resumedFrom"]! >= 4);
        Assert.Equal(0, File.ReadLines(_world.Run("train/metrics.jsonl")).Count(string.IsNullOrWhiteSpace));
    }

    [Fact]
    public void A_killed_classifier_goes_on_too()
    {
        File.AppendAllText(_world["pipelines.yaml"], """

              judge:
                kind: classifier
                data: { kind: bricks, size: 8, limit: 1000 }
                architecture: { reads: [form, studs-long], feature-count: 8, filters: 4 }
                train: { epochs: 12, batch-size: 16, log-every: 1, checkpoint-every: 5, device: cpu, threads: 1 }
            """);
        string[] run = ["run", "judge", "--out", "runs/tiny", "--json"];
        using (var program = GanProgram.Start(_world.Path, run))
        {
            WaitForCheckpoint(program);
            program.Kill();
            program.Wait();
        }
        var again = _world.GanOk(run);
        Assert.Matches("Goes on from step [0-9]+ of 750, where an earlier run stopped.", again.Error);
        var train = again.Json["stages"]!["train"]!;
        Assert.InRange((long)train["resumedFrom"]!, 5, 749);
        Assert.Equal(["form", "studs-long"], train["accuracies"]!.AsObject().Select(a => a.Key));
        Assert.Equal(
            Enumerable.Range(1, 750),
            File.ReadLines(_world.Run("train/metrics.jsonl")).Select(l => (int)System.Text.Json.Nodes.JsonNode.Parse(l)!["step"]!));
        using var reader = GanPipeline.Inference.ClassifierModel.Load(_world.Run("models/classifier.onnx"));
        Assert.Equal(["form", "studs-long"], reader.Fields.Select(f => f.Name));
        Assert.Contains(
            "| form | brick, plate, tile, slope | ",
            File.ReadAllText(_world.Run("models/README.md")),
            StringComparison.Ordinal);
    }

    // From a terminal and from the program that started it comes the same request twice.
    [PeerTheory("kill", "-0", "1")]
    [InlineData("kill -TERM $0")]
    [InlineData("kill -TERM $0; sleep 0.05; kill -TERM $0")]
    public void An_interrupt_leaves_a_whole_checkpoint_of_the_step_in_hand(string interrupt)
    {
        Outcome stopped;
        using (var program = GanProgram.Start(_world.Path, _long))
        {
            WaitForCheckpoint(program);
            // Control-C's signal is ignored by a program that was started in the background; both end in the same place.
            Peers.Run("sh", "-c", interrupt, $"{program.Id}");
            stopped = program.Wait();
        }
        Assert.True(stopped.Code == 1, stopped.ToString());
        Assert.Matches("Stopped after [0-9]+ of 400 steps. The same command goes on from there.", stopped.Error);
        var step = long.Parse(
            System.Text.RegularExpressions.Regex.Match(stopped.Error, "after ([0-9]+) of").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(Checkpoints, c => c.EndsWith($"step-{step:D10}", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", stopped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_do_not_write_one_folder()
    {
        Directory.CreateDirectory(_world.Run(""));
        using var held = new FileStream(_world.Run(".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var outcome = _world.Gan("run");
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith(
            $"Another gan is working in {Path.Combine("runs", "tiny")}. Wait until it is done",
            outcome.Error,
            StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();
}
