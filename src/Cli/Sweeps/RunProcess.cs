using System.Diagnostics;

namespace GanPipeline.Cli;

/// <summary>A run in a process of its own, so that what ends one does not end the others.</summary>
internal static class RunProcess
{
    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "gan" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    /// <summary>Runs the program and waits for its end.</summary>
    /// <param name="arguments">The program's.</param>
    /// <param name="say">Receives its lines, from other threads, one at a time.</param>
    /// <param name="stop">Has it end as Ctrl-C does.</param>
    /// <returns>Null where it ended well, else the last line of its errors.</returns>
    public static string? Run(IEnumerable<string> arguments, Action<string> say, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var gate = new Lock();
        var error = "";
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            if (string.IsNullOrWhiteSpace(line.Data)) return;
            error = line.Data;
            Say(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // From a terminal the process has got the signal itself.
        using var ending = stop.Register(() => NativeProcess.Terminate(process));
        process.WaitForExit();
        if (process.ExitCode == 0) return null;
        return error.Length > 0 ? error : $"it ended with exit code {process.ExitCode}";

        void Say(string? line)
        {
            if (line is null) return;
            lock (gate) say(line);
        }
    }
}
