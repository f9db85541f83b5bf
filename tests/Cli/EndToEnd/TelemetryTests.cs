namespace GanPipeline.Cli.Tests;

/// <summary>ONNX Runtime reports nothing to anybody, in a process and a home folder of its own.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly string _generator = Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx");

    /// <summary>ONNX Runtime reports nothing by itself where one of these says that a build server runs it, which would prove nothing
    /// here.</summary>
    private static readonly string[] _buildServers =
    [
        "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "JENKINS_URL", "CODEBUILD_BUILD_ID", "BUILDKITE",
        "TEAMCITY_VERSION", "APPVEYOR", "BITBUCKET_BUILD_NUMBER",
    ];

    private readonly TinyWorld _world = new();

    public TelemetryTests() => Directory.CreateDirectory(_world["home"]);

    public void Dispose() => _world.Dispose();

    private void Run(string[] args, string[]? under = null, string? variable = null)
    {
        var environment = new Dictionary<string, string> { ["HOME"] = _world["home"], ["XDG_CACHE_HOME"] = _world["home/.cache"] };
        foreach (var server in _buildServers) environment[server] = "";
        if (variable is not null) environment[Variable] = variable;
        var outcome = GanProgram.RunUnder(under ?? [], environment, _world.Path, args);
        Assert.True(outcome.Code == 0, outcome.ToString());
    }

    private string[] Traces => [.. Directory.EnumerateFileSystemEntries(_world["home"], "*", SearchOption.AllDirectories)
        .Where(path => path.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase)
            || path.Contains("DeveloperTools", StringComparison.Ordinal))];

    /// <summary>Each of these starts ONNX Runtime in another place: doctor, a generator, the verification of an export.</summary>
    [Fact]
    public void No_command_leaves_a_trace_of_telemetry()
    {
        Run(["doctor"]);
        Assert.Empty(Traces);
        Run(["generate", _generator, "--count", "1"]);
        Assert.Empty(Traces);
        Run(["run", "tiny"]);
        Assert.Empty(Traces);
    }

    [Fact]
    public void What_the_environment_says_goes_before()
    {
        if (!OperatingSystem.IsLinux()) return; // Where ONNX Runtime leaves its traces elsewhere, their absence would say nothing.
        Run(["generate", _generator, "--count", "1"], variable: "0");
        Assert.NotEmpty(Traces);
    }

    [PeerFact("strace", "-V")]
    public void No_host_is_looked_up()
    {
        var log = _world["calls.txt"];
        Run(["generate", _generator, "--count", "1"], under: ["strace", "-f", "-e", "trace=openat,connect,sendto,sendmmsg", "-o", log]);
        var calls = File.ReadAllLines(log);
        Assert.Contains(calls, call => call.Contains("libonnxruntime.so", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => call.Contains("resolv.conf", StringComparison.Ordinal)
            || call.Contains("sin_port=htons(53)", StringComparison.Ordinal) || call.Contains("/etc/hosts", StringComparison.Ordinal));
    }
}
