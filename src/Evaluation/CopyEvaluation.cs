using System.Numerics.Tensors;
using GanPipeline.Data;

namespace GanPipeline.Evaluation;

/// <summary>Finds the nearest training picture of each sample, in a feature space and in pixels.</summary>
public static class CopyEvaluation
{
    private const int Batch = 128;

    /// <summary>
    /// Compares samples with all training pictures. Memory grows with the samples and held-out pictures alone, 2,000 by default; time with
    /// their product with the training pictures.
    /// </summary>
    /// <param name="evaluator">The feature space.</param>
    /// <param name="samples">The samples; as many as <paramref name="count"/> are taken.</param>
    /// <param name="heldOut">Real pictures that the generator was not trained with, of the distribution of the training pictures.</param>
    /// <param name="training">The training pictures.</param>
    /// <param name="count">Samples to compare, at most, and held-out pictures likewise, though at least 100 of these.</param>
    /// <param name="progress">Receives the number of training pictures done.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">
    /// Pictures of different shapes, no sample, no training picture, or fewer than 100 held-out pictures.
    /// </exception>
    public static CopyReport Evaluate(
        Evaluator evaluator, IEnumerable<ImageTensor> samples, IImageSource heldOut, IImageSource training, int count = 1000,
        Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(heldOut);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var queries = new NearestPictures(training.Shape);
        queries.Add(evaluator, samples, count, "samples", cancellationToken);
        var ofSamples = queries.Count;
        if (ofSamples == 0) throw new ArgumentException("There is no sample.", nameof(samples));
        // Unusable pictures are made up for by the next ones.
        queries.Add(evaluator, heldOut.ReadBatches(heldOut.Count, Batch, cancellationToken).Select(batch => batch.Images),
            Math.Max(count, CopyDistances.LeastHeldOut), "held-out pictures", cancellationToken);
        if (queries.Count - ofSamples < CopyDistances.LeastHeldOut)
            throw new ArgumentException($"The nearest 1 % of held-out pictures need {CopyDistances.LeastHeldOut} of them or more; there " +
                $"are {queries.Count - ofSamples}.", nameof(heldOut));
        long done = 0;
        foreach (var (images, indices) in training.ReadBatches(training.Count, Batch, cancellationToken))
        {
            queries.Compare(evaluator, images, indices, cancellationToken);
            done += images.Count;
            progress?.Invoke(done);
        }
        if (done == 0) throw new ArgumentException("There is no training picture that can be read.", nameof(training));
        return new CopyReport(queries, ofSamples, training)
        {
            Metrics = new()
            {
                Features = Distances(pixels: false),
                Pixels = Distances(pixels: true),
                Samples = ofSamples,
                HeldOut = queries.Count - ofSamples,
                Training = done,
            },
        };

        CopyDistances Distances(bool pixels) => CopyDistances.Compute(
            [.. Enumerable.Range(0, ofSamples).Select(i => queries.Nearest(i, pixels).Distance)],
            [.. Enumerable.Range(ofSamples, queries.Count - ofSamples).Select(i => queries.Nearest(i, pixels).Distance)]);
    }
}

/// <summary>What <see cref="CopyEvaluation"/> found.</summary>
public sealed class CopyReport
{
    private readonly NearestPictures _queries;
    private readonly int _samples;
    private readonly IImageSource _training;

    internal CopyReport(NearestPictures queries, int samples, IImageSource training) =>
        (_queries, _samples, _training) = (queries, samples, training);

    /// <summary>The distances and what they tell.</summary>
    public required CopyMetrics Metrics { get; init; }

    /// <summary>The samples with their nearest training pictures, nearest first.</summary>
    /// <param name="pixels">By pixels; else by features.</param>
    public IReadOnlyList<CopyPair> Pairs(bool pixels) =>
        [.. from i in Enumerable.Range(0, _samples)
            let nearest = _queries.Nearest(i, pixels)
            orderby nearest.Distance
            select new CopyPair(i, nearest.Picture, nearest.Distance)];

