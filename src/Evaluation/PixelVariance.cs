using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>The variance of a pixel value over images, the mean over all places in the image.</summary>
public static class PixelVariance
{
    /// <summary>Over all images.</summary>
    /// <param name="batches">Images of one shape; at least two in all.</param>
    /// <exception cref="ArgumentException">There are fewer than two images.</exception>
    public static double Of(IEnumerable<ImageTensor> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        double[] sums = [], squares = [];
        var count = 0;
        foreach (var batch in batches)
        {
            if (count == 0) (sums, squares) = (new double[batch.ImageSize], new double[batch.ImageSize]);
            for (var i = 0; i < batch.Count; i++, count++)
            {
                var image = batch.Image(i);
                for (var p = 0; p < image.Length; p++)
                {
                    sums[p] += image[p];
                    squares[p] += (double)image[p] * image[p];
                }
            }
        }
        if (count < 2) throw new ArgumentException($"A variance needs two images or more; there are {count}.", nameof(batches));
        double total = 0;
        for (var p = 0; p < sums.Length; p++) total += squares[p] - sums[p] * sums[p] / count;
        return total / sums.Length / (count - 1);
    }

    /// <summary>
    /// Between the images of pairs, as of samples of the same label and different latents: half the mean squared difference.
    /// </summary>
    /// <param name="first">An image of each pair.</param>
    /// <param name="second">The other ones, of the same shape and in the same order. Images without a partner are left out.</param>
    /// <exception cref="ArgumentException">There is no pair.</exception>
    public static double OfPairs(IEnumerable<ImageTensor> first, IEnumerable<ImageTensor> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double sum = 0;
        long values = 0;
        foreach (var (one, other) in Each(first).Zip(Each(second)))
        {
            var distance = TensorPrimitives.Distance<float>(one.Span, other.Span);
            sum += (double)distance * distance;
            values += one.Length;
        }
        return values > 0 ? sum / values / 2 : throw new ArgumentException("There is no pair of images.", nameof(second));

        static IEnumerable<ReadOnlyMemory<float>> Each(IEnumerable<ImageTensor> batches) => batches.SelectMany(batch =>
            from i in Enumerable.Range(0, batch.Count)
            select (ReadOnlyMemory<float>)batch.Values.AsMemory(i * batch.ImageSize, batch.ImageSize));
    }
}
