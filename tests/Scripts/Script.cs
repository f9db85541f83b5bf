using System.Diagnostics;

namespace GanPipeline.Scripts.Tests;

/// <summary>One of the two entry scripts, called as a user calls it.</summary>
/// <param name="name">gan or gan.ps1.</param>
public sealed class Script(string name)
{
    /// <summary>The dotnet that runs the tests; a PATH of a test may hide it.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Environment.ProcessPath!;

    /// <summary>Whether PowerShell, a dotnet tool that .config/dotnet-tools.json names, is there or can be fetched.</summary>
    public static bool CanRunPowerShell { get; } = Run(Dotnet, ["tool", "restore"], Repository.Root).Code == 0;

    /// <summary>Calls the script of a tree.</summary>
    /// <param name="tree">A checkout, or a folder that looks like one.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="arguments">What the user wrote behind the script's name.</param>
    public Outcome Call(string tree, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        if (name == "gan") return Run("/bin/bash", [Path.Combine(tree, name), .. arguments], tree, environment);
        return Run(
            Dotnet,
            ["tool", "run", "pwsh", "--", "-NoProfile", "-File", Path.Combine(tree, name), .. arguments],
            Repository.Root,
            environment);
    }

    /// <summary>Runs a program to its end.</summary>
    public static Outcome Run(string program, string[] arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Start(program, arguments, folder, environment);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts a program, whose output is to be read.</summary>
    public static Process Start(string program, string[] arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        // What a test host, or the ./gan that started it, says to its own children is not meant for these.
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("GAN", StringComparison.OrdinalIgnoreCase) ||
            k.StartsWith("MSBUILD", StringComparison.Ordinal) || k.StartsWith("VSTEST_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(key);
        // No build server or node that outlives the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (key, value) in environment ?? new Dictionary<string, string?>()) start.Environment[key] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}

/// <summary>How a program ended and what it said.</summary>
public sealed record Outcome(int Code, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>A test of a script; gan.ps1's are skipped by name where PowerShell cannot be had, gan's on Windows.</summary>
public sealed class ScriptFactAttribute : FactAttribute
{
    public ScriptFactAttribute(string script, bool smallDisk = false)
    {
        if (smallDisk) Skip = new SmallDiskFactAttribute().Skip;
        if (script == "gan" && OperatingSystem.IsWindows()) Skip = "needs bash";
        if (script == "gan.ps1" && !Script.CanRunPowerShell) Skip = "needs PowerShell (dotnet tool restore)";
    }
}
