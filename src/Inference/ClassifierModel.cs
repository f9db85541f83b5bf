namespace GanPipeline.Inference;

/// <summary>A classifier in ONNX: predicts one or several attributes of images.</summary>
/// <remarks>
/// The file has the input <c>image</c> float32 [N, C, H, W] in [-1, 1], the output <c>logits</c> float32 [N, K], and metadata that says
/// which logits belong to which attribute (<see cref="ModelMetadata.Labels"/>). All methods may be called from several threads at once.
/// </remarks>
public sealed class ClassifierModel : IDisposable
{
    internal const string Output = "logits";

    private readonly FeatureModel _model;

    private ClassifierModel(FeatureModel model, LabelLayout labels)
    {
        _model = model;
        Labels = labels;
    }

    /// <summary>
    /// The attributes it predicts. Logits are in the order of a label vector: one for each value of a categorical attribute, one for a
    /// binary one.
    /// </summary>
    public LabelLayout Labels { get; }

    /// <summary>The attributes, in the order of their logits.</summary>
    public IReadOnlyList<LabelField> Fields => Labels.Fields;

    /// <summary>C, the channels of an image.</summary>
    public int Channels => _model.Channels;

    /// <summary>H, the rows of an image.</summary>
    public int Height => _model.Height;

    /// <summary>W, the columns of an image.</summary>
    public int Width => _model.Width;

    /// <summary>K, the logits of an image.</summary>
    public int LogitCount => _model.FeatureCount;

    /// <summary>
    /// Whether the softmax of a categorical attribute's logits, or the logistic function of a binary one's, is a probability. Networks that
    /// were trained by cross-entropy are taken as such; support vector machines are not.
    /// </summary>
    public bool IsCalibrated => Metadata.GetValueOrDefault(ModelMetadata.UncalibratedScores) != "true";

    /// <summary>Where it runs: <c>cpu</c>, <c>cuda:0</c> and so on.</summary>
    public string Device => _model.Device;

    /// <summary>
    /// Why it runs on the CPU, and not on what <see cref="ModelOptions.Provider"/> asked for; null where it runs there. Only with
    /// <see cref="ModelOptions.FallbackToCpu"/>.
    /// </summary>
    public string? FallbackReason => _model.FallbackReason;

    /// <summary>The file's metadata; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

    /// <summary>Opens a classifier.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">No such file, no ONNX model, or one whose metadata do not describe its logits.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static ClassifierModel Load(string path, ModelOptions? options = null) => Of(path, FeatureModel.Load(path, Output, options));

    /// <summary>Opens a classifier that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static ClassifierModel Load(byte[] bytes, ModelOptions? options = null) =>
        Of("the model", FeatureModel.Load(bytes, Output, options));

    private static ClassifierModel Of(string name, FeatureModel model)
    {
        try
        {
            return new ClassifierModel(model, LabelsOf(name, model));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The logits of images, [N, K], attribute by attribute.</summary>
    /// <param name="images">Images of the model's size, in [-1, 1].</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Images of another size or number of channels.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public float[] Logits(ImageTensor images, CancellationToken cancellationToken = default) => _model.Extract(images, cancellationToken);

    /// <summary>Predictions: for each attribute of <see cref="Fields"/>, the most likely value of each image.</summary>
    /// <param name="images">Images of the model's size, in [-1, 1].</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>[fields][N]: indices into <see cref="LabelField.Values"/>, or 0 and 1 for a binary attribute.</returns>
    /// <inheritdoc cref="Logits" path="/exception"/>
    public int[][] Read(ImageTensor images, CancellationToken cancellationToken = default)
    {
        var logits = Logits(images, cancellationToken);
        var read = new int[Fields.Count][];
        var at = 0;
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = new int[images.Count];
            for (var n = 0; n < images.Count; n++) read[i][n] = Likeliest(logits.AsSpan(n * LogitCount + at, Fields[i].Width));
            at += Fields[i].Width;
        }
        return read;
    }

    /// <summary>Predictions by name, with their probabilities.</summary>
    /// <param name="images">Images of the model's size, in [-1, 1]; <c>PictureReader</c> in GanPipeline.Data reads them from files.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>One for each image.</returns>
    /// <inheritdoc cref="Logits" path="/exception"/>
    public IReadOnlyList<Classification> Classify(ImageTensor images, CancellationToken cancellationToken = default)
    {
        var logits = Logits(images, cancellationToken);
        return [.. Enumerable.Range(0, images.Count).Select(n => Reading(logits.AsSpan(n * LogitCount, LogitCount)))];
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();

    private Classification Reading(ReadOnlySpan<float> logits)
    {
        var readings = new AttributeReading[Fields.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            var field = Fields[i];
            var own = logits[..field.Width];
            logits = logits[own.Length..];
            var value = Likeliest(own);
            var name = field.Kind == LabelKind.Binary ? (value == 1 ? "true" : "false") : field.Values[value];
            readings[i] = new(field.Name, name, IsCalibrated ? Probability(own, value) : null);
        }
        return new(readings);
    }

    private static float Probability(ReadOnlySpan<float> logits, int value)
    {
        if (logits.Length == 1) return 1 / (1 + MathF.Exp(value == 1 ? -logits[0] : logits[0]));
        float sum = 0;
        foreach (var logit in logits) sum += MathF.Exp(logit - logits[value]);
        return 1 / sum;
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        if (logits.Length == 1) return logits[0] > 0 ? 1 : 0;
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best]) best = i;
        return best;
    }

    private static LabelLayout LabelsOf(string path, FeatureModel model)
    {
        if (!model.Metadata.TryGetValue(ModelMetadata.Labels, out var text))
            throw new ModelException($"'{path}' does not say what its logits mean: its metadata have no {ModelMetadata.Labels}.");
        LabelLayout labels;
        try
        {
            labels = LabelLayout.FromJson(text);
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{path}' does not say what its logits mean: {ModelMetadata.Labels} in its metadata is damaged: " +
                $"{e.Message}", e);
        }
        if (labels.Fields.FirstOrDefault(f => f.Kind == LabelKind.Numeric) is { } number)
            throw new ModelException($"'{path}' is not a classifier: its label {number.Name} is a number.");
        return labels.Size == model.FeatureCount
            ? labels
            : throw new ModelException($"'{path}' has {model.FeatureCount} logits, but the attributes in its metadata need {labels.Size}.");
    }
}
