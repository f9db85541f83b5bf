using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>Turns images into feature sets, from which all metrics are computed.</summary>
/// <remarks>
/// Any ONNX file with an input <c>image</c> float32 [N, C, H, W] in [-1, 1] and an output <c>features</c> float32 [N, F] will do. Metrics
/// of different feature spaces cannot be compared. Not for use from several threads at once.
/// </remarks>
public sealed class Evaluator : IDisposable
{
    private const int PixelSide = 16;

    private readonly FeatureModel? _model;
    private float[] _features = [];

    private Evaluator(FeatureModel model, int parts) =>
        (_model, Channels, FeatureCount, Metadata) = (model, model.Channels * parts, model.FeatureCount * parts, model.Metadata);

    private Evaluator(int channels) => (Channels, FeatureCount) = (channels, channels * PixelSide * PixelSide);

    /// <summary>C, the channels of the images that it takes.</summary>
    public int Channels { get; }

    /// <summary>F, the features of an image.</summary>
    public int FeatureCount { get; }

    /// <summary>What the file says about itself; see <see cref="ModelMetadata"/> for the keys. Empty where there is no file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>
    /// The feature space of coarse pixels: an image's values after it is brought to 16 x 16. For want of a network; it sees colours and
    /// coarse shapes alone.
    /// </summary>
    /// <param name="channels">C, the channels of the images.</param>
    public static Evaluator OfPixels(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        return new(channels);
    }

    /// <summary>Opens a feature space.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">No such file, no ONNX model, or one without such inputs and outputs.</exception>
    public static Evaluator Load(string path, ModelOptions? options = null) => new(FeatureModel.Load(path, options: options), 1);

    /// <summary>
    /// Opens a feature space of gray images for images whose channels are images by themselves, such as stacked digits: the features of an
    /// image are those of its first channel, then those of its second one, and so on.
    /// </summary>
    /// <param name="path">An ONNX file whose images have one channel.</param>
    /// <param name="channels">C, the channels of the images.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load"/>, or a model of images with several channels.</exception>
    public static Evaluator LoadByChannel(string path, int channels, ModelOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        var model = FeatureModel.Load(path, options: options);
        if (model.Channels == 1) return new(model, channels);
        using (model)
            throw new ModelException($"'{path}' takes images of {model.Channels} channels, but to take one channel at a time it must be " +
                "of gray images.");
    }

    /// <summary>The features of images without labels.</summary>
    /// <inheritdoc cref="Extract(IEnumerable{ImageBatch}, int, Action{long}?, CancellationToken)"/>
    public FeatureSet Extract(IEnumerable<ImageTensor> batches, int vectors = FeatureSet.MostVectors, Action<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return Extract(batches.Select(images => new ImageBatch(images, [])), vectors, progress, cancellationToken);
    }

    /// <summary>The features of images; memory does not grow with their number beyond <paramref name="vectors"/>.</summary>
    /// <param name="batches">Images of any size with C channels. They are resized to the model's H x W.</param>
    /// <param name="vectors">How many feature vectors to keep, the first ones, for metrics that compare single images.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images with another number of channels, or a feature that is not finite.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public FeatureSet Extract(IEnumerable<ImageBatch> batches, int vectors = FeatureSet.MostVectors, Action<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegative(vectors);
        var statistics = new GaussianStatistics(FeatureCount);
        var kept = new List<float>();
        List<int> keptLabels = [];
        foreach (var (images, labels) in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var features = Vectors(images, cancellationToken);
            statistics.Add(features);
            var room = Math.Min(images.Count, vectors - kept.Count / FeatureCount);
            kept.AddRange(features[..(room * FeatureCount)]);
            keptLabels.AddRange(labels.Take(room));
            progress?.Invoke(statistics.Count);
        }
        return new FeatureSet(statistics, kept.ToArray(), keptLabels);
    }

    /// <summary>The features of images of any size with C channels, [N, F]; good until the next call.</summary>
    internal ReadOnlySpan<float> Vectors(ImageTensor images, CancellationToken cancellationToken)
    {
        if (_model is null) return AreaResampling.Resize(images, PixelSide, PixelSide).Values;
        var length = images.Count * FeatureCount;
        if (_features.Length < length) _features = new float[length];
        var features = _features.AsSpan(0, length);
        _model.Extract(AreaResampling.Resize(images, _model.Height, _model.Width).Values, features, cancellationToken);
        return features;
    }

    /// <summary>Closes the model.</summary>
    public void Dispose() => _model?.Dispose();
}
