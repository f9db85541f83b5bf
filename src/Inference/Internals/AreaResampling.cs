using System.Numerics;
using System.Runtime.InteropServices;

namespace GanPipeline.Inference;

/// <summary>
/// Resizes images to a model's size, in the same way for all that are compared: each new value is the mean of the old values that it
/// covers, weighted by their overlap.
/// </summary>
internal static class AreaResampling
{
    /// <summary>Returns the images themselves if they have the size already.</summary>
    public static ImageTensor Resize(ImageTensor images, int height, int width)
    {
        if (images.Height == height && images.Width == width) return images;
        var resized = new ImageTensor(images.Count, images.Channels, height, width);
        var (rows, columns) = (Overlaps(images.Height, height), Overlaps(images.Width, width));
        var half = new float[height * images.Width];
        for (var p = 0; p < images.Count * images.Channels; p++)
        {
            var from = images.Values.AsSpan(p * images.Height * images.Width, images.Height * images.Width);
            var to = resized.Values.AsSpan(p * height * width, height * width);
            half.AsSpan().Clear();
            foreach (var (old, row, weight) in rows)
            {
                AddWeighted(from.Slice(old * images.Width, images.Width), weight, half.AsSpan(row * images.Width, images.Width));
            }
            foreach (var (old, column, weight) in columns)
                for (var y = 0; y < height; y++) to[y * width + column] += weight * half[y * images.Width + old];
        }
        return resized;
    }

    private static void AddWeighted(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var vectorSums = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (var i = 0; i < vectors.Length; i++) vectorSums[i] += vectors[i] * weight;
        for (var i = vectors.Length * Vector<float>.Count; i < values.Length; i++) sums[i] += values[i] * weight;
    }

    // Which old positions each new one covers along an axis, and with which weight.
    private static List<(int Old, int New, float Weight)> Overlaps(int old, int @new)
    {
        var list = new List<(int, int, float)>();
        var scale = (double)old / @new;
        for (var n = 0; n < @new; n++)
        {
            var (from, to) = (n * scale, (n + 1) * scale);
            for (var o = (int)from; o < old && o < to - 1e-9; o++)
                list.Add((o, n, (float)((Math.Min(to, o + 1) - Math.Max(from, o)) / scale)));
        }
        return list;
    }
}
