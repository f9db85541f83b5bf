using System.Runtime.InteropServices;

namespace GanPipeline.Training;

/// <summary>
/// Keeps the memory that libtorch frees for its next tensors, as long as this is not disposed. By default glibc gives large blocks back to
/// the system at once, and each new tensor then costs a page fault for every 4,096 bytes, which can take longer than what is computed
/// in it. Where the C library is another one nothing is changed.
/// </summary>
internal sealed partial class NativeHeap : IDisposable
{
    // glibc's malloc.h, and its defaults.
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4;
    private const int DefaultTrimThreshold = 128 * 1024, DefaultTopPad = 0, DefaultMmapMax = 65_536;
    private const int MoreAtOnce = 64 * 1024 * 1024;

    private static readonly Lock _lock = new();
    private static int _users;

    private bool _disposed;

    private NativeHeap()
    {
    }

    /// <summary>Begins to keep freed memory; the last one to be disposed gives it back.</summary>
    public static NativeHeap KeepFreedMemory()
    {
        lock (_lock)
        {
            if (_users++ == 0) Set(int.MaxValue, MoreAtOnce, mmapMax: 0);
        }
        return new();
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            if (--_users == 0) Set(DefaultTrimThreshold, DefaultTopPad, DefaultMmapMax);
        }
    }

    private static void Set(int trimThreshold, int topPad, int mmapMax)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(TrimThreshold, trimThreshold);
            _ = SetOption(TopPad, topPad);
            _ = SetOption(MmapMax, mmapMax);
            if (mmapMax > 0) _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nint keep);
}
