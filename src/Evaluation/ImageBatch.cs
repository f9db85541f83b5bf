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
            var pixels = new float[indices.Length * shape.Size];
            var good = source.ReadUsable(indices, pixels, cancellationToken);
            if (good.Length == 0) continue;
            if (good.Length < indices.Length) Array.Resize(ref pixels, good.Length * shape.Size);
            yield return (new(pixels, good.Length, shape.Channels, shape.Height, shape.Width), good);
        }
    }
}
