using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>The networks' values in [-1, 1] as bytes: round((x + 1) * 127.5), half to even, clamped to [0, 255]; NaN becomes 0.</summary>
public static class PixelValues
{
    private const float Half = 127.5f;

    /// <summary>One value: -1 becomes 0, 1 becomes 255.</summary>
    public static byte FromFloat(float x) => (byte)Math.Clamp((int)MathF.Round((x + 1f) * Half), 0, 255);

    /// <summary>One to one; the vector path gives the bytes of the scalar one.</summary>
    public static void FromFloats(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        int i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            Vector256<short> low = Vector256.Narrow(Rounded(values[i..]), Rounded(values[(i + 8)..]));
            Vector256<short> high = Vector256.Narrow(Rounded(values[(i + 16)..]), Rounded(values[(i + 24)..]));
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(bytes[i..]);
        }
        for (; i < values.Length; i++) bytes[i] = FromFloat(values[i]);
    }

    /// <summary>One image from planes [C, H, W] to interleaved [H, W, C].</summary>
    public static void FromPlanes(ReadOnlySpan<float> planes, int channels, Span<byte> interleaved)
    {
        if (channels == 1)
        {
            FromFloats(planes, interleaved);
            return;
        }
        int plane = planes.Length / channels;
        Span<byte> bytes = plane <= 4096 ? stackalloc byte[4096] : new byte[plane];
        bytes = bytes[..plane];
        for (int c = 0; c < channels; c++)
        {
            FromFloats(planes.Slice(c * plane, plane), bytes);
            for (int i = 0, o = c; i < bytes.Length; i++, o += channels) interleaved[o] = bytes[i];
        }
    }

    /// <summary>One to one, into [-1, 1].</summary>
    public static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < bytes.Length; i++) values[i] = bytes[i] / Half - 1f;
    }

    /// <summary>One image from interleaved bytes [H, W, C] to planes [C, H, W] in [-1, 1].</summary>
    public static void ToPlanes(ReadOnlySpan<byte> interleaved, int channels, Span<float> planes)
    {
        int plane = planes.Length / channels;
        for (int c = 0, k = 0; c < channels; c++)
            for (int i = c; k < (c + 1) * plane; i += channels, k++) planes[k] = interleaved[i] / Half - 1f;
    }

    private static Vector256<int> Rounded(ReadOnlySpan<float> values)
    {
        Vector256<float> x = (Vector256.Create(values) + Vector256.Create(1f)) * Vector256.Create(Half);
        Vector256<int> n = Vector256.ConvertToInt32(Vector256.Round(x));
        return Vector256.Min(Vector256.Max(n, Vector256<int>.Zero), Vector256.Create(255));
    }
}
