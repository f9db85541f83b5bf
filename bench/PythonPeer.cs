using System.Diagnostics;
using System.Globalization;

namespace GanPipeline.Bench;

/// <summary>A peer in Python: a process that reads a number of steps a line and answers with the seconds they took.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    public PythonPeer(string script, params object[] arguments)
    {
        // Debian's python3-torch belongs to Debian's Python, whichever python3 comes first on the PATH.
        var python = Environment.GetEnvironmentVariable("GAN_PYTHON") ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");
        var path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        var words = arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!);
        _process = Process.Start(
            new ProcessStartInfo(python, ["-u", path, .. words]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Name = Read();
    }

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

    private string Read() => _process.StandardOutput.ReadLine()
        ?? throw new BenchmarkException("the peer ended before it answered; is python3-torch installed? (GAN_PYTHON names another Python)");
}

internal sealed class BenchmarkException(string message) : Exception(message);
