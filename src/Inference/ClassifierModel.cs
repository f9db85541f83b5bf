
namespace GanPipeline.Inference;

/// <summary>A classifier in ONNX, which reads one attribute of images or several.</summary>
/// <remarks>
/// The file has the input <c>image</c> float32 [N, C, H, W] in [-1, 1], the output <c>logits</c> float32 [N, K], and metadata that says which
/// logits are of which attribute. All methods may be called from several threads at once.
/// </remarks>
public sealed class ClassifierModel : IDisposable
{
    private readonly FeatureModel model;

    private ClassifierModel(FeatureModel model, LabelLayout labels)
    {
        this.model = model;
        Labels = labels;
    }

    /// <summary>What it reads. The logits are laid out as a label vector is: one for each value of a categorical attribute, one for a binary one.</summary>
    public LabelLayout Labels { get; }

    /// <summary>The attributes, in the order of their logits.</summary>
    public IReadOnlyList<LabelField> Fields => Labels.Fields;

    /// <summary>C, the channels of an image.</summary>
    public int Channels => model.Channels;

    /// <summary>H, the rows of an image.</summary>
    public int Height => model.Height;

    /// <summary>W, the columns of an image.</summary>
    public int Width => model.Width;

    /// <summary>K, the logits of an image.</summary>
    public int LogitCount => model.FeatureCount;

    /// <summary>What the file says about itself; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => model.Metadata;

    /// <summary>Opens a classifier.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null is all defaults.</param>
    /// <exception cref="ModelException">No such file, no ONNX model, or one that does not say what its logits mean.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static ClassifierModel Load(string path, ModelOptions? options = null)
    {
        FeatureModel model = FeatureModel.Load(path, "logits", options);
        try
        {
            return new ClassifierModel(model, LabelsOf(path, model));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The logits of images, [N, K]: each attribute's values one after the other.</summary>
    /// <exception cref="ArgumentException">Images of another size or number of channels.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public float[] Logits(ImageTensor images) => model.Extract(images);

    /// <summary>What the images show: for each attribute of <see cref="Fields"/>, the likeliest value of each image.</summary>
    /// <returns>[fields][N]: places in <see cref="LabelField.Values"/>; 0 or 1 for an attribute that is absent or present.</returns>
    /// <inheritdoc cref="Logits" path="/exception"/>
    public int[][] Read(ImageTensor images)
    {
        float[] logits = Logits(images);
        var read = new int[Fields.Count][];
        int at = 0;
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = new int[images.Count];
            for (int n = 0; n < images.Count; n++) read[i][n] = Likeliest(logits.AsSpan(n * LogitCount + at, Fields[i].Width));
            at += Fields[i].Width;
        }
        return read;
    }

    /// <summary>Frees the session.</summary>
    public void Dispose() => model.Dispose();

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        if (logits.Length == 1) return logits[0] > 0 ? 1 : 0;
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    private static LabelLayout LabelsOf(string path, FeatureModel model)
    {
        if (!model.Metadata.TryGetValue(ModelMetadata.Labels, out string? text))
            throw new ModelException($"'{path}' does not say what its logits mean: its metadata has no {ModelMetadata.Labels}.");
        LabelLayout labels;
        try
        {
            labels = LabelLayout.FromJson(text);
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{path}' does not say what its logits mean: its metadata's {ModelMetadata.Labels} is damaged: {e.Message}", e);
        }
        if (labels.Fields.FirstOrDefault(f => f.Kind == LabelKind.Numeric) is { } number)
            throw new ModelException($"'{path}' is no classifier: it has {number.Name}, a number, among its labels.");
        return labels.Size == model.FeatureCount
            ? labels
            : throw new ModelException($"'{path}' has {model.FeatureCount} logits, but its metadata names attributes of {labels.Size}.");
    }
}
