using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Saves, loads and uses models.</summary>
public sealed class ModelOperationsCatalog
{
    internal ModelOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath) => throw new NotImplementedException();

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream) => throw new NotImplementedException();

    public ITransformer Load(string filePath, out DataViewSchema inputSchema) => throw new NotImplementedException();

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema) => throw new NotImplementedException();

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class where TDst : class, new() => throw new NotImplementedException();

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class where TDst : class, new() => throw new NotImplementedException();

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class where TDst : class, new() => throw new NotImplementedException();
}
