using System.Text.Json;
using System.Text.Json.Serialization;
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
        using var stream = new MemoryStream(Model(transform));
        string[] inputs = transform.LabelColumnName is { } label ? [transform.InputColumnName, label] : [transform.InputColumnName];
        var stock = new MLContext().Transforms
            .ApplyOnnxModel([transform.OutputColumnName], inputs, stream)
            .Fit(new EmptyView(inputs.Zip([transform.Model.Input.Type, transform.Model.Label?.Type!])));
        using (stock) ((ICanSaveModel)stock).Save(ctx);
    }

    /// <summary>The transform that was saved with this model; null where it is another's.</summary>
    public static BatchTransform? Restore(string name, byte[] model, ModelOptions options)
    {
        if (OnnxFile.Metadata(model, Key) is not { } text) return null;
        Saved saved = JsonSerializer.Deserialize<Saved>(text) ?? throw new FormatException($"'{name}' has no description of a transform in its metadata {Key}.");
        byte[] bytes = OnnxFile.Rename(model, saved.Names.ToDictionary(pair => pair.Column, pair => pair.Model));
        SharedModel shared = saved.Kind.Open(name, bytes, options with { BatchSize = saved.BatchSize });
        return new BatchTransform(shared, saved.Kind, saved.OutputColumn, saved.InputColumn, saved.BatchSize, saved.LabelColumn);
    }

    private static byte[] Model(BatchTransform transform)
    {
        var saved = new Saved(transform.Kind, transform.InputColumnName, transform.LabelColumnName, transform.OutputColumnName, transform.BatchSize);
        byte[] bytes = transform.Model.Bytes;
        if (!OnnxFile.HasOutput(bytes, saved.Kind.ModelOutput))
            throw new InvalidOperationException($"{transform.Taker} gives no '{saved.Kind.ModelOutput}' but bytes, which ML.NET by itself would not turn into '{transform.OutputColumnName}', so that it cannot be saved; use one with the output {saved.Kind.ModelOutput}, as generator.onnx.");
        return OnnxFile.WithMetadata(OnnxFile.Rename(bytes, saved.Names.ToDictionary(pair => pair.Model, pair => pair.Column)), Key, JsonSerializer.Serialize(saved));
    }

    private sealed record Saved(TransformKind Kind, string InputColumn, string? LabelColumn, string OutputColumn, int BatchSize)
    {
        /// <summary>The model's tensors, each with its column.</summary>
        [JsonIgnore]
        public IEnumerable<(string Model, string Column)> Names => LabelColumn is null
            ? [(Kind.ModelInput, InputColumn), (Kind.ModelOutput, OutputColumn)]
            : [(Kind.ModelInput, InputColumn), (TransformKind.ModelLabel, LabelColumn), (Kind.ModelOutput, OutputColumn)];
    }
}
