using System.Diagnostics;
using System.Text.RegularExpressions;

namespace GanPipeline.Bench;

/// <summary>One of the project's web servers as a process, once it has said where it listens.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="project">As its folder of built files is called.</param>
    /// <param name="arguments">Of its command line.</param>
    /// <exception cref="BenchmarkException">It does not start.</exception>
    public ServerProcess(string project, params string[] arguments)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "release", $"{project}.dll"));
        var dotnet = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        _process = Process.Start(new ProcessStartInfo(dotnet, [program, .. arguments]) { RedirectStandardOutput = true })!;
        Match address;
        do
        {
            var line = _process.StandardOutput.ReadLine() ?? throw new BenchmarkException($"{project} does not start");
            address = Listening().Match(line);
        } while (!address.Success);
        // Nobody reads the rest, but a full pipe would hold the server up.
        _ = _process.StandardOutput.ReadToEndAsync();
        Client = new() { BaseAddress = new(address.Value) };
    }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>Its memory.</summary>
    public long Bytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();
}
