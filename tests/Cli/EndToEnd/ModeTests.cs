namespace GanPipeline.Cli.Tests;

/// <summary>Stacked digits, from MNIST's files to the modes of a generator's samples.</summary>
public sealed class ModeTests : IDisposable
{
    private const int Side = 8;

    private readonly TinyWorld _world = new();

    public ModeTests()
    {
        Directory.CreateDirectory(_world["digits"]);
        Write("train", 200);
        Write("t10k", 50);
        File.AppendAllText(_world["pipelines.yaml"], """

              reader:
                kind: classifier
                data: { kind: idx, path: digits, size: 16 }
                architecture: { feature-count: 8 }
                train: { epochs: 1, batch-size: 32, log-every: 2, threads: 1 }
            """);
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_modes_of_samples_are_counted_beside_those_of_real_pictures()
    {
        _world.GanOk("run", "reader");
        string[] stacked = ["--set", "data.kind=stacked-mnist", "--set", "data.path=digits", "--set", "data.count=1200", "--set",
            "evaluate.classifier=runs/reader/models", "--set", "evaluate.samples=100", "--set", "train.evaluate-every=3", "--json"];
        var run = _world.GanOk(["run", "tiny", .. stacked, "--set", "evaluate.mode-samples=1000"]);
        var evaluated = run.Json["stages"]!["evaluate"]!;
        Assert.Equal(24, (int)evaluated["features"]!); // those of three channels
        foreach (var name in new[] { "modes", "realModes" })
        {
            var metrics = evaluated[name]!;
            Assert.Equal((1000, 1000), ((int)metrics["images"]!, (int)metrics["dataModes"]!));
            Assert.InRange((int)metrics["modes"]!, 1, 1000);
            Assert.InRange((double)metrics["klDivergence"]!, 0, Math.Log(1000) + 1e-4);
            Assert.InRange((double)metrics["klError"]!, 0, 1);
        }
        Assert.True((double)run.Json["stages"]!["train"]!["best"]!["frechet"]! > 0);
        Assert.Contains("with a picture at least", File.ReadAllText(_world.Run("report.html")), StringComparison.Ordinal);
        Assert.Contains("of 1,000 modes, KL divergence", File.ReadAllText(_world.Run("models/README.md")), StringComparison.Ordinal);

        Assert.DoesNotContain("evaluate", Ran("1000"));
        Assert.Contains("evaluate", Ran("1100"));

        IEnumerable<string> Ran(string samples) =>
            _world.GanOk(["run", "tiny", .. stacked, "--set", $"evaluate.mode-samples={samples}"]).Json["ran"]!.AsArray()
                .Select(stage => (string)stage!);
    }

    [Fact]
    public void What_cannot_be_counted_is_told_before_the_training()
    {
        string[] stacked = ["run", "tiny", "--set", "data.kind=stacked-mnist", "--set", "data.path=digits", "--set",
            "train.evaluate-every=3", "--set", $"evaluate.classifier={Path.Combine(Repository.Root, "models", "bricks-classifier")}"];
        Refused("that name 0 of the data's 1000 modes, 000 to 999", stacked);
        Refused("The 1000 modes of stacked-mnist need from 1000 to 1,000,000 samples; got 999.",
            [.. stacked, "--set", "evaluate.mode-samples=999"]);
        Refused("channels is 1, but images of stacked-mnist have 3", [.. stacked, "--set", "data.channels=1"]);
        Refused("data.path: is missing: where the MNIST files lie", [.. stacked, "--set", "data.path="]);
        File.Delete(_world["digits/train-labels-idx1-ubyte"]);
        Refused("have no labels, but stacked-mnist needs them", stacked);
        Assert.False(Directory.Exists(_world.Run("train/checkpoints")));

        void Refused(string message, string[] args)
        {
            var outcome = _world.Gan(args);
            Assert.Equal(2, outcome.Code);
            Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Digits of a column each, bright or dim.</summary>
    private void Write(string split, int count)
    {
        var pixels = new byte[count * Side * Side];
        for (var i = 0; i < count; i++)
            for (var y = 0; y < Side; y++) pixels[(i * Side + y) * Side + i % 10 % Side] = (byte)(i % 10 < Side ? 255 : 90);
        File.WriteAllBytes(_world[$"digits/{split}-images-idx3-ubyte"],
            [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, Side, 0, 0, 0, Side, .. pixels]);
        File.WriteAllBytes(_world[$"digits/{split}-labels-idx1-ubyte"],
            [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);
    }
}
