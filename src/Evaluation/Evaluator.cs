using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>Turns images into feature sets, from which all metrics are computed.</summary>
/// <remarks>
/// Any ONNX file with an input <c>image</c> float32 [N, C, H, W] in [-1, 1] and an output <c>features</c> float32 [N, F] will do. Metrics
/// of different feature spaces cannot be compared. Not for use from several threads at once.
/// <para>
/// A file that takes [N, 3, 299, 299], or free height and width, and gives 2048 features is taken for Inception: see
/// <see cref="IsInception"/>.
/// </para>
/// </remarks>
public sealed class Evaluator : IDisposable
{
    private const int InceptionSide = 299, InceptionFeatures = 2048, PixelSide = 16;

    // None where the features are pixels.
    private readonly FeatureModel? _model;
    private readonly int _parts = 1;
    private float[] _features = [];

    private Evaluator(FeatureModel model, int parts)
    {
        (_model, _parts, Channels, FeatureCount) = (model, parts, model.Channels * parts, model.FeatureCount * parts);
        (Height, Width, Metadata) = (model.Height, model.Width, model.Metadata);
    }

    private Evaluator(int channels) =>
        (Channels, Height, Width, FeatureCount) = (channels, PixelSide, PixelSide, channels * PixelSide * PixelSide);

    /// <summary>
    /// Whether the features are those of Inception as FID takes them (Heusel et al. 2017), by the rules of the published programs: images
    /// are rounded to 8 bits, as in a picture file, and resized to 299 x 299 bilinearly without antialiasing. A network of pixels in
    /// [0, 255] is torch-fidelity's, which resizes as TensorFlow 1 does; any other is pytorch-fid's, which resizes as PyTorch does. That
    /// the network is an Inception cannot be told from its form alone; whoever names the file answers for it.
    /// </summary>
    public bool IsInception => _parts == 1 && FeatureCount == InceptionFeatures && Channels == 3
        && Height == InceptionSide && Width == InceptionSide;

    /// <summary>Whether images are resized as TensorFlow 1 does: see <see cref="IsInception"/>.</summary>
    public bool IsTensorFlow { get; private init; }

    /// <summary>C, the channels of the images that it takes.</summary>
    public int Channels { get; }

    /// <summary>H, the rows that images are resized to.</summary>
    public int Height { get; }

    /// <summary>W, the columns that images are resized to.</summary>
    public int Width { get; }

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
    public static Evaluator Load(string path, ModelOptions? options = null)
    {
        var model = FeatureModel.LoadAt(path, InceptionSide, options);
        try
        {
            var facts = ImageFacts.Read(path);
            var evaluator = new Evaluator(model, 1)
            {
                IsTensorFlow = (options?.PixelRange ?? facts.Stated) == PixelRange.ZeroTo255,
            };
            if (facts.IsFree && !evaluator.IsInception)
                throw new ModelException($"'{path}' takes images of any size and gives {model.FeatureCount} features. Only an " +
                    $"Inception of {InceptionFeatures} features is taken so; export it with a fixed height and width.");
            if (evaluator.IsInception && facts.IsBytes)
                throw new ModelException($"'{path}' takes bytes, to which resized images would be rounded. Export it with the input " +
                    "float32 of values from 0 to 255.");
            return evaluator;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

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
        _model.Extract(Resized(images).Values, features, cancellationToken);
        return features;
    }

    private ImageTensor Resized(ImageTensor images)
    {
        if (!IsInception) return AreaResampling.Resize(images, Height, Width);
        var bytes = new byte[images.Values.Length];
        PixelValues.FromFloats(images.Values, bytes);
        return BilinearResampling.Resize(ImageTensor.FromBytes(bytes, images.Count, images.Channels, images.Height, images.Width),
            Height, Width, halfPixel: !IsTensorFlow);
    }

    /// <summary>Closes the model.</summary>
    public void Dispose() => _model?.Dispose();
}
