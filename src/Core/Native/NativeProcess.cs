using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GanPipeline;

/// <summary>Asks a process to end, which .NET alone can only kill.</summary>
internal static partial class NativeProcess
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM, so that the process can keep its work; on Windows, which has no such signal, it is killed.</summary>
    public static void Terminate(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        try
        {
            if (OperatingSystem.IsWindows()) process.Kill(entireProcessTree: true);
            else if (!process.HasExited) _ = Kill(process.Id, SigTerm);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
