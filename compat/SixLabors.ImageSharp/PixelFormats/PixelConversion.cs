using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Luminance of a colour.</summary>
internal static class Luminance
{
    /// <summary>The weights of BT.709, rounded. A gray gives its own value.</summary>
    public static byte Bt709(byte r, byte g, byte b) => (byte)(r * 0.2126f + g * 0.7152f + b * 0.0722f + 0.5f);
}

/// <summary>Rows of one pixel type into rows of another.</summary>
internal static class PixelConversion
{
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : unmanaged, IPixel<TFrom>
        where TTo : unmanaged, IPixel<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(destination);
            return;
        }
        Rgba32 rgba = default;
        for (var i = 0; i < source.Length; i++)
        {
            source[i].ToRgba32(ref rgba);
            destination[i].FromRgba32(rgba);
        }
    }
}
