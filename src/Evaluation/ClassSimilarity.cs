using GanPipeline.Data;

namespace GanPipeline.Evaluation;

/// <summary>
/// How alike images of the same class are: the mean multi-scale structural similarity of random pairs of a class (Odena, Olah and Shlens
/// 2017, section 4.2). Lower is more diverse; a class whose images are all alike is near 1.
/// </summary>
/// <param name="Mean">The mean over the classes.</param>
/// <param name="Error">Its standard error over other images. No image is in two pairs, so that pairs are independent.</param>
/// <param name="Pairs">Pairs of all classes together.</param>
/// <param name="Scales">The scales that the images have room for, see <see cref="StructuralSimilarity.Scales"/>.</param>
/// <param name="Highest">The mean of the class whose images are most alike.</param>
/// <param name="HighestClass">That class's name.</param>
public sealed record ClassSimilarity(double Mean, double Error, int Pairs, int Scales, double Highest, string HighestClass)
{
    /// <summary>Pairs of a class, as in the paper.</summary>
    public const int PairsOfClass = 100;

    /// <summary>The fewest images of a class: two pairs.</summary>
    public const int LeastImages = 4;
}

/// <summary>Keeps images of each class that pass by, and compares them.</summary>
/// <param name="classes">The names of the classes.</param>
internal sealed class ClassPictures(IReadOnlyList<string> classes)
{
    // 256 MB of float32.
    private const int MostValues = 1 << 26;

    private readonly List<float[]>[] _images = [.. classes.Select(_ => new List<float[]>())];
    private (int Channels, int Height, int Width) _shape;

    /// <summary>Takes those that there is room for, the first ones of each class.</summary>
    public void Add(ImageTensor images, IReadOnlyList<int> labels)
    {
        _shape = (images.Channels, images.Height, images.Width);
        var room = Math.Clamp(MostValues / images.ImageSize / Math.Max(1, classes.Count), 0, 2 * ClassSimilarity.PairsOfClass);
        for (var i = 0; i < labels.Count; i++)
            if (labels[i] >= 0 && _images[labels[i]] is var kept && kept.Count < room) kept.Add(images.Image(i).ToArray());
    }

    /// <summary>The similarity within classes; classes of fewer than four images are left out.</summary>
    /// <param name="seed">Decides the pairs.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>Null where every class has too few images, or the images are too small for one scale.</returns>
    public ClassSimilarity? Compare(long seed, CancellationToken cancellationToken = default)
    {
        var (channels, height, width) = _shape;
        var scales = StructuralSimilarity.Scales(height, width);
        int[] used = [.. Enumerable.Range(0, classes.Count).Where(label => _images[label].Count >= ClassSimilarity.LeastImages)];
        if (scales == 0 || used.Length == 0) return null;
        var found = used.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(OfClass).ToArray();
        var highest = Array.IndexOf(found, found.MaxBy(f => f.Mean));
        return new(found.Average(f => f.Mean), Math.Sqrt(found.Sum(f => f.Variance)) / found.Length, found.Sum(f => f.Pairs), scales,
            found[highest].Mean, classes[used[highest]]);

        (double Mean, double Variance, int Pairs) OfClass(int label)
        {
            var images = _images[label];
            var order = new Permutation(seed, label, images.Count);
            double[] pairs = [.. Enumerable.Range(0, images.Count / 2).Select(i => StructuralSimilarity.MultiScale(
                images[order.At(2 * i)], images[order.At(2 * i + 1)], channels, height, width))];
            var mean = pairs.Average();
            var variance = pairs.Sum(p => (p - mean) * (p - mean)) / (pairs.Length - 1);
            return (mean, variance / pairs.Length, pairs.Length);
        }
    }
}