    /// <summary>
    /// The nearest pairs for a grid of so many columns: a row of samples over a row of their training pictures, nearest first; by features,
    /// then the same by pixels.
    /// </summary>
    /// <param name="columns">Pairs of a row.</param>
    /// <param name="rows">Rows of pairs by features, and as many by pixels. Rows that would not be full are left out.</param>
    /// <returns>Images of the training pictures' shape; none if there are fewer samples than columns.</returns>
    /// <exception cref="DataSetException">A training picture can no longer be read.</exception>
    public ImageTensor Grid(int columns = 16, int rows = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        var shape = _training.Shape;
        rows = Math.Min(rows, _samples / columns);
        var bytes = new byte[4 * rows * columns * shape.Size];
        var at = 0;
        foreach (var pixels in new[] { false, true })
        {
            foreach (var row in Pairs(pixels).Take(rows * columns).Chunk(columns))
            {
                foreach (var pair in row) _queries.Pixels(pair.Sample).CopyTo(Next());
                foreach (var pair in row)
                    if (!_training.TryRead(pair.Training, Next()))
                        throw new DataSetException($"Training picture {pair.Training} can no longer be read.");
            }
        }
        return ImageTensor.FromBytes(bytes, 4 * rows * columns, shape.Channels, shape.Height, shape.Width);

        Span<byte> Next() => bytes.AsSpan(at++ * shape.Size, shape.Size);
    }
}

/// <summary>A sample and the training picture that is nearest to it.</summary>
/// <param name="Sample">The sample's number, from 0 on.</param>
/// <param name="Training">The picture's index in the training data.</param>
/// <param name="Distance">Euclidean of features, or the mean absolute difference of 8-bit pixel values.</param>
public sealed record CopyPair(int Sample, int Training, double Distance);

/// <summary>Pictures, and the nearest to each of many others that come by in batches.</summary>
internal sealed class NearestPictures(ImageShape shape)
{
    private readonly List<Query> _queries = [];

    public int Count => _queries.Count;

    public ReadOnlySpan<byte> Pixels(int query) => _queries[query].Pixels;

    /// <summary>The nearest picture so far.</summary>
    public (int Picture, double Distance) Nearest(int query, bool pixels) => _queries[query] is var q && pixels
        ? (q.PixelPicture, (double)q.PixelSum / shape.Size)
        : (q.FeaturePicture, q.FeatureDistance);

    /// <summary>Adds pictures whose neighbours are looked for.</summary>
    public void Add(Evaluator evaluator, IEnumerable<ImageTensor> batches, int count, string what, CancellationToken cancellationToken)
    {
        var left = count;
        foreach (var batch in batches)
        {
            if (left == 0) break;
            var images = batch.Count > left ? batch.Slice(0, left) : batch;
            if ((images.Channels, images.Height, images.Width) != (shape.Channels, shape.Height, shape.Width))
                throw new ArgumentException($"The {what} are {images.Width} x {images.Height} x {images.Channels}, but the training " +
                    $"pictures {shape}: pixels can be compared in equal shapes only.", nameof(batches));
            var (features, pixels) = Describe(evaluator, images, cancellationToken);
            for (var i = 0; i < images.Count; i++)
                _queries.Add(new(features.AsSpan(i * evaluator.FeatureCount, evaluator.FeatureCount).ToArray(),
                    pixels.AsSpan(i * shape.Size, shape.Size).ToArray()));
            left -= images.Count;
        }
    }

    /// <summary>Looks for neighbours among these pictures.</summary>
    public void Compare(Evaluator evaluator, ImageTensor images, int[] indices, CancellationToken cancellationToken)
    {
        var (features, pixels) = Describe(evaluator, images, cancellationToken);
        var width = evaluator.FeatureCount;
        Parallel.ForEach(_queries, new ParallelOptions { CancellationToken = cancellationToken }, query =>
        {
            for (var i = 0; i < indices.Length; i++)
            {
                var distance = TensorPrimitives.Distance(query.Features, features.AsSpan(i * width, width));
                if (distance < query.FeatureDistance) (query.FeatureDistance, query.FeaturePicture) = (distance, indices[i]);
                var sum = PixelDistance.Sum(query.Pixels, pixels.AsSpan(i * shape.Size, shape.Size), query.PixelSum);
                if (sum < query.PixelSum) (query.PixelSum, query.PixelPicture) = (sum, indices[i]);
            }
        });
    }

    private static (float[] Features, byte[] Pixels) Describe(Evaluator evaluator, ImageTensor images, CancellationToken cancellationToken)
    {
        var pixels = new byte[images.Values.Length];
        PixelValues.FromFloats(images.Values, pixels);
        var features = evaluator.Vectors(images, cancellationToken).ToArray();
        return TensorPrimitives.IsFiniteAll(features) ? (features, pixels)
            : throw new ArgumentException("A feature is not a finite number.", nameof(images));
    }

    private sealed class Query(float[] features, byte[] pixels)
    {
        public float[] Features { get; } = features;

        public byte[] Pixels { get; } = pixels;

        public float FeatureDistance { get; set; } = float.PositiveInfinity;

        public int FeaturePicture { get; set; } = -1;

        public long PixelSum { get; set; } = long.MaxValue;

        public int PixelPicture { get; set; } = -1;
    }
}
