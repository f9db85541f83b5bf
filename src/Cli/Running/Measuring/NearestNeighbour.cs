using System.Numerics.Tensors;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Running;

/// <summary>
/// A classifier that has learnt nothing but images by heart (Radford, Metz and Chintala 2016, section 8.1): an image gets the label of
/// the nearest one, by distance of pixels. Trained on samples, it tells whether these are what was asked for and as varied as real ones.
/// </summary>
internal sealed class NearestNeighbour
{
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
        Parallel.ForEach(asked._known, image => { if (LabelOf(image.Pixels) == image.Label) Interlocked.Increment(ref right); });
        return (double)right / asked.Count;
    }

    private int LabelOf(ReadOnlySpan<float> pixels)
    {
        var (nearest, label) = (float.PositiveInfinity, -1);
        foreach (var known in _known)
        {
            var distance = TensorPrimitives.Distance(pixels, known.Pixels);
            if (distance < nearest) (nearest, label) = (distance, known.Label);
        }
        return label;
    }
}
