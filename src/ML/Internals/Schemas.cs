using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>What ML.NET keeps to itself: its errors about schemas, and shapes of schemas with a column added.</summary>
internal static class Schemas
{
    /// <summary>The input column, which must be there and hold such vectors.</summary>
    /// <param name="inputSchema">Where it is looked for.</param>
    /// <param name="name">Its name.</param>
    /// <param name="form">What it must hold.</param>
    /// <param name="taker">Who takes it: "the features model 'features.onnx'".</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not: both forms are named.</exception>
    public static DataViewSchema.Column Input(DataViewSchema inputSchema, string name, VectorForm form, string taker)
    {
        var column = Input(inputSchema, name);
        return form.Mismatch(column.Type) is not { } actual ? column
            : throw Mismatch(name, $"a known-size vector of Single with {form}, as {taker} takes", actual);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static DataViewSchema.Column Input(DataViewSchema inputSchema, string name) =>
        inputSchema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{name}'");

    [SuppressMessage("Usage", "CA2208", Justification = "As ML.NET's, the error names the parameter of the method that users call.")]
    public static ArgumentOutOfRangeException Mismatch(string name, string expected, string actual) =>
        new("inputSchema", $"Schema mismatch for input column '{name}': expected {expected}, got {actual}");

    /// <summary>The shape of a schema with a vector of Single made of another one; checks the input's item type and kind.</summary>
    /// <remarks>A shape's columns cannot be made outside of ML.NET, so a custom mapping, which is never run, is asked what it would
    /// make.</remarks>
    public static SchemaShape VectorOfVector(TransformsCatalog catalog, SchemaShape inputSchema, string output, string input) =>
        catalog.CustomMapping<VectorRow, VectorRow>((_, _) => { }, null, Named(typeof(VectorRow), input), Named(typeof(VectorRow), output))
            .GetOutputSchema(inputSchema);

    /// <summary>The shape of a schema with a vector of Single made of a text.</summary>
    public static SchemaShape VectorOfText(TransformsCatalog catalog, SchemaShape inputSchema, string output, string input) =>
        catalog.CustomMapping<TextRow, VectorRow>((_, _) => { }, null, Named(typeof(TextRow), input), Named(typeof(VectorRow), output))
            .GetOutputSchema(inputSchema);

    private static SchemaDefinition Named(Type row, string column)
    {
        var definition = SchemaDefinition.Create(row);
        definition[nameof(VectorRow.Value)].ColumnName = column;
        return definition;
    }

    [SuppressMessage("Design", "CA1051", Justification = "ML.NET reads fields.")]
    internal sealed class VectorRow
    {
        [VectorType(1)]
        public float[]? Value;
    }

    [SuppressMessage("Design", "CA1051", Justification = "ML.NET reads fields.")]
    internal sealed class TextRow
    {
        public ReadOnlyMemory<char> Value;
    }
}
