using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>A network in ONNX that turns images into images, such as the generator of Pix2Pix or CycleGAN.</summary>
/// <remarks>
/// The file has one input, <c>image</c> float32 [N, C, H, W], and an output, <c>translation</c> float32 [N, C, H, W], both in [-1, 1];
/// sizes and channels of the two may differ; N is free, and H and W may be (<see cref="HasFreeSize"/>). A second input <c>noise</c>
/// float32 [N, K] of uniform numbers is filled here (<see cref="ModelOptions.NoiseSeed"/>). Models of
/// others are taken, too: a sole input or output of any name, images
/// [N, H, W, C], a fixed batch, other real types, bytes as input, and the range of values that the metadata name
/// (<see cref="ModelMetadata.PixelRange"/>)
/// or <see cref="ModelOptions.PixelRange"/> declares for both sides. All methods may be called from several threads at once.
/// </remarks>
public sealed partial class TranslatorModel : IDisposable
{
    private readonly OnnxModel _model;
    private readonly TensorForm _image, _translation;
    private readonly RangeGuard _range;
    private readonly FreeImages? _free;
    private readonly SizedImages? _sized;

    private TranslatorModel(OnnxModel model)
    {
        _model = model;
        _image = TensorForm.FindImages(model.Inputs, TranslatorForm.Image) is { } found && model.Inputs.Count == 1
            ? found
            : throw model.Refuse("takes no images: it needs the one input image float32 [N, C, H, W], with C fixed; any name will do.");
        _translation = TensorForm.FindImages(model.Outputs, TranslatorForm.Translation)
            ?? throw model.Refuse("makes no images: it needs an output translation float32 [N, C, H, W], with C fixed, or only one " +
                "output, of any name.");
        model.RequireBatch(_image, _translation);
        if (_image.IsFree || _translation.IsFree) _free = new FreeImages(model, _image, _translation);
        (Height, Width) = _free?.Trained ?? (_image[1], _image[2]);
        _sized = _free is null ? new SizedImages(_image, _translation, model.BatchSize) : _free.OfTraining();
        var isKnown = model.Metadata.ContainsKey(ModelMetadata.PixelRange)
            || GeneratorForm.EndsInTanh(model.Content.Model.Graph, TranslatorForm.Translation);
        _range = new RangeGuard(model.Path, isKnown);
        model.Settle();
    }

    /// <summary>C of the images that it takes: 1 is gray, 3 is red, green, blue.</summary>
    public int Channels => _image[0];

    /// <summary>
    /// Whether it takes images of any height or width, within <see cref="SideMultiple"/> and <see cref="LeastSide"/>.
    /// </summary>
    public bool HasFreeSize => _image.IsFree;

    /// <summary>
    /// Whether dropout stays in use, and <see cref="ModelOptions.NoiseSeed"/> decides what it drops (Isola et al. 2017, section 2.2).
    /// </summary>
    public bool HasNoise => Metadata.ContainsKey(ModelMetadata.NoiseDistribution);

    /// <summary>
    /// H of the images that it takes. With <see cref="HasFreeSize"/>, that of the training's images, or 0 where the model does not say.
    /// </summary>
    public int Height { get; }

    /// <summary>W, likewise.</summary>
    public int Width { get; }

    /// <summary>With <see cref="HasFreeSize"/>, what H and W are multiples of; 1 where the model does not say.</summary>
    public int SideMultiple => _free?.Multiple ?? 1;

    /// <summary>With <see cref="HasFreeSize"/>, the least H and W; 1 where the model does not say.</summary>
    public int LeastSide => _free?.Least ?? 1;

    /// <summary>Values of one image of <see cref="Height"/> and <see cref="Width"/>.</summary>
    public int ImageSize => _sized?.Image.RowSize ?? 0;

    /// <summary>C of the images that it makes.</summary>
    public int OutputChannels => _translation[0];

    /// <summary>H of the images that it makes of those of <see cref="Height"/> and <see cref="Width"/>.</summary>
    public int OutputHeight => _sized?.Translation[1] ?? 0;

    /// <summary>W of the images that it makes, likewise.</summary>
    public int OutputWidth => _sized?.Translation[2] ?? 0;

