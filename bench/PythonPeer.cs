using System.Diagnostics;
using System.Globalization;

namespace GanPipeline.Bench;

/// <summary>A peer in Python: a process that reads a number of steps a line and answers with the seconds they took.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    // Debian's python3-torch belongs to Debian's Python, whichever python3 comes first on the PATH.
    private static readonly string _python =
        Environment.GetEnvironmentVariable("GAN_PYTHON") ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

    private PythonPeer(string script, object[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        var words = arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!);
        _process = Process.Start(
            new ProcessStartInfo(_python, ["-u", path, .. words]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Name = Read();
    }

    /// <summary>The peer, or null where no Python with PyTorch is installed, which is said once.</summary>
    public static PythonPeer? TryStart(string script, params object[] arguments) =>
        _hasTorch.Value ? new(script, arguments) : null;

    public string Name { get; }

    /// <summary>Runs that many steps and returns the seconds that the peer measured.</summary>
    public double Run(int steps)
    {
        _process.StandardInput.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        return double.Parse(Read(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static readonly Lazy<bool> _hasTorch = new(HasTorch);

    private static bool HasTorch()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo(_python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            python.StandardError.ReadToEnd();
            python.WaitForExit();
            if (python.ExitCode == 0) return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No Python at all.
        }
        Console.Error.WriteLine($"gan bench: no PyTorch for {_python}, so its rows are left out (Debian's package is python3-torch; " +
            "GAN_PYTHON names another Python).");
        return false;
    }

    private string Read() => _process.StandardOutput.ReadLine()
        ?? throw new BenchmarkException("the peer ended before it answered; is python3-torch installed? (GAN_PYTHON names another Python)");
}

internal sealed class BenchmarkException(string message) : Exception(message);
