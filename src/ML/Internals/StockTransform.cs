using System.Text.Json;
using GanPipeline.Inference;
using Microsoft.ML;

namespace GanPipeline.ML.Internals;

/// <summary>The saved form of a batch transform: ML.NET's own <c>OnnxTransformer</c>, whose model knows what it was made of.</summary>
/// <remarks>
/// ML.NET has a transformer from outside save itself by handing its context to one of ML.NET's own. That one finds its columns by the names
/// of the model's tensors; so the model that is saved has the columns' names, and in its metadata (<see cref="Key"/>) what they were.
/// </remarks>
internal static class StockTransform
{
    /// <summary>Of the metadata in a saved model.</summary>
    public const string Key = "GanPipeline.Transform";

    public static void Save(BatchTransform transform, ModelSaveContext ctx)
    {
        byte[] model = Model(transform);
        using var stream = new MemoryStream(model);
        var stock = new MLContext().Transforms
            .ApplyOnnxModel([transform.OutputColumnName], [transform.InputColumnName], stream)
            .Fit(new EmptyView(transform.InputColumnName, transform.Model.Input.Type));
        using (stock) ((ICanSaveModel)stock).Save(ctx);
    }

    /// <summary>The transform that was saved with this model; null where it is another's.</summary>
    public static BatchTransform? Restore(string name, byte[] model, ModelOptions options)
    {
        if (OnnxFile.Metadata(model, Key) is not { } text) return null;
        Saved saved = JsonSerializer.Deserialize<Saved>(text) ?? throw new FormatException($"'{name}' has no description of a transform in its metadata {Key}.");
        byte[] bytes = OnnxFile.Rename(model, new Dictionary<string, string>
        {
            [saved.InputColumn] = saved.Kind.ModelInput, [saved.OutputColumn] = saved.Kind.ModelOutput,
        });
        SharedModel shared = saved.Kind.Open(name, bytes, options with { BatchSize = saved.BatchSize });
        return new BatchTransform(shared, saved.Kind, saved.OutputColumn, saved.InputColumn, saved.BatchSize);
    }

    private static byte[] Model(BatchTransform transform)
    {
        var saved = new Saved(transform.Kind, transform.InputColumnName, transform.OutputColumnName, transform.BatchSize);
        byte[] renamed = OnnxFile.Rename(transform.Model.Bytes, new Dictionary<string, string>
        {
            [transform.Kind.ModelInput] = transform.InputColumnName, [transform.Kind.ModelOutput] = transform.OutputColumnName,
        });
        return OnnxFile.WithMetadata(renamed, Key, JsonSerializer.Serialize(saved));
    }

    private sealed record Saved(TransformKind Kind, string InputColumn, string OutputColumn, int BatchSize);
}
