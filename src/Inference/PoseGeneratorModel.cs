using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>
/// A network in ONNX that makes an image of an image and a wanted pose: the same brick seen from elsewhere, the same person in another pose
/// (Ma et al. 2017).
/// </summary>
/// <remarks>
/// The file has the inputs <c>image</c> float32 [N, C, H, W] in [-1, 1] and <c>pose</c> float32 [N, P, H, W], the planes of the pose that
/// its metadata describe (<see cref="ModelMetadata.Pose"/>), and the outputs <c>translation</c> and <c>coarse</c> float32 [N, C, H, W] in
/// [-1, 1], of which the second is what the first stage makes. N is free. All methods may be called from several threads at once.
/// </remarks>
public sealed class PoseGeneratorModel : IDisposable
{
    private readonly OnnxModel _model;
    private readonly TensorForm _image, _pose, _translation;
    private readonly TensorForm? _coarse;

    private PoseGeneratorModel(OnnxModel model)
    {
        _model = model;
        _image = Find(model, "image");
        _pose = Find(model, "pose");
        _translation = TensorForm.Find(model.Outputs, "translation", TensorElementType.Float, rank: 4) is { } found && SameSize(found)
            && found[0] == _image[0]
            ? found
            : throw model.Refuse("makes no images of the size that it takes: it needs an output translation float32 [N, C, H, W].");
        _coarse = TensorForm.Find(model.Outputs, "coarse", TensorElementType.Float, rank: 4) is { } coarse
            && coarse.RowSize == _translation.RowSize ? coarse : null;
        if (model.Inputs.Count != 2 || !SameSize(_pose)) throw Refuse(model);
        model.RequireBatch(_image, _translation);
        Pose = PoseOf(model);
        if (Pose.Channels != _pose[0])
            throw new ModelException($"'{model.Path}' takes poses of {_pose[0]} planes, but by its metadata a pose has {Pose.Channels}.");
        model.Settle();
    }

    /// <summary>C of the images that it takes and makes: 1 is gray, 3 is red, green, blue.</summary>
    public int Channels => _image[0];

    /// <summary>H of the images that it takes and makes.</summary>
    public int Height => _image[1];

    /// <summary>W of the images that it takes and makes.</summary>
    public int Width => _image[2];

    /// <summary>What a pose is: two angles, or keypoints and their names.</summary>
    public PoseLayout Pose { get; }

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

    /// <summary>The model as it runs, an ONNX file's content, whole; see <see cref="ModelOptions.KeepsBytes"/>.</summary>
    internal byte[] Bytes => _model.Bytes;

    /// <summary>Opens a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">
    /// No such file, no ONNX model, or one without these inputs and outputs, or that does not say what its poses are.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static PoseGeneratorModel Load(string path, ModelOptions? options = null) => Of(OnnxModel.Load(path, options, AsIs));

    /// <summary>Opens a model that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static PoseGeneratorModel Load(byte[] bytes, ModelOptions? options = null) => Of(OnnxModel.Load(bytes, options, AsIs));

    /// <summary>Makes images of images from wanted views, [N, C, H, W] in [-1, 1].</summary>
    /// <param name="images">Images in [-1, 1] of the model's size, one for each view; or a single one, for all of them.</param>
    /// <param name="views">From where each is wanted.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images of another size or number, or an angle out of its range.</exception>
    /// <exception cref="InvalidOperationException">The model's poses are keypoints.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed, or the model's numbers are not finite.</exception>
    public ImageTensor Generate(ImageTensor images, IReadOnlyList<ViewPose> views, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (Pose.Kind != PoseKind.View)
            throw new InvalidOperationException($"The poses of '{_model.Path}' are keypoints: {string.Join(", ", Pose.Keypoints)}.");
        return Generate(images, Planes(views.Count, (i, planes) => Pose.Write(views[i], planes)), cancellationToken);
    }

    /// <summary>Makes images of images with keypoints at wanted places, [N, C, H, W] in [-1, 1].</summary>
    /// <param name="images">Images in [-1, 1] of the model's size, one for each pose; or a single one, for all of them.</param>
    /// <param name="points">
    /// Of each pose a place for each of <see cref="PoseLayout.Keypoints"/>, in pixels rightwards and downwards; null where it is not there.
    /// </param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images of another size or number, or another number of points.</exception>
    /// <exception cref="InvalidOperationException">The model's poses are angles.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed, or the model's numbers are not finite.</exception>
    public ImageTensor Generate(ImageTensor images, IReadOnlyList<(double X, double Y)?[]> points,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (Pose.Kind != PoseKind.Keypoints) throw new InvalidOperationException($"The poses of '{_model.Path}' are angles.");
        return Generate(images, Planes(points.Count, (i, planes) => Pose.Write(points[i], Width, planes)), cancellationToken);
    }

