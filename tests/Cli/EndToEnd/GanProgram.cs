using System.Diagnostics;
using System.Text.Json.Nodes;

namespace GanPipeline.Cli.Tests;

/// <summary>The actual program, as a user starts it.</summary>
internal sealed class GanProgram : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _error;

    private GanProgram(string folder, string[] args, string[] under, IReadOnlyDictionary<string, string> environment)
    {
        string[] command = [.. under, "dotnet", Repository.Gan, .. args];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["GAN_ROOT"] = Repository.Root;
        // Tests run beside other tests; one thread each is fastest there.
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static GanProgram Start(string folder, params string[] args) => new(folder, args, [], new Dictionary<string, string>());

    /// <summary>Starts the program with other environment variables, and as the argument of another program.</summary>
    public static GanProgram StartUnder(string[] under, IReadOnlyDictionary<string, string> environment, string folder,
        params string[] args) => new(folder, args, under, environment);

    /// <summary>Runs it likewise.</summary>
    public static Outcome RunUnder(string[] under, IReadOnlyDictionary<string, string> environment, string folder, params string[] args)
    {
        using var program = StartUnder(under, environment, folder, args);
        return program.Wait();
    }

    public static Outcome Run(string folder, params string[] args)
    {
        using var program = Start(folder, args);
        return program.Wait();
    }

    public Outcome Wait()
    {
        if (!_process.WaitForExit(TimeSpan.FromMinutes(4)))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException("gan did not end.");
        }
        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>Whether it ends within that time.</summary>
    public bool WaitFor(TimeSpan time) => _process.WaitForExit(time);

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

/// <summary>A folder with a pipelines file whose networks train in a second.</summary>
internal sealed class TinyWorld : IDisposable
{
    // What a training would choose by a measurement, another way each time.
    private const string Fixed = "threads: 1, precision: float32";

    public const string Yaml = $$"""
        pipelines:
          tiny:
            description: A test
            data: { kind: bricks, size: 32, count: 64 }
            architecture: { name: dcgan, filters: 4, latent-size: 8 }
            train: { steps: 6, batch-size: 8, log-every: 2, sample-every: 3, sample-count: 4, checkpoint-every: 3, device: cpu, {{Fixed}} }
            sample: { count: 3, grid: 4, batch-size: 4 }
            evaluate: { copies: 100 }
        """;

    private readonly TemporaryFolder _folder = new();

    public TinyWorld() => File.WriteAllText(this["pipelines.yaml"], Yaml);

    public string Path => _folder.Path;

    public string this[string relative] => _folder[relative];

    public string Run(string relative) => System.IO.Path.Combine(Path, "runs", "tiny", relative);

    public JsonObject Summary => JsonNode.Parse(File.ReadAllText(Run("summary.json")))!.AsObject();

    public Outcome Gan(params string[] args) => GanProgram.Run(Path, args);

    public Outcome GanOk(params string[] args)
    {
        var outcome = Gan(args);
        Assert.True(outcome.Code == 0, outcome.ToString());
        return outcome;
    }

    public void Dispose() => _folder.Dispose();
}
