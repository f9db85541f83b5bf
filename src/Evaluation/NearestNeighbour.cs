using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>
/// A nearest-neighbour classifier (Radford, Metz and Chintala 2016, section 8.1): an image gets the label of the known image with the
/// least Euclidean distance of pixels. Its accuracy with samples as known images tells whether they show their labels, and vary as real
/// ones do.
/// </summary>
internal sealed class NearestNeighbour
{
    /// <summary>
    /// Images classified at once. They stay in the cache while the known ones, which do not fit, are read once for all of them.
    /// </summary>
    private const int Together = 32;

    private readonly List<(float[] Pixels, int Label)> _known = [];

    /// <summary>The number of known images.</summary>
    public int Count => _known.Count;

    public void Add(ImageTensor images, IReadOnlyList<int> labels)
    {
        for (var i = 0; i < images.Count; i++) _known.Add((images.Image(i).ToArray(), labels[i]));
    }

    /// <summary>The share of images whose nearest known image has their label.</summary>
    public double Accuracy(NearestNeighbour asked, CancellationToken cancellationToken = default)
    {
        var right = 0;
        Parallel.ForEach(asked._known.Chunk(Together), new ParallelOptions { CancellationToken = cancellationToken }, images =>
             Interlocked.Add(ref right, CountRight(images)));
        return (double)right / asked.Count;
    }

    private int CountRight((float[] Pixels, int Label)[] asked)
    {
        Span<float> nearest = stackalloc float[Together];
        Span<int> labels = stackalloc int[Together];
        nearest.Fill(float.PositiveInfinity);
        labels.Fill(-1);
        foreach (var known in _known)
        {
            for (var i = 0; i < asked.Length; i++)
            {
                var distance = TensorPrimitives.Distance(asked[i].Pixels, known.Pixels);
                if (distance < nearest[i]) (nearest[i], labels[i]) = (distance, known.Label);
            }
        }
        var right = 0;
        for (var i = 0; i < asked.Length; i++) right += asked[i].Label == labels[i] ? 1 : 0;
        return right;
    }
}
