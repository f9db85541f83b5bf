using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine reads and writes objects.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether members of the prediction's class without a column are left as they are.</summary>
    public bool IgnoreMissingColumns = true;

    public SchemaDefinition InputSchemaDefinition;

    public SchemaDefinition OutputSchemaDefinition;

    /// <summary>Whether disposing the engine disposes the transformer.</summary>
    public bool OwnsTransformer = true;
}

/// <summary>Applies a transformer to single objects. Not for several threads at once.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable where TSrc : class where TDst : class, new()
{
    private protected PredictionEngineBase() { }

    public DataViewSchema OutputSchema => throw new NotImplementedException();

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose() { }
}

/// <inheritdoc cref="PredictionEngineBase{TSrc, TDst}"/>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst> where TSrc : class where TDst : class, new()
{
    public override void Predict(TSrc example, ref TDst prediction) => throw new NotImplementedException();
}
