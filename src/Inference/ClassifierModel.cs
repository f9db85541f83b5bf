namespace GanPipeline.Inference;

/// <summary>A classifier in ONNX, which reads one attribute of images or several.</summary>
/// <remarks>
/// The file has the input <c>image</c> float32 [N, C, H, W] in [-1, 1], the output <c>logits</c> float32 [N, K], and metadata that says which
/// logits are of which attribute. All methods may be called from several threads at once.
/// </remarks>
public sealed class ClassifierModel : IDisposable
{
    private readonly FeatureModel model;

    private ClassifierModel(FeatureModel model, IReadOnlyList<ReadField> fields)
    {
        this.model = model;
        Fields = fields;
    }

    /// <summary>The attributes, in the order of their logits.</summary>
    public IReadOnlyList<ReadField> Fields { get; }

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
            IReadOnlyList<ReadField> fields = FieldsOf(model.Metadata)
                ?? throw new ModelException($"'{path}' does not say what its logits mean: its metadata has neither {ModelMetadata.Reads} nor {ModelMetadata.Labels}.");
            int width = fields.Sum(f => f.Width);
            if (width != model.FeatureCount)
                throw new ModelException($"'{path}' has {model.FeatureCount} logits, but its metadata names attributes of {width}.");
            return new ClassifierModel(model, fields);
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
    /// <returns>[fields][N]: places in <see cref="ReadField.Values"/>; 0 or 1 for an attribute that is absent or present.</returns>
    /// <inheritdoc cref="Logits" path="/exception"/>
    public int[][] Read(ImageTensor images)
    {
        float[] logits = Logits(images);
        var read = new int[Fields.Count][];
        int at = 0;
        for (int i = 0; i < read.Length; i++)
        {
            ReadField field = Fields[i];
            read[i] = new int[images.Count];
            for (int n = 0; n < images.Count; n++) read[i][n] = Likeliest(logits.AsSpan(n * LogitCount + at, field.Width));
            at += field.Width;
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

    private static IReadOnlyList<ReadField>? FieldsOf(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(ModelMetadata.Reads, out string? text) || metadata.TryGetValue(ModelMetadata.Labels, out text) ? ReadField.FromJson(text) : null;
}
