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
