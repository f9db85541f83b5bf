using GanPipeline;
using GanPipeline.Inference;
using GanPipeline.ML;

namespace Microsoft.ML;

/// <summary>Saved chains with this project's transforms.</summary>
public static class GanModelCatalog
{
    /// <summary>
    /// Loads what <c>mlContext.Model.Save</c> saved, with features extracted and images generated in batches again.
    /// <c>mlContext.Model.Load</c> loads the same file without this assembly, and computes the same row by row.
    /// </summary>
    /// <param name="catalog">The model operations' catalog.</param>
    /// <param name="filePath">The saved model's zip.</param>
    /// <param name="inputSchema">The schema that it was saved with.</param>
    /// <param name="gpuDeviceId">A CUDA device; null takes the context's, or the CPU where it has none.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <returns>The transformer that was saved: a chain where it was a chain.</returns>
    /// <exception cref="ModelException">A model in the file cannot be used.</exception>
    public static ITransformer LoadGanPipeline(this ModelOperationsCatalog catalog, string filePath, out DataViewSchema inputSchema,
        int? gpuDeviceId = null, bool fallbackToCpu = false)
    {
        using var file = File.OpenRead(filePath);
        return LoadGanPipeline(catalog, file, filePath, out inputSchema, gpuDeviceId, fallbackToCpu);
    }

    /// <summary>
    /// As <see cref="LoadGanPipeline(ModelOperationsCatalog, string, out DataViewSchema, int?, bool)"/>, from a stream.
    /// </summary>
    /// <param name="catalog">The model operations' catalog.</param>
    /// <param name="stream">The saved model, a zip; a stream that can seek. It stays open, and is not needed afterwards.</param>
    /// <param name="inputSchema">The schema that it was saved with.</param>
    /// <param name="gpuDeviceId">A CUDA device; null takes the context's, or the CPU where it has none.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <returns>The transformer that was saved: a chain where it was a chain.</returns>
    /// <exception cref="ModelException">A model in the stream cannot be used.</exception>
    public static ITransformer LoadGanPipeline(this ModelOperationsCatalog catalog, Stream stream, out DataViewSchema inputSchema,
        int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        LoadGanPipeline(catalog, stream, "stream", out inputSchema, gpuDeviceId, fallbackToCpu);

    private static ITransformer LoadGanPipeline(ModelOperationsCatalog catalog, Stream stream, string name, out DataViewSchema inputSchema,
        int? gpuDeviceId, bool fallbackToCpu)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(stream);
        OnnxRuntimeTelemetry.TurnOff();
        var start = stream.Position;
        var saved = SavedPipeline.Read(stream, name);
        stream.Position = start;
        var loaded = catalog.Load(stream, out inputSchema);
        try
        {
            var options = new ModelOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu };
            return saved.Batched(loaded, ContextSettings.Of(catalog).Apply(options));
        }
        catch
        {
            // What ML.NET loaded has temporary files.
            (loaded as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// As <see cref="LoadGanPipeline(ModelOperationsCatalog, string, out DataViewSchema, int?, bool)"/>, for those who know the schema.
    /// </summary>
    /// <inheritdoc cref="LoadGanPipeline(ModelOperationsCatalog, string, out DataViewSchema, int?, bool)"/>
    public static ITransformer LoadGanPipeline(this ModelOperationsCatalog catalog, string filePath, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        LoadGanPipeline(catalog, filePath, out _, gpuDeviceId, fallbackToCpu);

    /// <summary>
    /// Writes a trained classifier of discriminator features as one ONNX file, from image to class, for programs without ML.NET:
    /// <see cref="ClassifierModel"/> reads it, and any ONNX runtime. It holds the features' network, what follows it up to the scores, and
    /// the classes' names. The steps before the features, which load and prepare pictures, are not in it. The file is compared with the
    /// model on the first 256 rows before it counts.
    /// </summary>
    /// <param name="catalog">The model operations' catalog.</param>
    /// <param name="model">
    /// A trained chain with <c>ExtractDiscriminatorFeatures</c>, and behind it steps that ML.NET's converter knows: normalisers, linear,
    /// naive Bayes and tree trainers of several classes, one-versus-all, or trainers of a Boolean label.
    /// </param>
    /// <param name="data">Rows as the chain reads them, to compare with: at least one.</param>
    /// <param name="path">The file; missing parent folders are made.</param>
    /// <param name="scoreColumnName">The trainer's column of scores.</param>
    /// <param name="attribute">What the file calls what is predicted.</param>
    /// <exception cref="ArgumentException">The model extracts no features, or is no classifier whose classes have names.</exception>
    /// <exception cref="InvalidOperationException">
    /// A step behind the features has no ONNX form; the message has ML.NET's reason.
    /// </exception>
    /// <exception cref="ModelException">The file would not give what the model gives.</exception>
    public static SavedClassifier SaveClassifier(this ModelOperationsCatalog catalog, ITransformer model, IDataView data, string path,
        string scoreColumnName = "Score", string attribute = LabelField.Class)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var (saved, bytes) = Classifier(catalog, model, data, scoreColumnName, attribute);
        AtomicFile.WriteAllBytes(path, bytes);
        return saved;
    }

    /// <summary>Writes the same to a stream, which stays open, after the comparison.</summary>
    /// <inheritdoc cref="SaveClassifier(ModelOperationsCatalog, ITransformer, IDataView, string, string, string)"/>
    public static SavedClassifier SaveClassifier(this ModelOperationsCatalog catalog, ITransformer model, IDataView data, Stream stream,
        string scoreColumnName = "Score", string attribute = LabelField.Class)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (saved, bytes) = Classifier(catalog, model, data, scoreColumnName, attribute);
        stream.Write(bytes);
        return saved;
    }

    private static (SavedClassifier Saved, byte[] Bytes) Classifier(ModelOperationsCatalog catalog, ITransformer model, IDataView data,
        string scoreColumnName, string attribute)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return new ClassifierSaving(model, data, scoreColumnName).Make(attribute);
    }
}
