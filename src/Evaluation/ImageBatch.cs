using GanPipeline.Data;

namespace GanPipeline.Evaluation;

/// <summary>Images with their classes.</summary>
/// <param name="Images">[N, C, H, W] in [-1, 1].</param>
/// <param name="Labels">The class of each image, or empty if there are none.</param>
public sealed record ImageBatch(ImageTensor Images, IReadOnlyList<int> Labels);

/// <summary>Reads data sets in batches of image tensors.</summary>
public static class ImageSourceBatches
{
    /// <summary>Reads some pictures, spread evenly over a data set. Unusable ones are left out.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="count">How many, at most.</param>
    /// <param name="batch">Images of a batch.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The images of a batch, [N, C, H, W] in [-1, 1], and their indices in the data set.</returns>
    public static IEnumerable<(ImageTensor Images, int[] Indices)> ReadBatches(
        this IImageSource source, int count, int batch = 128, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        return Read(source, count, batch, cancellationToken);
    }

    private static IEnumerable<(ImageTensor Images, int[] Indices)> Read(
        IImageSource source, int count, int batch, CancellationToken cancellationToken)
    {
        var shape = source.Shape;
        foreach (var indices in Spread.Indices(count, source.Count).Chunk(batch))
        {
            var images = new ImageTensor(indices.Length, shape.Channels, shape.Height, shape.Width);
            var usable = new bool[indices.Length];
            Parallel.For(0, indices.Length, new ParallelOptions { CancellationToken = cancellationToken }, () =>
                new byte[shape.Size], (i, _, pixels) =>
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
