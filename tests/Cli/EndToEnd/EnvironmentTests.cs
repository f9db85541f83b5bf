using System.Globalization;

namespace GanPipeline.Cli.Tests;

/// <summary>What surrounds the program decides nothing: decimal commas, no home, another time zone. A read-only disk is told.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private static readonly string _model = Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private readonly TinyWorld _world = new();

    [Fact]
    public void In_a_culture_with_decimal_commas_everything_is_the_same()
    {
        var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (commas.NumberFormat.NumberDecimalSeparator, commas.NumberFormat.NumberGroupSeparator) = (",", ".");
        commas.NumberFormat.NegativeSign = "\u2212";
        commas.DateTimeFormat.DateSeparator = ".";
        var plain = Outputs("plain");
        var before = (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (commas, commas);
            Assert.Equal("1,5", $"{1.5}");
            Assert.Equal(plain, Outputs("commas"));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = before;
        }
        foreach (var file in Directory.GetFiles(_world["plain"]))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_world["commas"], Path.GetFileName(file))));
    }

    private string[] Outputs(string folder)
    {
        string[] pipelines = ["--file", Path.Combine(Repository.Root, "pipelines.yaml")];
        string[][] commands =
        [
            ["show", "quickstart", "--json", "--set", "train.learning-rate=2.5e-4", "--set", "data.bricks.yaw=[-10.5, 20]", .. pipelines],
            ["show", "quickstart", .. pipelines], ["list", .. pipelines], ["inspect", _model, "--json"], ["inspect", _model],
            ["data", "render", "bricks", "--count", "4", "--size", "16", "--set", "pitch=[30.5, 40]", "--out", _world[folder + "-bricks"]],
            ["generate", _model, "--count", "3", "--out", _world[folder]],
        ];
        var outcomes = commands.Select(command => InProcess.Gan(command)).ToArray();
        Assert.All(outcomes, outcome => Assert.True(outcome.Code == 0, outcome.ToString()));
        // The last two end with times and the folder's name.
        return [.. outcomes[..^2].Select(outcome => outcome.Output), File.ReadAllText(_world[folder + "-bricks/attributes.csv"])];
    }

    [UnixFact]
    public void Without_a_home_and_in_another_time_zone_a_run_is_the_same()
    {
        _world.GanOk("run", "tiny");
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = _world["nowhere"], ["TZ"] = "Pacific/Chatham", ["LC_ALL"] = "tr_TR.UTF-8", ["TERM"] = "", ["COLUMNS"] = "7",
        };
        var outcome = GanProgram.RunUnder([], environment, _world.Path, "run", "tiny", "--out", "runs/other");
        Assert.True(outcome.Code == 0, outcome.ToString());
        foreach (var file in new[] { "samples/grid.png", "train/samples/step-0000000006.png" })
            Assert.Equal(File.ReadAllBytes(_world.Run(file)), File.ReadAllBytes(_world["runs/other/" + file]));
        Assert.False(Directory.Exists(_world["nowhere"]));
    }

    /// <summary>
    /// Threads that spin for milliseconds made a training beside another one ten times slower. OpenMP reads what it is told when it is
    /// loaded, which may be anywhere where TorchSharp is used first.
    /// </summary>
    [Theory]
    [InlineData("judge")]
    [InlineData("words")]
    public void Trainings_of_every_kind_leave_the_processor_to_others(string pipeline)
    {
        // GNU's OpenMP, which libtorch for Linux brings, prints what it was told.
        if (!OperatingSystem.IsLinux()) return;
        File.AppendAllText(_world["pipelines.yaml"], """

              judge:
                kind: classifier
                data: { kind: bricks, size: 8, limit: 32, classes: [brick 1x1, brick 2x4] }
                architecture: { feature-count: 8, filters: 4 }
                train: { epochs: 1, batch-size: 16, device: cpu, threads: 1 }
              words:
                kind: text-encoder
                data: { kind: bricks, size: 16, channels: 3, limit: 32, captions: sentences, bricks: { colors: [red, blue] } }
                architecture: { embedding-size: 4, token-size: 4, state-size: 4, filters: 4, length: 20 }
                train: { epochs: 1, batch-size: 16, device: cpu, threads: 1 }
                evaluate: { candidates: 2 }
            """);
        var outcome = GanProgram.RunUnder(
            [], new Dictionary<string, string> { ["OMP_DISPLAY_ENV"] = "verbose" }, _world.Path, "train", pipeline);
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.Contains("GOMP_SPINCOUNT = '3000'", outcome.Error, StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void A_disk_that_is_read_only_is_told()
    {
        using var disk = new SmallDisk(_world["disk"], kilobytes: 600);
        Directory.CreateDirectory(_world["disk/run"]);
        Peers.Run("mount", "-o", "remount,ro", _world["disk"]);
        foreach (var command in new[] { new[] { "run", "tiny", "--out", "disk/run" }, ["generate", _model, "--out", "disk/pictures"] })
        {
            var outcome = _world.Gan(command);
            Assert.True(outcome.Code == 1, outcome.ToString());
            Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("mistake in the program", outcome.Error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _world.Dispose();
}
