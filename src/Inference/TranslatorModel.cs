using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>A network in ONNX that turns images into images, such as the generator of Pix2Pix or CycleGAN.</summary>
/// <remarks>
/// The file has one input, <c>image</c> float32 [N, C, H, W], and an output, <c>translation</c> float32 [N, C, H, W], both in [-1, 1];
/// sizes and channels of the two may differ; N is free. Models of others are taken, too: a sole input or output of any name, images
/// [N, H, W, C], a fixed batch, other real types, bytes as input, and the range of values that the metadata name
/// (<see cref="ModelMetadata.PixelRange"/>)
/// or <see cref="ModelOptions.PixelRange"/> declares for both sides. All methods may be called from several threads at once.
/// </remarks>
public sealed class TranslatorModel : IDisposable
{
    private readonly OnnxModel _model;
    private readonly TensorForm _image, _translation;
    private readonly RangeGuard _range;

    private TranslatorModel(OnnxModel model)
    {
        _model = model;
        _image = TensorForm.Find(model.Inputs, TranslatorForm.Image, TensorElementType.Float, rank: 4) is { } found
            && model.Inputs.Count == 1
            ? found
            : throw model.Refuse("takes no images: it needs the one input image float32 [N, C, H, W], with all but N fixed; " +
                "any name will do.");
        _translation = TensorForm.Find(model.Outputs, TranslatorForm.Translation, TensorElementType.Float, rank: 4)
            ?? throw model.Refuse("makes no images: it needs an output translation float32 [N, C, H, W], with all but N fixed, or only " +
                "one output, of any name.");
        model.RequireBatch(_image, _translation);
        var isKnown = model.Metadata.ContainsKey(ModelMetadata.PixelRange)
            || GeneratorForm.EndsInTanh(model.Content.Model.Graph, TranslatorForm.Translation);
        _range = new RangeGuard(model.Path, isKnown);
        model.Settle();
    }

    /// <summary>C of the images that it takes: 1 is gray, 3 is red, green, blue.</summary>
    public int Channels => _image[0];

    /// <summary>H of the images that it takes.</summary>
    public int Height => _image[1];

    /// <summary>W of the images that it takes.</summary>
    public int Width => _image[2];

    /// <summary>Values of one image that it takes.</summary>
    public int ImageSize => _image.RowSize;

    /// <summary>C of the images that it makes.</summary>
    public int OutputChannels => _translation[0];

    /// <summary>H of the images that it makes.</summary>
    public int OutputHeight => _translation[1];

    /// <summary>W of the images that it makes.</summary>
    public int OutputWidth => _translation[2];

    /// <summary>Values of one image that it makes.</summary>
    public int OutputSize => _translation.RowSize;

    /// <summary>The file's metadata; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

    /// <summary>Where it runs: <c>cpu</c>, <c>cuda:0</c> and so on.</summary>
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
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">
    /// No such file, no ONNX model, a damaged one, one that would crash or take more than <see cref="ModelOptions.MemoryLimit"/>, one
    /// without these inputs and outputs, or a device that cannot be used.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static TranslatorModel Load(string path, ModelOptions? options = null) => Of(OnnxModel.Load(path, options, Form(options)));

    /// <summary>Opens a model that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static TranslatorModel Load(byte[] bytes, ModelOptions? options = null) =>
        Of(OnnxModel.Load(bytes, options, Form(options)));

    /// <summary>Translates images, [N, C, H, W].</summary>
    /// <param name="images">Images of the model's size, in [-1, 1].</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images of another size or number of channels.</exception>
    /// <exception cref="ModelException">
    /// ONNX Runtime failed, or the model's numbers are not finite, or in no range that is known.
    /// </exception>
    public ImageTensor Translate(ImageTensor images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        if ((images.Channels, images.Height, images.Width) != (Channels, Height, Width))
        {
            throw new ArgumentException($"The images are [{images.Channels}, {images.Height}, {images.Width}], the model '{_model.Path}' " +
                $"takes [{Channels}, {Height}, {Width}].", nameof(images));
        }
        var made = new float[checked(images.Count * OutputSize)];
        Translate(images.Values, made, cancellationToken);
        return new ImageTensor(made, images.Count, OutputChannels, OutputHeight, OutputWidth);
    }

    /// <summary>The same into memory that the caller provides; nothing proportional to N is allocated.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1]; N * <see cref="ImageSize"/> values.</param>
    /// <param name="translations">Receives [N, C, H, W] in [-1, 1]; exactly N * <see cref="OutputSize"/> values.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">As <see cref="Translate(ImageTensor, CancellationToken)"/>.</exception>
    public void Translate(ReadOnlySpan<float> images, Span<float> translations, CancellationToken cancellationToken = default)
    {
        var count = Math.DivRem(images.Length, ImageSize, out var remainder);
        if (remainder != 0)
        {
            throw new ArgumentException(
                $"{images.Length} values given, which is not a multiple of an image's {ImageSize}.", nameof(images));
        }
        if (translations.Length != (long)count * OutputSize)
        {
            throw new ArgumentException($"{count} images of {OutputSize} values need {(long)count * OutputSize}; {translations.Length} " +
                "given.", nameof(translations));
        }
        _model.Run(_image, images, _translation, translations, count, cancellationToken);
        _range.Require(translations);
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();

    private static Adaptation Form(ModelOptions? options) =>
        (graph, inputs, outputs) => TranslatorForm.Adapt(graph, inputs, outputs, options?.PixelRange);

    private static TranslatorModel Of(OnnxModel model)
    {
        try
        {
            return new TranslatorModel(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
