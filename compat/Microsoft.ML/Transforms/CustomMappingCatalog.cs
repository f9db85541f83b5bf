using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms that are functions of one's own.</summary>
public static class CustomMappingCatalog
{
    /// <summary>
    /// A function of each row: reads the members of a source object from columns of their names, and adds those of a target object.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">
    /// The function. Several threads may call it, each with objects of its own, which it is handed again in the next row: it sets every
    /// member of the target.
    /// </param>
    /// <param name="contractName">
    /// By which a saved model finds the function again, from a factory marked with the same name; null for a mapping that is not saved.
    /// </param>
    /// <param name="inputSchemaDefinition">The columns read, where attributes do not tell.</param>
    /// <param name="outputSchemaDefinition">The columns added, where attributes do not tell.</param>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction,
        string contractName, SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class, new() where TDst : class, new() =>
        new(new(mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition));
}
