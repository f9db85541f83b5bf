using System.Numerics.Tensors;
using GanPipeline.Data;

namespace GanPipeline.Evaluation;

/// <summary>
/// How well images fit their captions, in a space in which both are embedded: of real images, or of such that were generated from the
/// captions. Embeddings are compared by their cosine.
/// </summary>
public static class CaptionRetrieval
{
    /// <summary>
    /// R-precision as Xu et al. 2018 (AttnGAN) measure it, image by image: whether its own caption is nearer than all others of a number of
    /// captions, the others being drawn from images of other groups. The share of true ones is the metric.
    /// </summary>
    /// <param name="images">Embeddings [N, D].</param>
    /// <param name="texts">Embeddings of a caption of each image, [N, D].</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="groups">
    /// [N]; images of a group have captions that say the same (<see cref="IImageSource.CaptionGroup"/>), and none is another's rival.
    /// </param>
    /// <param name="candidates">Captions that an image has to choose from, its own among them; at least 2.</param>
    /// <param name="seed">Decides the others.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>For each image, whether it found its caption. Another one that is as near counts as nearer.</returns>
    /// <exception cref="ArgumentException">Lengths that do not fit, or too few captions of other groups.</exception>
    public static IReadOnlyList<bool> FindOwnCaptions(
        ReadOnlyMemory<float> images, ReadOnlyMemory<float> texts, int embeddingSize, IReadOnlyList<int> groups, int candidates = 100,
        long seed = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 2);
        var count = Require(images, texts, embeddingSize, groups);
        var largest = groups.GroupBy(group => group).Max(group => group.Count());
        if (count - largest < candidates - 1)
            throw new ArgumentException($"Each image needs {candidates - 1} captions of other groups to choose from, but of the {count} " +
                $"images {largest} are of one group.", nameof(groups));
        var found = new bool[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var image = Row(images, i, embeddingSize);
            var own = Cosine(image, Row(texts, i, embeddingSize));
            var rivals = new HashSet<int>();
            found[i] = true;
            for (var draw = 0L; rivals.Count < candidates - 1; draw++)
            {
                var other = Hashing.Below(Hashing.Combine(seed, i, draw), count);
                if (groups[other] == groups[i] || !rivals.Add(other)) continue;
                if (!(own > Cosine(image, Row(texts, other, embeddingSize)))) found[i] = false;
            }
        });
        return found;
    }

    /// <summary>
    /// Whether an image is nearest to its own class, image by image: a class is the mean of its captions' embeddings, each of the length 1,
    /// as in the zero-shot classification of Reed et al. 2016.
    /// </summary>
    /// <param name="images">Embeddings [N, D].</param>
    /// <param name="texts">Embeddings of a caption of each image, [N, D].</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="classes">[N]; two different ones at least.</param>
    /// <returns>For each image, whether its class is nearest.</returns>
    /// <exception cref="ArgumentException">Lengths that do not fit, or a single class.</exception>
    public static IReadOnlyList<bool> FindOwnClasses(
        ReadOnlyMemory<float> images, ReadOnlyMemory<float> texts, int embeddingSize, IReadOnlyList<int> classes)
    {
        var count = Require(images, texts, embeddingSize, classes);
        var means = new Dictionary<int, float[]>();
        for (var i = 0; i < count; i++)
        {
            if (!means.TryGetValue(classes[i], out var mean)) means.Add(classes[i], mean = new float[embeddingSize]);
            var text = Row(texts, i, embeddingSize);
            // A mean's length does not change its cosine, so that sums do.
            if (TensorPrimitives.Norm(text) is > 0 and var norm) TensorPrimitives.MultiplyAdd(text, 1 / norm, mean, mean);
        }
        if (means.Count < 2) throw new ArgumentException("There are 2 classes to tell apart at least; got 1.", nameof(classes));
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var image = Row(images, i, embeddingSize);
            var own = Cosine(image, means[classes[i]]);
            foreach (var (other, mean) in means)
                if (other != classes[i] && !(own > Cosine(image, mean))) return false;
            return true;
        })];
    }

    private static int Require(ReadOnlyMemory<float> images, ReadOnlyMemory<float> texts, int size, IReadOnlyList<int> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (groups.Count == 0) throw new ArgumentException("There are no images.", nameof(groups));
        foreach (var (name, values) in new[] { (nameof(images), images), (nameof(texts), texts) })
        {
            if (values.Length != (long)groups.Count * size)
                throw new ArgumentException($"{groups.Count} embeddings of {size} numbers are {(long)groups.Count * size}; got " +
                    $"{values.Length}.", name);
        }
        return groups.Count;
    }

    private static ReadOnlySpan<float> Row(ReadOnlyMemory<float> values, int row, int size) => values.Span.Slice(row * size, size);

    // 0 where an embedding is, which fits nothing.
    private static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        TensorPrimitives.CosineSimilarity(a, b) is var cosine && float.IsNaN(cosine) ? 0 : cosine;
}
