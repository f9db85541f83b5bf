using GanPipeline.Data;

namespace GanPipeline.Evaluation;

/// <summary>Images and what they show.</summary>
/// <param name="Images">[N, C, H, W] in [-1, 1].</param>
/// <param name="Labels">A class index for each image, or empty where there are none.</param>
public sealed record ImageBatch(ImageTensor Images, IReadOnlyList<int> Labels);

/// <summary>Reads data sets as the networks see them.</summary>
public static class ImageSourceBatches
{
    /// <summary>Pictures at equal distances through a data set, all of it where it is smaller; unusable ones are left out.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="count">How many, at most.</param>
    /// <param name="batch">Images a batch.</param>
    /// <returns>The images of a batch, [N, C, H, W] in [-1, 1], and their indices in the data set.</returns>
    public static IEnumerable<(ImageTensor Images, int[] Indices)> ReadBatches(this IImageSource source, int count, int batch = 128)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        return Read(source, count, batch);
    }

    private static IEnumerable<(ImageTensor Images, int[] Indices)> Read(IImageSource source, int count, int batch)
    {
        var shape = source.Shape;
        foreach (var indices in Spread.Indices(count, source.Count).Chunk(batch))
        {
            var images = new ImageTensor(indices.Length, shape.Channels, shape.Height, shape.Width);
            var usable = new bool[indices.Length];
            Parallel.For(0, indices.Length, () => new byte[shape.Size], (i, _, pixels) =>
            {
                usable[i] = source.TryRead(indices[i], pixels);
                PixelValues.ToFloats(pixels, images.Image(i));
                return pixels;
            }, _ => { });
            var good = Enumerable.Range(0, indices.Length).Where(i => usable[i]).ToArray();
            if (good.Length == images.Count)
            {
                yield return (images, indices);
            }
            else if (good.Length > 0)
            {
                var left = new ImageTensor(good.Length, shape.Channels, shape.Height, shape.Width);
                for (var i = 0; i < good.Length; i++) images.Image(good[i]).CopyTo(left.Image(i));
                yield return (left, [.. good.Select(i => indices[i])]);
            }
        }
    }
}
