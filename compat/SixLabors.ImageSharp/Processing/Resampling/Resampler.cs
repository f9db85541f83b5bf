using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing.Resampling;

/// <summary>Resizes in two passes, along rows and then along columns, in floats; colours weigh by their alpha.</summary>
internal static class Resampler<TPixel> where TPixel : unmanaged, IPixel<TPixel>
{
    // The pixel types are all made of bytes, one a channel.
    private static readonly int Channels = Unsafe.SizeOf<TPixel>();
    private static readonly bool HasAlpha = typeof(TPixel) == typeof(Rgba32);

    public static TPixel[] Resize(ImageFrame<TPixel> frame, Size canvas, Rectangle target, IResampler sampler)
    {
        var (left, top) = (Math.Max(target.Left, 0), Math.Max(target.Top, 0));
        var (width, height) = (Math.Min(target.Right, canvas.Width) - left, Math.Min(target.Bottom, canvas.Height) - top);
        var columns = Kernel.Make(sampler, frame.Width, target.Width, left - target.Left, width);
        var rows = Kernel.Make(sampler, frame.Height, target.Height, top - target.Top, height);

        var result = Allocation.Pixels<TPixel>(canvas.Width, canvas.Height, clear: true);
        var firstRow = rows.Min(k => k.First);
        var narrowed = Narrow(frame, columns, firstRow, rows.Max(k => k.First + k.Weights.Length) - firstRow);
        var length = width * Channels;
        var sums = new float[length];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sums);
            var (first, weights) = rows[y];
            for (var j = 0; j < weights.Length; j++)
                AddScaled(narrowed.AsSpan((first - firstRow + j) * length, length), weights[j], sums);
            Store(sums, MemoryMarshal.AsBytes(result.AsSpan((top + y) * canvas.Width + left, width)));
        }
        return result;
    }

    private static float[] Narrow(ImageFrame<TPixel> frame, Kernel[] columns, int firstRow, int count)
    {
        var length = columns.Length * Channels;
        var narrowed = GC.AllocateUninitializedArray<float>(checked(count * length));
        var row = new float[frame.Width * Channels];
        for (var y = 0; y < count; y++)
        {
            Fetch(MemoryMarshal.AsBytes(frame.Row(firstRow + y)), row);
            var destination = narrowed.AsSpan(y * length, length);
            for (var x = 0; x < columns.Length; x++)
            {
                var (first, weights) = columns[x];
                for (var c = 0; c < Channels; c++)
                {
                    float sum = 0;
                    var at = first * Channels + c;
                    foreach (var weight in weights)
                    {
                        sum += weight * row[at];
                        at += Channels;
                    }
                    destination[x * Channels + c] = sum;
                }
            }
        }
        return narrowed;
    }

    private static void Fetch(ReadOnlySpan<byte> pixels, Span<float> row)
    {
        for (var i = 0; i < pixels.Length; i++) row[i] = pixels[i];
        if (!HasAlpha) return;
        for (var i = 0; i < row.Length; i += 4)
            for (var c = 0; c < 3; c++) row[i + c] *= row[i + 3] / 255;
    }

    private static void AddScaled(ReadOnlySpan<float> source, float weight, Span<float> sums)
    {
        var vectors = MemoryMarshal.Cast<float, System.Numerics.Vector<float>>(source);
        var vectorSums = MemoryMarshal.Cast<float, System.Numerics.Vector<float>>(sums);
        for (var i = 0; i < vectors.Length; i++) vectorSums[i] += vectors[i] * weight;
        for (var i = vectors.Length * System.Numerics.Vector<float>.Count; i < source.Length; i++) sums[i] += source[i] * weight;
    }

    private static void Store(Span<float> sums, Span<byte> pixels)
    {
        if (HasAlpha)
        {
            for (var i = 0; i < sums.Length; i += 4)
                for (var c = 0; c < 3; c++) sums[i + c] = sums[i + 3] > 0 ? sums[i + c] * 255 / sums[i + 3] : 0;
        }
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)Math.Clamp(sums[i] + 0.5f, 0, 255);
    }
}
