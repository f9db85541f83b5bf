using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>A generator in ONNX: latents in, images out.</summary>
/// <remarks>
/// The file has the input <c>latent</c> float32 [N, Z], and <c>label</c> float32 [N, K] if it is conditional. Its output is <c>image</c>
/// float32 [N, C, H, W] in [-1, 1], or <c>pixels</c> uint8 [N, H, W, C], or both; N is free. Every method works with either output.
/// A generator that makes what a text says has <c>text</c> int64 [N, L] in place of the label: the texts are its labels.
/// Generators of others are taken, too, and then look the same from outside: a sole input or output of any name, latents [N, Z, 1, 1],
/// images [N, H, W, C], a fixed batch, a label that is one whole number, other real types, and the range of values that the metadata name
/// (<see cref="ModelMetadata.PixelRange"/>) or <see cref="ModelOptions.PixelRange"/> declares.
/// All methods may be called from several threads at once; disposing while one runs is not allowed.
/// </remarks>
public sealed partial class GeneratorModel : IDisposable
{
    private readonly OnnxModel _model;
    private readonly float? _truncation;
    private readonly TensorForm _latent;
    private readonly TensorForm? _label, _image, _pixels;
    private readonly RangeGuard _range;

    private GeneratorModel(OnnxModel model, float? truncation)
    {
        (_model, _truncation) = (model, truncation);
        _label = TensorForm.Find(model.Inputs, "label", TensorElementType.Float, rank: 2);
        _latent = TensorForm.Find(model.Inputs, "latent", TensorElementType.Float, rank: 2) is { } found
            && model.Inputs.Count == (_label is null ? 1 : 2)
            ? found
            : throw model.Refuse("is not a generator: it needs the input latent float32 [N, Z], and label float32 [N, K] if it is " +
                "conditional; or one vector of any name, and a label beside it.");
        _image = TensorForm.Find(model.Outputs, "image", TensorElementType.Float, rank: 4);
        _pixels = TensorForm.Find(model.Outputs, "pixels", TensorElementType.UInt8, rank: 4);
        if (_image is null && _pixels is null)
            throw model.Refuse("is not a generator: it needs an output image float32 [N, C, H, W] or pixels uint8 [N, H, W, C], " +
                "with all but N fixed; or one image of any name.");
        (Channels, Height, Width) = _image is not null ? (_image[0], _image[1], _image[2]) : (_pixels![2], _pixels[0], _pixels[1]);
        model.RequireBatch(_latent, _image ?? _pixels!);
        _range = new RangeGuard(
            model.Path, model.Metadata.ContainsKey(ModelMetadata.PixelRange) || GeneratorForm.EndsInTanh(model.Content.Model.Graph));
        Vocabulary = ModelTexts.VocabularyOf(model);
        if (Vocabulary is not null && Vocabulary.Length != LabelSize)
            throw new ModelException($"'{model.Path}' takes {LabelSize} ids of a text, but its vocabulary gives {Vocabulary.Length}.");
        TextExamples = ModelTexts.ExamplesOf(model);
        Labels = ReadLabels();
        LabelExamples = ReadLabelExamples();
        model.Settle();
    }

    /// <summary>Z, the values of one latent.</summary>
    public int LatentSize => _latent.RowSize;

    /// <summary>C, the channels of an image: 1 is gray, 3 is red, green, blue.</summary>
    public int Channels { get; }

    /// <summary>H, the rows of an image.</summary>
    public int Height { get; }

    /// <summary>W, the columns of an image.</summary>
    public int Width { get; }

    /// <summary>Values of one image: C * H * W.</summary>
    public int ImageSize => Channels * Height * Width;

    /// <summary>The file's metadata; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

    /// <summary>
    /// Where it runs: <c>cpu</c>, or <c>cuda:0</c> and so on. A provider added by <see cref="ModelOptions.ConfigureSession"/> does not show
    /// here.
    /// </summary>
    public string Device => _model.Device;

    /// <summary>
    /// Why it runs on the CPU, and not on what <see cref="ModelOptions.Provider"/> asked for; null where it runs there. Only with
    /// <see cref="ModelOptions.FallbackToCpu"/>.
    /// </summary>
    public string? FallbackReason => _model.FallbackReason;

    /// <summary>The most latents that enter the network at once (<see cref="ModelOptions.BatchSize"/>).</summary>
    public int BatchSize => _model.BatchSize;

    /// <summary>Opens a generator.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">
    /// No such file, no ONNX model, a damaged one, one that would crash or take more than <see cref="ModelOptions.MemoryLimit"/>, one
    /// without a generator's inputs and outputs, or a GPU that cannot be used.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static GeneratorModel Load(string path, ModelOptions? options = null) =>
        Of(OnnxModel.Load(path, options, Form(options)), options);

    /// <summary>Opens a generator that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static GeneratorModel Load(byte[] bytes, ModelOptions? options = null) =>
        Of(OnnxModel.Load(bytes, options, Form(options)), options);

    /// <summary>
    /// The model as it runs: an ONNX file's content, whole, with this project's names and forms; see <see cref="ModelOptions.KeepsBytes"/>.
    /// </summary>
    internal byte[] Bytes => _model.Bytes;

    private static Adaptation Form(ModelOptions? options) =>
        (graph, inputs, outputs) => GeneratorForm.Adapt(graph, inputs, outputs, options?.PixelRange);

    private static GeneratorModel Of(OnnxModel model, ModelOptions? options)
    {
        try
        {
            return new GeneratorModel(model, options?.Truncation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();
}
