using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Saves, loads and uses models.</summary>
public sealed class ModelOperationsCatalog
{
    internal ModelOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <inheritdoc cref="Save(ITransformer, DataViewSchema, Stream)"/>
    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    /// <summary>Writes a model and the schema that it is applied to, which may be null.</summary>
    /// <exception cref="InvalidOperationException">A transformer of the model cannot be saved.</exception>
    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        ModelFile.Save(model, inputSchema, stream);
    }

    /// <inheritdoc cref="Load(Stream, out DataViewSchema)"/>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    /// <summary>Reads a model, and the schema that it was saved with; null where it was saved without one.</summary>
    /// <exception cref="FormatException">The file is no model, is damaged, or needs components that are not known here.</exception>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelFile.Load(Context, stream, out inputSchema);
    }

    /// <summary>An engine whose columns are what the attributes of the classes, or the definitions, say.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class where TDst : class, new() => CreatePredictionEngine<TSrc, TDst>(transformer, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns,
            InputSchemaDefinition = inputSchemaDefinition,
            OutputSchemaDefinition = outputSchemaDefinition,
        });

    /// <summary>An engine whose input columns are of the types that a schema gives them, that of a loaded model say.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class where TDst : class, new() =>
        new(transformer, RowBinding<TSrc>.Create(SchemaDefinition.Direction.Read, inputSchema),
            RowBinding<TDst>.Create(SchemaDefinition.Direction.Write), ignoreMissing: true, ownsTransformer: true);

    /// <inheritdoc cref="CreatePredictionEngine{TSrc, TDst}(ITransformer, bool, SchemaDefinition, SchemaDefinition)"/>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = RowBinding<TSrc>.Create(SchemaDefinition.Direction.Read, options.InputSchemaDefinition);
        var target = RowBinding<TDst>.Create(SchemaDefinition.Direction.Write, options.OutputSchemaDefinition);
        return new(transformer, source, target, options.IgnoreMissingColumns, options.OwnsTransformer);
    }
}