    /// <summary>Makes images of images and the planes of poses, [N, C, H, W] in [-1, 1].</summary>
    /// <param name="images">Images in [-1, 1] of the model's size, one for each pose; or a single one, for all of them.</param>
    /// <param name="poses">[N, P, H, W] in [-1, 1], as <see cref="PoseLayout"/> describes them.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images or poses of another size or number.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed, or the model's numbers are not finite.</exception>
    public ImageTensor Generate(ImageTensor images, ImageTensor poses, CancellationToken cancellationToken = default) =>
        Run(images, poses, _translation, cancellationToken);

    /// <summary>What the first stage makes by itself; see <see cref="Generate(ImageTensor, ImageTensor, CancellationToken)"/>.</summary>
    /// <exception cref="InvalidOperationException">The model does not give it.</exception>
    public ImageTensor GenerateCoarse(ImageTensor images, ImageTensor poses, CancellationToken cancellationToken = default) =>
        Run(images, poses, _coarse ?? throw new InvalidOperationException($"'{_model.Path}' has no output coarse."), cancellationToken);

    /// <summary>
    /// Planes of poses that a seed decides, [N, P, H, W]: views from all sides, from level to straight down, or keypoints anywhere in the
    /// picture.
    /// </summary>
    internal ImageTensor DrawPoses(int count, long seed)
    {
        var points = Math.Max(1, Pose.Keypoints.Count);
        var numbers = UniformNoise.Of(seed, checked(2 * points * count));
        return Planes(count, (i, planes) =>
        {
            var own = numbers.AsSpan(2 * points * i, 2 * points);
            if (Pose.Kind == PoseKind.View)
            {
                Pose.Write(new ViewPose(360 * own[0], 90 * own[1]), planes);
                return;
            }
            var places = new (double, double)?[points];
            for (var p = 0; p < points; p++) places[p] = (Width * own[2 * p], Height * own[2 * p + 1]);
            Pose.Write(places, Width, planes);
        });
    }

    /// <exception cref="ArgumentException">Images or poses of another size or number.</exception>
    internal void RequireFit(ImageTensor images, ImageTensor poses)
    {
        Require(images, _image, "images");
        Require(poses, _pose, "poses");
        if (images.Count != poses.Count)
            throw new ArgumentException($"There are {images.Count} images and {poses.Count} poses: give as many.", nameof(poses));
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();

    private static Adaptation AsIs => (_, _, _) => { };

    private static PoseGeneratorModel Of(OnnxModel model)
    {
        try
        {
            return new(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static TensorForm Find(OnnxModel model, string name) =>
        TensorForm.Find(model.Inputs, name, TensorElementType.Float, rank: 4) ?? throw Refuse(model);

    private static ModelException Refuse(OnnxModel model) => model.Refuse(
        "takes no images and poses: it needs the inputs image float32 [N, C, H, W] and pose float32 [N, P, H, W], with all but N fixed.");

    private static PoseLayout PoseOf(OnnxModel model)
    {
        if (!model.Metadata.TryGetValue(ModelMetadata.Pose, out var json))
            throw new ModelException($"'{model.Path}' does not say what its poses are: its metadata have no {ModelMetadata.Pose}.");
        try
        {
            return PoseLayout.FromJson(json);
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{model.Path}' does not say what its poses are: {ModelMetadata.Pose} in its metadata: {e.Message}",
                e);
        }
    }

    private bool SameSize(TensorForm form) => (form[1], form[2]) == (Height, Width);

    private delegate void WritePlanes(int index, Span<byte> planes);

    private ImageTensor Planes(int count, WritePlanes write)
    {
        var planes = new ImageTensor(count, Pose.Channels, Height, Width);
        var bytes = new byte[planes.ImageSize];
        for (var i = 0; i < count; i++)
        {
            write(i, bytes);
            PixelValues.ToFloats(bytes, planes.Image(i));
        }
        return planes;
    }

    private ImageTensor Run(ImageTensor images, ImageTensor poses, TensorForm output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(poses);
        Require(images, _image, "images");
        Require(poses, _pose, "poses");
        if (images.Count != poses.Count)
        {
            if (images.Count != 1)
                throw new ArgumentException($"There are {images.Count} images and {poses.Count} poses: give as many, or a single image.",
                    nameof(images));
            images = ImageTensor.Interleave([.. Enumerable.Repeat(images, poses.Count)]);
        }
        var made = new ImageTensor(images.Count, Channels, Height, Width);
        _model.Run<float>(_image, images.Values, _pose, poses.Values, output, made.Values, images.Count, cancellationToken);
        return made;
    }

    private void Require(ImageTensor images, TensorForm form, string what)
    {
        if ((images.Channels, images.Height, images.Width) == (form[0], form[1], form[2])) return;
        throw new ArgumentException($"The {what} are [{images.Channels}, {images.Height}, {images.Width}], the model '{_model.Path}' " +
            $"takes [{form[0]}, {form[1]}, {form[2]}].", what);
    }
}