    /// <summary>Values of one image that it makes, likewise.</summary>
    public int OutputSize => _sized?.Translation.RowSize ?? 0;

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
    public int BatchSize => _sized?.BatchSize ?? _model.BatchSize;

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

    /// <summary>
    /// The model as it runs: an ONNX file's content, whole, with this project's names and forms; see <see cref="ModelOptions.KeepsBytes"/>.
    /// </summary>
    internal byte[] Bytes => _model.Bytes;

    /// <summary>The most of these images that enter it at once.</summary>
    /// <exception cref="ArgumentException">As <see cref="Translate(ImageTensor, CancellationToken)"/>.</exception>
    internal int BatchOf(ImageTensor images)
    {
        RequireChannels(images);
        RequireSize(images.Height, images.Width);
        return Sized(images.Height, images.Width).BatchSize;
    }

    /// <summary>Whether it takes images of a size.</summary>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public bool Takes(int height, int width) => _free?.Takes(height, width) ?? (height, width) == (Height, Width);

    /// <summary>Translates images, [N, C, H, W].</summary>
    /// <param name="images">Images of the model's size, or with <see cref="HasFreeSize"/> of any that it takes, in [-1, 1].</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">
    /// Images of another number of channels, or of a size that the model does not take, or that needs more memory than is allowed.
    /// </exception>
    /// <exception cref="ModelException">
    /// ONNX Runtime failed, or the model's numbers are not finite, or in no range that is known.
    /// </exception>
    public ImageTensor Translate(ImageTensor images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireChannels(images);
        RequireSize(images.Height, images.Width);
        var sized = Sized(images.Height, images.Width);
        var made = new ImageTensor(images.Count, OutputChannels, sized.Translation[1], sized.Translation[2]);
        Run(sized, images.Values, made.Values, images.Count, cancellationToken);
        return made;
    }

    /// <summary>The same into memory that the caller provides; nothing proportional to N is allocated.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1], of <see cref="Height"/> and <see cref="Width"/>; N * <see cref="ImageSize"/>
    /// values.</param>
    /// <param name="translations">Receives [N, C, H, W] in [-1, 1]; exactly N * <see cref="OutputSize"/> values.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="InvalidOperationException">The model does not say a size; give images as an <see cref="ImageTensor"/>.</exception>
    /// <exception cref="ModelException">As <see cref="Translate(ImageTensor, CancellationToken)"/>.</exception>
    public void Translate(ReadOnlySpan<float> images, Span<float> translations, CancellationToken cancellationToken = default)
    {
        if (_sized is null)
            throw new InvalidOperationException($"'{_model.Path}' takes images of any size, and names none: give an ImageTensor.");
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
        Run(Sized(Height, Width), images, translations, count, cancellationToken);
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();

    private void Run(SizedImages sized, ReadOnlySpan<float> images, Span<float> translations, int count,
        CancellationToken cancellationToken)
    {
        try
        {
            _model.Run(sized.Image, images, sized.Translation, translations, count, cancellationToken, sized.BatchSize);
        }
        catch (ModelException e) when (_free is { IsStated: false } && e.InnerException is OnnxRuntimeException)
        {
            throw _free.Unstated(sized.Image[1], sized.Image[2], e);
        }
        _range.Require(translations);
    }

    private SizedImages Sized(int height, int width) => _free?.At(height, width) ?? _sized!;

    private void RequireChannels(ImageTensor images)
    {
        if (images.Channels == Channels) return;
        throw new ArgumentException($"The images have {images.Channels} channels, the model '{_model.Path}' takes {Channels}.",
            nameof(images));
    }

    private void RequireSize(int height, int width)
    {
        if (Takes(height, width)) return;
        throw new ArgumentException($"The images are [{Channels}, {height}, {width}], the model '{_model.Path}' takes " +
            (_free?.Describe() ?? $"[{Channels}, {Height}, {Width}]") + ".", nameof(height));
    }

    private static Adaptation Form(ModelOptions? options) =>
        (graph, inputs, outputs) => TranslatorForm.Adapt(graph, inputs, outputs, options?.PixelRange, options?.NoiseSeed ?? 0);

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
