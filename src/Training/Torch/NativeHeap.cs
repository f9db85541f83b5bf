using System.Runtime.InteropServices;

namespace GanPipeline.Training;

/// <summary>
/// Keeps the memory that libtorch frees for its next tensors, as long as this is not disposed. By default glibc gives large blocks back to
/// the system at once, and each new tensor then costs a page fault for every 4,096 bytes, which can take longer than what is computed
/// in it. This holds for glibc's main heap, which a program's first thread allocates from; the heaps of other threads end at 64 MB and are
/// given back when they are empty. Where the C library is another one nothing is changed.
/// </summary>
internal sealed partial class NativeHeap : IDisposable
{
    // glibc's malloc.h; the thresholds at the end are where glibc's own adjustment of them ends, which a call of mallopt turns off.
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, MmapMax = -4;
    private const int Megabyte = 1024 * 1024;
    private const int LastTrimThreshold = 64 * Megabyte, LastMmapThreshold = 32 * Megabyte, DefaultTopPad = 0, DefaultMmapMax = 65_536;
    private const int MoreAtOnce = 64 * Megabyte;

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
            if (--_users == 0) Set(LastTrimThreshold, DefaultTopPad, DefaultMmapMax);
        }
    }

    private static void Set(int trimThreshold, int topPad, int mmapMax)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = SetOption(TrimThreshold, trimThreshold);
            _ = SetOption(TopPad, topPad);
            _ = SetOption(MmapThreshold, LastMmapThreshold);
            _ = SetOption(MmapMax, mmapMax);
            if (mmapMax > 0) _ = Trim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nint keep);
}
