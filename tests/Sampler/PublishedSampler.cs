using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanPipeline.Sampler.Tests;

/// <summary>gan-sample as native code, in a folder of its own.</summary>
public sealed class PublishedSampler : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _program;

    public PublishedSampler() => _program = new(Publish);

    public string Folder => Path.GetDirectoryName(_program.Value)!;

    /// <summary>Runs it without .NET on the machine: nothing that leads to one is in its environment.</summary>
    public (int Code, string Output, string Error) Run(string folder, params string[] arguments) =>
        Run(_program.Value, folder, new Dictionary<string, string?> { ["PATH"] = "", ["DOTNET_ROOT"] = null }, arguments);

    public void Dispose() => _folder.Dispose();

    private string Publish()
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Environment.ProcessPath!;
        var (code, output, error) = Run(dotnet, Repository.Root, new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" },
            "publish", "src/Sampler", "--runtime", RuntimeInformation.RuntimeIdentifier, "--output", _folder["published"], "-v", "quiet",
            "--nologo", $"-p:ArtifactsPath={_folder["artifacts"]}");
        Assert.True(code == 0, output + error);
        return _folder["published/gan-sample"];
    }

    private static (int Code, string Output, string Error) Run(
        string program, string folder, Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(key);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(10)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end.");
        }
        return (process.ExitCode, output.Result, error.Result);
    }
}
