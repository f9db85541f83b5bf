using System.Numerics.Tensors;

namespace GanPipeline.Evaluation;

/// <summary>
/// A classifier that has learnt nothing but images by heart (Radford, Metz and Chintala 2016, section 8.1): an image gets the label of
/// the nearest one, by distance of pixels. Trained on samples, it tells whether these are what was asked for and as varied as real ones.
/// </summary>
internal sealed class NearestNeighbour
{
    /// <summary>Images asked about at once: they stay in the second cache while the known ones, more than caches hold, pass by once for all of them.</summary>
    private const int Together = 32;

    private readonly List<(float[] Pixels, int Label)> _known = [];

    /// <summary>Images learnt.</summary>
    public int Count => _known.Count;

    public void Learn(ImageTensor images, IReadOnlyList<int> labels)
    {
        for (var i = 0; i < images.Count; i++) _known.Add((images.Image(i).ToArray(), labels[i]));
    }

    /// <summary>The share of images whose nearest known one has their label.</summary>
    public double Accuracy(NearestNeighbour asked)
    {
        var right = 0;
        Parallel.ForEach(asked._known.Chunk(Together), images => Interlocked.Add(ref right, CountRight(images)));
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
