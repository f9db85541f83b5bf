using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace GanPipeline.Bench;

/// <summary>
/// A peer: a process of its own, with its own memory and settings, that reads a number of steps a line and answers with the seconds they
/// took. The first line that it writes is its name.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    // Debian's python3-torch belongs to Debian's Python, whichever python3 comes first on the PATH.
    private static readonly string _python =
        Environment.GetEnvironmentVariable("GAN_PYTHON") ?? (File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3");

    private static readonly Lazy<bool> _hasTorch = new(HasTorch);

    private readonly Process _process;

    private PeerProcess(string program, params IEnumerable<object> arguments)
    {
        var start = new ProcessStartInfo(program, arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Open MPI wants to be told that root means it, and gives the first process a terminal, to which .NET would write more than text.
        start.Environment["TERM"] = "dumb";
        (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        _process = Process.Start(start)!;
        Name = Read();
    }

    public string Name { get; }

    /// <summary>A peer in PyTorch, or null where no Python with PyTorch is installed, which is said once.</summary>
    public static PeerProcess? TryPyTorch(string script, params object[] arguments) =>
        PyTorchProgram(script) is var (python, path) ? new(python, ["-u", path, .. arguments]) : null;

    /// <summary>A Python with PyTorch and one of the scripts for it, or null as of <see cref="TryPyTorch"/>.</summary>
    public static (string Python, string Script)? PyTorchProgram(string script) =>
        _hasTorch.Value ? (_python, Path.Combine(AppContext.BaseDirectory, "peers", "pytorch", script)) : null;

    /// <summary>A peer for Node.js, or null where it or its packages are absent, which is said.</summary>
    public static PeerProcess? TryNode(string script, params object[] arguments)
    {
        var packages = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "setup", "peers"));
        var path = Path.Combine(AppContext.BaseDirectory, "peers", "node", script);
        try
        {
            return new("node", [path, packages, .. arguments]);
        }
        catch (Exception e) when (e is Win32Exception or BenchmarkException)
        {
            Console.Error.WriteLine($"gan bench: no Node.js with onnxruntime-node and sharp, so its rows are left out " +
                "(eng/install-peers.sh).");
            return null;
        }
    }

    /// <summary>A peer in TorchSharp, which this program is when it is called so.</summary>
    public static PeerProcess TorchSharp(params object[] arguments) =>
        new(Self.Executable, [PlainPeer.Command, .. arguments]);

    /// <summary>Any program.</summary>
    public static PeerProcess Of(string program, params object[] arguments) => new(program, arguments);

    /// <summary>Runs that many steps and returns the seconds that the peer measured.</summary>
    public double Run(int steps)
    {
        _process.StandardInput.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        return double.Parse(Read(), CultureInfo.InvariantCulture);
    }

    private static bool HasTorch()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo(_python, ["-c", "import torch, PIL"]) { RedirectStandardError = true })!;
            python.StandardError.ReadToEnd();
            python.WaitForExit();
            if (python.ExitCode == 0) return true;
        }
        catch (Win32Exception)
        {
            // No Python at all.
        }
        Console.Error.WriteLine($"gan bench: no PyTorch with Pillow for {_python}, so its rows are left out (Debian's packages are " +
            "python3-torch and python3-pil; GAN_PYTHON names another Python).");
        return false;
    }

    private string Read() => _process.StandardOutput.ReadLine()
        ?? throw new BenchmarkException($"the peer '{_process.StartInfo.FileName}' ended before it answered");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

internal sealed class BenchmarkException(string message) : Exception(message);
