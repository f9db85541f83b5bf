using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>
/// The one conversion between bytes and the values that networks see. To bytes: round((x + 1) * 127.5), half to even, clamped to [0, 255];
/// NaN becomes 0. To values: x / 127.5 - 1, which is in [-1, 1].
/// </summary>
public static class PixelValues
{
    private const float Half = 127.5f;

    // Planes of up to this many pixels are converted on the stack.
    private const int StackPlane = 4096;

    /// <summary>One value to a byte: -1 becomes 0, 1 becomes 255.</summary>
    public static byte FromFloat(float x) => (byte)Math.Clamp((int)MathF.Round((x + 1f) * Half), 0, 255);

    /// <summary>Values to bytes, in the same order.</summary>
    /// <param name="values">Any number of values.</param>
    /// <param name="bytes">Receives as many bytes.</param>
    public static void FromFloats(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        // The vectors give the bytes that FromFloat gives.
        var i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            var low = Vector256.Narrow(Rounded(values[i..]), Rounded(values[(i + 8)..]));
            var high = Vector256.Narrow(Rounded(values[(i + 16)..]), Rounded(values[(i + 24)..]));
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).CopyTo(bytes[i..]);
        }
        for (; i < values.Length; i++) bytes[i] = FromFloat(values[i]);
    }

    /// <summary>One image from values [C, H, W] to bytes [H, W, C].</summary>
    /// <param name="planes">The image channel by channel.</param>
    /// <param name="channels">C.</param>
    /// <param name="interleaved">Receives the image pixel by pixel; as many bytes as there are values.</param>
    public static void FromPlanes(ReadOnlySpan<float> planes, int channels, Span<byte> interleaved)
    {
        if (channels == 1)
        {
            FromFloats(planes, interleaved);
            return;
        }
        var plane = planes.Length / channels;
        var bytes = plane <= StackPlane ? stackalloc byte[StackPlane] : new byte[plane];
        bytes = bytes[..plane];
        for (var c = 0; c < channels; c++)
        {
            FromFloats(planes.Slice(c * plane, plane), bytes);
            for (int i = 0, o = c; i < bytes.Length; i++, o += channels) interleaved[o] = bytes[i];
        }
    }

    /// <summary>Bytes to values in [-1, 1], in the same order.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    /// <param name="values">Receives as many values.</param>
    public static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        // A byte is exact as a float, and a division is rounded alike in a vector and alone.
        var i = 0;
        for (; i <= bytes.Length - 32; i += 32)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(bytes[i..]));
            var (first, second) = Vector256.Widen(low);
            var (third, fourth) = Vector256.Widen(high);
            Scaled(first).CopyTo(values[i..]);
            Scaled(second).CopyTo(values[(i + 8)..]);
            Scaled(third).CopyTo(values[(i + 16)..]);
            Scaled(fourth).CopyTo(values[(i + 24)..]);
        }
        for (; i < bytes.Length; i++) values[i] = bytes[i] / Half - 1f;
    }

    /// <summary>One image from bytes [H, W, C] to values [C, H, W] in [-1, 1].</summary>
    /// <param name="interleaved">The image pixel by pixel.</param>
    /// <param name="channels">C.</param>
    /// <param name="planes">Receives the image channel by channel; as many values as there are bytes.</param>
    public static void ToPlanes(ReadOnlySpan<byte> interleaved, int channels, Span<float> planes)
    {
        if (channels == 1)
        {
            ToFloats(interleaved, planes);
            return;
        }
        var plane = planes.Length / channels;
        var bytes = plane <= StackPlane ? stackalloc byte[StackPlane] : new byte[plane];
        bytes = bytes[..plane];
        for (var c = 0; c < channels; c++)
        {
            for (int i = 0, o = c; i < bytes.Length; i++, o += channels) bytes[i] = interleaved[o];
            ToFloats(bytes, planes.Slice(c * plane, plane));
        }
    }

    private static Vector256<int> Rounded(ReadOnlySpan<float> values)
    {
        var x = (Vector256.Create(values) + Vector256.Create(1f)) * Vector256.Create(Half);
        var n = Vector256.ConvertToInt32(Vector256.Round(x));
        return Vector256.Min(Vector256.Max(n, Vector256<int>.Zero), Vector256.Create(255));
    }

    private static Vector256<float> Scaled(Vector256<uint> bytes) =>
        Vector256.ConvertToSingle(bytes.AsInt32()) / Vector256.Create(Half) - Vector256.Create(1f);
}
