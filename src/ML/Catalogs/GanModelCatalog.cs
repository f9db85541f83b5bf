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
    /// <param name="gpuDeviceId">A CUDA device, or null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <returns>The transformer that was saved: a chain where it was a chain.</returns>
    /// <exception cref="ModelException">A model in the file cannot be used.</exception>
    public static ITransformer LoadGanPipeline(this ModelOperationsCatalog catalog, string filePath, out DataViewSchema inputSchema,
        int? gpuDeviceId = null, bool fallbackToCpu = false)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        OnnxRuntimeTelemetry.TurnOff();
        var saved = SavedPipeline.Read(filePath);
        var loaded = catalog.Load(filePath, out inputSchema);
        try
        {
            return saved.Batched(loaded, new ModelOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });
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
}
