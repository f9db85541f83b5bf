using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GanPipeline.Cli.Tests;

/// <summary>gan in two processes, as mpirun of each kind starts it: one run, one training, one teller.</summary>
public sealed class MpiTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public MpiTests() => File.AppendAllText(_world["pipelines.yaml"], """

          judge:
            kind: classifier
            data: { kind: bricks, size: 8, limit: 100 }
        """);

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void Two_processes_make_the_run_of_one(MpiKind kind)
    {
        using var alone = new TinyWorld();
        alone.GanOk("run");
        var run = GanOk(kind, "run", "--json");
        var json = run.Json;
        Assert.Equal(["train", "export", "sample", "report"], json["ran"]!.AsArray().Select(stage => (string)stage!));
        Assert.Equal((2, 6), ((int)json["stages"]!["train"]!["processes"]!, (int)json["stages"]!["train"]!["steps"]!));
        Assert.Null(alone.Summary["stages"]!["train"]!["processes"]);
        Assert.Equal(Names(alone), Names(_world));
        Assert.Single(Regex.Matches(run.Error, "2 processes train together over .*, each with 1 thread and 4 images of a batch."));
        Assert.Equal(3, File.ReadLines(_world.Run("train/metrics.jsonl")).Count());

        var again = GanOk(kind, "run");
        Assert.Contains("train: unchanged.", again.Output, StringComparison.Ordinal);
        var longer = _world.GanOk("run", "--set", "train.steps=8");
        Assert.Contains("Goes on from step 6 of 8", longer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi, 2, "pipelines.yaml has no pipeline \"nothing\"", "run", "nothing")]
    [MpiData(MpiKind.Mpich, 2, "pipelines.yaml has no pipeline \"nothing\"", "run", "nothing")]
    [MpiData(MpiKind.Mpich, 2, "A batch of 7 images cannot be divided among 2 processes", "run", "--set", "train.batch-size=7")]
    [MpiData(MpiKind.OpenMpi, 2, "data.path: there is no", "train", "tiny", "--set", "data.kind=folder", "--set", "data.path=missing")]
    [MpiData(MpiKind.Mpich, 2, "--dry-run measures the training of one process", "run", "--dry-run")]
    [MpiData(MpiKind.Mpich, 2, "judge is a classifier, which one process trains", "run", "judge")]
    [MpiData(MpiKind.OpenMpi, 1, "Training diverged", "run", "--set", "train.learning-rate=1e30", "--set", "train.steps=40")]
    public void What_is_wrong_is_told_once(MpiKind kind, int code, string message, params string[] args)
    {
        var outcome = Gan(kind, args);
        Assert.True(outcome.Code == code, outcome.ToString());
        Assert.True(Regex.Count(outcome.Error, Regex.Escape(message)) == 1, outcome.ToString());
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi)]
    [MpiData(MpiKind.Mpich)]
    public void A_later_stage_that_fails_ends_all(MpiKind kind)
    {
        Directory.CreateDirectory(_world.Run(""));
        File.WriteAllText(_world.Run("models"), "in the way");
        var outcome = Gan(kind, "run");
        Assert.True(outcome.Code == 1, outcome.ToString());
        Assert.True(File.Exists(Path.Combine(_world.Run("train/checkpoints"), "step-0000000006", "checkpoint.json")));
    }

    [Theory]
    [MpiData(MpiKind.OpenMpi, 0)]
    [MpiData(MpiKind.OpenMpi, 1)]
    [MpiData(MpiKind.Mpich, 0)]
    [MpiData(MpiKind.Mpich, 1)]
    public void A_request_to_stop_in_one_process_stops_all_at_one_step(MpiKind kind, int rank)
    {
        var mark = $"gan-test-{Guid.NewGuid():N}";
        var environment = new Dictionary<string, string>(MpiLauncher.Environment) { ["GAN_TEST_MARK"] = mark };
        Outcome stopped;
        using (var program = GanProgram.StartUnder(MpiLauncher.Command(kind), environment, _world.Path,
            "run", "--set", "train.steps=100000", "--set", "train.checkpoint-every=4", "--set", "train.sample-every=0"))
        {
            for (var watch = Stopwatch.StartNew(); !HasCheckpoint; Thread.Sleep(5))
                Assert.False(program.HasExited || watch.Elapsed > TimeSpan.FromMinutes(3), "no checkpoint came");
            Peers.Run("kill", "-TERM", $"{Find(mark, rank)}");
            stopped = program.Wait();
        }
        Assert.True(stopped.Code == 1, stopped.ToString());
        var step = Regex.Match(stopped.Error, "Stopped after ([0-9,]+) of 100,000 steps").Groups[1].Value;
        Assert.True(step.Length > 0, stopped.ToString());
        var more = long.Parse(step, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) + 2;
        var again = _world.GanOk("run", "--set", $"train.steps={more}");
        Assert.Contains($"Goes on from step {step} of ", again.Output, StringComparison.Ordinal);
    }

    /// <summary>The script of samples/cluster, on a Slurm of one node.</summary>
    [Theory]
    [MpiData(MpiKind.OpenMpi, "pmix", OnSlurm = true)]
    [MpiData(MpiKind.Mpich, "pmi2", OnSlurm = true)]
    public void Slurm_starts_processes_that_train_together(MpiKind kind, string way)
    {
        using var slurm = new SmallSlurm();
        string[] options =
        [
            "--wait", "--ntasks=2", "--cpus-per-task=1", $"--chdir={_world.Path}", $"--output={_world["job.log"]}", "--open-mode=append",
            $"--export=ALL,GAN=dotnet {Repository.Gan},GAN_ROOT={Repository.Root},GAN_MPI={way}",
        ];
        var script = Path.Combine(Repository.Root, "samples", "cluster", "train.slurm");
        var (code, output, error) = slurm.Run("sbatch", [.. options, script, "tiny"]);
        Assert.True(code == 0, output + error + Log());
        Assert.Matches($"2 processes train together over {(kind == MpiKind.Mpich ? "MPICH" : "Open MPI")} .*, each with 1 thread", Log());
        Assert.Equal(2, (int)_world.Summary["stages"]!["train"]!["processes"]!);

        // The library of the other kind, as where srun was given the wrong way.
        options[^1] += $",GAN_MPI_LIBRARY={(kind == MpiKind.Mpich ? "libmpi.so.40" : "libmpich.so.12")}";
        (code, _, _) = slurm.Run("sbatch", [.. options, script, "tiny", "--set", "train.steps=8"]);
        Assert.NotEqual(0, code);
        // Open MPI's library says it itself.
        Assert.Matches(kind == MpiKind.Mpich ? "direct launched using \"srun\"" : "sees 1: the launcher belongs to another MPI", Log());

        string Log() => File.Exists(_world["job.log"]) ? File.ReadAllText(_world["job.log"]) : "";
    }

    [Fact]
    public void Without_a_launcher_nothing_of_MPI_is_loaded()
    {
        var outcome = GanProgram.RunUnder([], new Dictionary<string, string> { ["GAN_MPI_LIBRARY"] = "/nowhere" }, _world.Path, "run");
        Assert.True(outcome.Code == 0, outcome.ToString());
    }

    private bool HasCheckpoint => Directory.Exists(_world.Run("train/checkpoints"))
        && Directory.EnumerateDirectories(_world.Run("train/checkpoints"), "step-*").Any();

    private Outcome Gan(MpiKind kind, params string[] args) =>
        GanProgram.RunUnder(MpiLauncher.Command(kind), MpiLauncher.Environment, _world.Path, args);

    private Outcome GanOk(MpiKind kind, params string[] args)
    {
        var outcome = Gan(kind, args);
        Assert.True(outcome.Code == 0, outcome.ToString());
        return outcome;
    }

    private static string[] Names(TinyWorld world) =>
    [
        .. Directory.EnumerateFiles(world.Run(""), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(world.Path, file)).Order(),
    ];

    /// <summary>The process of a rank, by its environment.</summary>
    private static int Find(string mark, int rank)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                var variables = File.ReadAllText(Path.Combine(process, "environ")).Split('\0');
                if (variables.Contains($"GAN_TEST_MARK={mark}")
                    && (variables.Contains($"OMPI_COMM_WORLD_RANK={rank}") || variables.Contains($"PMI_RANK={rank}")))
                    return int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Of another user, or gone.
            }
        }
        throw new InvalidOperationException($"no process of rank {rank}");
    }

    public void Dispose() => _world.Dispose();
}
