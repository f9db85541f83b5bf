using Google.Protobuf;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>A network in ONNX that turns images into vectors, such as a frozen discriminator's features or a classifier's logits.</summary>
/// <remarks>
/// The file has one input, <c>image</c> float32 [N, C, H, W] in [-1, 1], and an output float32 [N, F] whose name the caller
/// chooses; N is free. Other outputs are not computed. Models of others are taken, too, and then look the same from outside: a sole input
/// or output of any name, images [N, H, W, C], vectors [N, F, 1, 1], a fixed batch, other real types or bytes, and the range of values that
/// the metadata name (<see cref="ModelMetadata.PixelRange"/>) or <see cref="ModelOptions.PixelRange"/> declares. All methods may be called
/// from several threads at once.
/// </remarks>
public sealed class FeatureModel : IDisposable
{
    internal const string DefaultOutput = "features";

    private readonly OnnxModel _model;
    private readonly TensorForm _image, _features;

    private FeatureModel(OnnxModel model, string output)
    {
        _model = model;
        _image = TensorForm.Find(model.Inputs, "image", TensorElementType.Float, rank: 4) is { } found && model.Inputs.Count == 1
            ? found
            : throw model.Refuse("takes no images: it needs the one input image float32 [N, C, H, W], with all but N fixed; " +
                "any name will do.");
        _features = TensorForm.Find(model.Outputs, output, TensorElementType.Float, rank: 2)
            ?? throw model.Refuse($"has no features of that name: it needs an output {output} float32 [N, F], with F " +
                "fixed, or only one.");
        model.RequireBatch(_image, _features);
        Layers = output == DefaultOutput && model.Metadata.TryGetValue(ModelMetadata.Features, out var layers) ? ReadLayers(layers)
            : [];
        model.Settle();
    }

    /// <summary>F, the values of one image's vector.</summary>
    public int FeatureCount => _features.RowSize;

    /// <summary>C, the channels of an image: 1 is gray, 3 is red, green, blue.</summary>
    public int Channels => _image[0];

    /// <summary>H, the rows of an image.</summary>
    public int Height => _image[1];

    /// <summary>W, the columns of an image.</summary>
    public int Width => _image[2];

    /// <summary>Values of one image: C * H * W.</summary>
    public int ImageSize => _image.RowSize;

    /// <summary>The file's metadata; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

    /// <summary>The layers that the vector consists of, in order; empty if the metadata do not list them.</summary>
    public IReadOnlyList<FeatureLayer> Layers { get; }

    /// <summary>Where it runs: <c>cpu</c>, or <c>cuda:0</c> and so on.</summary>
    public string Device => _model.Device;

    /// <summary>
    /// Why it runs on the CPU, and not on what <see cref="ModelOptions.Provider"/> asked for; null where it runs there. Only with
    /// <see cref="ModelOptions.FallbackToCpu"/>.
    /// </summary>
    public string? FallbackReason => _model.FallbackReason;

    /// <summary>The most images that enter the network at once (<see cref="ModelOptions.BatchSize"/>).</summary>
    public int BatchSize => _model.BatchSize;

