using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Gd;

/// <summary>What is used of libgd 2 (Debian's libgd3). Its functions may run on many threads at once.</summary>
internal static unsafe partial class GdLibrary
{
    private const string Library = "libgd.so.3";

    /// <summary>What libgd said last on this thread, of which it makes no return value.</summary>
    [ThreadStatic]
    private static string? message;

    private static bool isResolverSet;
    private static object? initialised;
    private static bool isInitialised;
    private static object? gate;

    public static string? TakeMessage()
    {
        var taken = message;
        message = null;
        return taken;
    }

    /// <summary>Makes libgd report to us, once; it would print to standard error.</summary>
    public static void Initialise() => LazyInitializer.EnsureInitialized(ref initialised, ref isInitialised, ref gate, static () =>
    {
        if (!isResolverSet) NativeLibrary.SetDllImportResolver(typeof(GdLibrary).Assembly, Resolve);
        isResolverSet = true;
        try
        {
            SetErrorMethod(&OnMessage);
            SilenceTiff();
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"{Library} is missing, which decodes pictures: install libgd3 (apt-get install libgd3), or let GAN_LIBGD name one. {e.Message}", e);
        }
        return new object();
    });

    // Debian's library, or the one that somebody without root rights names.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Library && Environment.GetEnvironmentVariable("GAN_LIBGD") is { Length: > 0 } path ? NativeLibrary.Load(path) : 0;

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromJpegPtrEx")]
    public static partial GdImage* CreateFromJpeg(int size, byte* data, int ignoreWarnings);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromWebpPtr")]
    public static partial GdImage* CreateFromWebP(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromBmpPtr")]
    public static partial GdImage* CreateFromBmp(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromTiffPtr")]
    public static partial GdImage* CreateFromTiff(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateTrueColor")]
    public static partial GdImage* CreateTrueColor(int width, int height);

    [LibraryImport(Library, EntryPoint = "gdImageJpegPtr")]
    public static partial byte* WriteJpeg(GdImage* image, out int size, int quality);

    [LibraryImport(Library, EntryPoint = "gdImageDestroy")]
    public static partial void Destroy(GdImage* image);

    [LibraryImport(Library, EntryPoint = "gdFree")]
    public static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "gdSetErrorMethod")]
    private static partial void SetErrorMethod(delegate* unmanaged[Cdecl]<int, byte*, void*, void> method);

    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    private static partial int Format(byte* buffer, nuint size, byte* format, void* arguments);

    /// <summary>libgd reads TIFF through libtiff, which prints by itself.</summary>
    private static void SilenceTiff()
    {
        if (!NativeLibrary.TryLoad("libtiff.so.6", out var tiff)) return;
        foreach (var setter in new[] { "TIFFSetErrorHandler", "TIFFSetWarningHandler" })
            if (NativeLibrary.TryGetExport(tiff, setter, out var address)) ((delegate* unmanaged[Cdecl]<void*, void*>)address)(null);
    }

    // The arguments come as a va_list, which the C calling conventions of Linux pass as an address.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMessage(int priority, byte* format, void* arguments)
    {
        const int Size = 512;
        var buffer = stackalloc byte[Size];
        var length = Format(buffer, Size, format, arguments);
        var text = length <= 0 ? "" : System.Text.Encoding.UTF8.GetString(buffer, Math.Min(length, Size - 1)).Trim();
        message = message is null ? text : message + "; " + text;
    }
}

/// <summary>The beginning of libgd's gdImageStruct, which gd.h publishes and 2.x keeps.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GdImage
{
    public byte** Pixels;
    public int Width;
    public int Height;
    public int ColorsTotal;
    public fixed int Red[256];
    public fixed int Green[256];
    public fixed int Blue[256];
    public fixed int Open[256];
    public int Transparent;
    public int* PolyInts;
    public int PolyAllocated;
    public GdImage* Brush;
    public GdImage* Tile;
    public fixed int BrushColorMap[256];
    public fixed int TileColorMap[256];
    public int StyleLength;
    public int StylePosition;
    public int* Style;
    public int Interlace;
    public int Thickness;
    public fixed int Alpha[256];
    public int IsTrueColor;
    public int** TrueColorPixels;
}
