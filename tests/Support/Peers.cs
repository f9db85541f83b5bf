using System.Collections.Concurrent;
using System.Diagnostics;

namespace GanPipeline.TestSupport;

/// <summary>Other programs that tests compare results with.</summary>
public static class Peers
{
    private static readonly ConcurrentDictionary<string, bool> _known = new();

    /// <summary>Debian's Python, where python3-torch and python3-onnx install to.</summary>
    public static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>Whether the program starts with these arguments and exits with 0.</summary>
    public static bool Answers(string program, params string[] arguments) =>
        _known.GetOrAdd(string.Join('\0', [program, .. arguments]), _ =>
        {
            try { return Run(program, arguments).ExitCode == 0; }
            catch (System.ComponentModel.Win32Exception) { return false; }
        });

    public static (int ExitCode, string Output, string Error) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