    /// <summary>Opens a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="output">The output to read, such as <c>features</c>, <c>logits</c> or a discriminator's <c>logit</c>.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">
    /// No such file, no ONNX model, a damaged one, one that would crash or take more than <see cref="ModelOptions.MemoryLimit"/>, one
    /// without these inputs and outputs, or a GPU that cannot be used.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static FeatureModel Load(string path, string output = DefaultOutput, ModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        return Of(OnnxModel.Load(path, options, Form(output, options)), output);
    }

    /// <summary>Opens a model whose height and width may be free, as those of convolutions alone are: they are fixed then.</summary>
    /// <exception cref="ModelException">As <see cref="Load(string, string, ModelOptions?)"/>.</exception>
    internal static FeatureModel LoadAt(string path, int side, ModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!ImageFacts.Read(path).IsFree) return Load(path, options: options);
        var model = ModelContent.ReadWeights(path);
        ImageFacts.Fix(model, side);
        return Of(OnnxModel.Load(path, model.ToByteArray(), options, Form(DefaultOutput, options)), DefaultOutput);
    }

    /// <summary>Opens a model for what it takes, whatever its outputs are called.</summary>
    /// <exception cref="ModelException">As <see cref="Load(string, string, ModelOptions?)"/>.</exception>
    internal static FeatureModel OfAnyOutput(string path)
    {
        var outputs = ModelContent.Read(path, new ModelOptions().MemoryLimit).Model.Graph.Output.Select(output => output.Name).ToArray();
        return Load(path, outputs.Contains(DefaultOutput) || outputs.Length == 0 ? DefaultOutput : outputs[0]);
    }

    /// <summary>Opens a model that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="output">The output to read, such as <c>features</c>, <c>logits</c> or a discriminator's <c>logit</c>.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static FeatureModel Load(byte[] bytes, string output = DefaultOutput, ModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        return Of(OnnxModel.Load(bytes, options, Form(output, options)), output);
    }

    /// <summary>
    /// The model as it runs: an ONNX file's content, whole, with this project's names and forms; see <see cref="ModelOptions.KeepsBytes"/>.
    /// </summary>
    internal byte[] Bytes => _model.Bytes;

    private static Adaptation Form(string output, ModelOptions? options) =>
        (graph, inputs, outputs) => ImageModelForm.Adapt(graph, inputs, outputs, output, options?.PixelRange);

    private static FeatureModel Of(OnnxModel model, string output)
    {
        try
        {
            return new FeatureModel(model, output);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Vectors of images into memory that the caller provides; nothing proportional to N is allocated.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1].</param>
    /// <param name="features">Receives [N, F]; exactly N * <see cref="FeatureCount"/> values.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void Extract(ReadOnlySpan<float> images, Span<float> features, CancellationToken cancellationToken = default)
    {
        var count = Math.DivRem(images.Length, ImageSize, out var remainder);
        if (remainder != 0)
            throw new ArgumentException($"{images.Length} values given, which is not a multiple of an image's {ImageSize}.",
                nameof(images));
        if (features.Length != (long)count * FeatureCount)
            throw new ArgumentException($"{count} vectors of {FeatureCount} values need {(long)count * FeatureCount}; {features.Length} " +
                "given.", nameof(features));
        _model.Run(_image, images, _features, features, count, cancellationToken);
    }

    /// <summary>Vectors of images, [N, F].</summary>
    /// <param name="images">Images of the model's size, in [-1, 1].</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images of another size or number of channels.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public float[] Extract(ImageTensor images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireSize(images);
        var vectors = new float[checked(images.Count * FeatureCount)];
        Extract(images.Values, vectors, cancellationToken);
        return vectors;
    }

    /// <exception cref="ArgumentException">Images of another size or number of channels.</exception>
    internal void RequireSize(ImageTensor images)
    {
        if ((images.Channels, images.Height, images.Width) == (Channels, Height, Width)) return;
        throw new ArgumentException($"The images are [{images.Channels}, {images.Height}, {images.Width}], the model '{_model.Path}' " +
            $"takes [{Channels}, {Height}, {Width}].", nameof(images));
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();

    private IReadOnlyList<FeatureLayer> ReadLayers(string text)
    {
        try
        {
            var layers = FeatureLayer.Read(text);
            var described = layers.Sum(layer => layer.Count);
            return described == FeatureCount ? layers : throw new FormatException($"They have {described} features, the model has " +
                $"{FeatureCount}.");
        }
        catch (FormatException e)
        {
            throw new ModelException(
                $"'{_model.Path}' describes its features wrongly in the metadata {ModelMetadata.Features}: {e.Message}",
                e);
        }
    }
}
