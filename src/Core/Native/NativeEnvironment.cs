using System.Runtime.InteropServices;

namespace GanPipeline;

/// <summary>
/// The environment that native libraries see. .NET keeps one of its own on Unix, so that <see cref="Environment"/> does not reach them.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for native libraries that are loaded later; one that the environment has stays as it is.</summary>
    public static void SetDefault(string name, string value)
    {
        // What the program itself was told to set counts as the user's.
        var own = Environment.GetEnvironmentVariable(name);
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(name, own ?? value);
            return;
        }
        try
        {
            _ = SetVariable(name, own ?? value, overwrite: 0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library of another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
