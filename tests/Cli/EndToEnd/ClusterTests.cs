using YamlDotNet.RepresentationModel;

namespace GanPipeline.Cli.Tests;

/// <summary>Batch jobs on clusters, by the files of samples/cluster.</summary>
public sealed class ClusterTests : IDisposable
{
    private const int Shards = 16;

    private readonly TemporaryFolder _folder = new();

    private static string Model => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    public void Dispose() => _folder.Dispose();

    private static string Sample(string name) => Path.Combine(Repository.Root, "samples", "cluster", name);

    private string[] Job(string folder) =>
        [Model, "--count", "48000", "--seed", "7", "--format", "tar", "--shard-size", "3000", "--out", _folder[folder]];

    /// <summary>
    /// An array of four tasks, one of which is killed in the middle of its part and requeued, makes what one process makes.
    /// </summary>
    [PeerFact("/usr/sbin/slurmctld", "-V")]
    public void A_Slurm_array_makes_the_parts_and_a_killed_task_goes_on()
    {
        using var slurm = new SmallSlurm();
        var (code, output, error) = slurm.Run("sbatch", ["--parsable", "--array=0-3", "--cpus-per-task=1",
            $"--output={_folder["task-%a.log"]}", "--open-mode=append",
            $"--export=ALL,GAN=dotnet {Repository.Gan},GAN_ROOT={Repository.Root}", Sample("generate.slurm"), .. Job("array")]);
        Assert.True(code == 0, output + error);
        var id = output.Trim();

        // Task 2 makes shards 2, 6, 10, 14: when it has made one, it is killed and put into the queue again.
        slurm.Wait(() => Directory.Exists(_folder["array"]) && Whole().Any(shard => shard % 4 == 2), "task 2 makes no shard");
        (code, output, error) = slurm.Run("scontrol", "requeue", id + "_2");
        Assert.True(code == 0, output + error);
        slurm.Wait(() => slurm.Run("squeue", "--noheader", "--jobs=" + id).Output.Trim().Length == 0, "the array does not end");

        Assert.True(Whole().Count() == Shards, string.Join('\n', Directory.GetFiles(_folder.Path, "task-*.log").Select(File.ReadAllText)));
        Assert.Equal(0, InProcess.Gan("generate", "--verify", _folder["array"]).Code);
        Assert.Equal(0, InProcess.Gan(["generate", .. Job("whole")]).Code);
        Assert.Equal(Names("whole"), Names("array"));
        Assert.All(Names("whole"), name =>
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{name}"]), File.ReadAllBytes(_folder[$"array/{name}"])));
        // It did not begin anew.
        Assert.Matches("[1-4] shards? (was|were) there", File.ReadAllText(_folder["task-2.log"]));

        IEnumerable<int> Whole() => Directory.GetFiles(_folder["array"], "*.sha256")
            .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The manifest's pods, by the variable that Kubernetes sets in them, make all parts and no more.</summary>
    [Fact]
    public void The_pods_of_an_indexed_job_make_all_parts()
    {
        using var text = File.OpenText(Sample("generate.kubernetes.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        var spec = (YamlMappingNode)yaml.Documents[0].RootNode["spec"];
        Assert.Equal("Indexed", (string?)spec["completionMode"]);
        var pods = int.Parse((string)spec["completions"]!, System.Globalization.CultureInfo.InvariantCulture);
        string[] arguments =
        [
            .. ((YamlSequenceNode)spec["template"]["spec"]["containers"][0]["args"]).Select(argument => ((string)argument!)
                .Replace("/data/generator.onnx", Model, StringComparison.Ordinal)
                .Replace("/data/dataset", _folder["dataset"], StringComparison.Ordinal)
                .Replace("1000000", "800", StringComparison.Ordinal)),
            "--shard-size", "50",
        ];
        Assert.Equal(["--shards", $"{pods}"], arguments[^4..^2]);
        for (var pod = pods - 1; pod >= 0; pod--)
        {
            var environment = new Dictionary<string, string> { ["JOB_COMPLETION_INDEX"] = $"{pod}" };
            var made = GanProgram.RunUnder([], environment, _folder.Path, [.. arguments, "--json"]);
            Assert.True(made.Code == 0, made.ToString());
            Assert.Equal((2, $"{pod}/{pods}"), ((int)made.Json["shards"]!, (string)made.Json["part"]!));
        }
        Assert.Equal(0, InProcess.Gan("generate", "--verify", _folder["dataset"]).Code);
    }

    private string[] Names(string folder) =>
        [.. Directory.GetFiles(_folder[folder]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
