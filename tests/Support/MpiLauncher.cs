using System.Diagnostics;
using System.Reflection;
using Xunit.Sdk;

namespace GanPipeline.TestSupport;

/// <summary>The two kinds of MPI that processes train together over.</summary>
public enum MpiKind
{
    OpenMpi,
    Mpich,
}

/// <summary>Starts programs in several processes.</summary>
public static class MpiLauncher
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(4);

    // Debian has both under names of their own; elsewhere there is one.
    private static readonly (MpiKind Kind, string[] Programs, string Says)[] _launchers =
    [
        (MpiKind.OpenMpi, ["mpirun.openmpi", "mpirun"], "Open MPI"), (MpiKind.Mpich, ["mpirun.mpich", "mpirun"], "HYDRA"),
    ];

    private static readonly Dictionary<MpiKind, string?> _found = _launchers.ToDictionary(
        launcher => launcher.Kind, launcher => launcher.Programs.FirstOrDefault(program => Is(program, launcher.Says)));

    public static bool Has(MpiKind kind) => _found[kind] is not null;

    /// <summary>What stands before a program's command, so that it runs in two processes.</summary>
    public static string[] Command(MpiKind kind) =>
        [_found[kind]!, .. kind == MpiKind.OpenMpi ? ["--oversubscribe", "--bind-to", "none"] : new[] { "-bind-to", "none" }, "-n", "2"];

    /// <summary>Tests may run as root in a container, where Open MPI wants to be told that this is meant.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1", ["OMP_NUM_THREADS"] = "1",
    };

    /// <summary>A program in two processes, with its output to be read.</summary>
    public static ProcessStartInfo Start(MpiKind kind, string program, params IEnumerable<string> arguments)
    {
        var command = Command(kind);
        var start = new ProcessStartInfo(command[0], [.. command[1..], program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs to the end.</summary>
    public static (int Code, string Output, string Error) Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        return Finish(process);
    }

    /// <summary>Waits for the end, and reads what is left of the output.</summary>
    public static (int Code, string Output, string Error) Finish(Process process)
    {
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(_longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} did not end.");
        }
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    private static bool Is(string program, string says)
    {
        try
        {
            return Peers.Run(program, "--version") is { ExitCode: 0 } answer && answer.Output.Contains(says, StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A case of a theory that needs an MPI, and is skipped by name where it is absent. The kind is the first argument.</summary>
public sealed class MpiDataAttribute : DataAttribute
{
    private readonly MpiKind _kind;
    private readonly object?[] _arguments;

    public MpiDataAttribute(MpiKind kind, params object?[] arguments)
    {
        _arguments = [kind, .. arguments];
        _kind = kind;
        if (!MpiLauncher.Has(kind)) Skip = $"needs {(kind == MpiKind.OpenMpi ? "Open MPI (openmpi-bin)" : "MPICH (mpich)")}";
    }

    /// <summary>Whether it needs Slurm too, and its way to start this kind.</summary>
    public bool OnSlurm
    {
        get;
        set
        {
            field = value;
            if (!value || Skip is not null) return;
            if (!File.Exists("/usr/sbin/slurmctld")) Skip = "needs Slurm (slurmctld, slurmd, slurm-client)";
            else if (_kind == MpiKind.OpenMpi && !Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Any(folder =>
                File.Exists(Path.Combine(folder, "libpmix.so")))) Skip = "needs PMIx for Slurm (libpmix-dev)";
        }
    }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [_arguments];
}
