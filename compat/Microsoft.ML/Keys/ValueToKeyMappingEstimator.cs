using Microsoft.ML.Data;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Transforms;

/// <summary>
/// Learns the values of columns, and maps each to its number among them: 1 for the first, 0 for what is missing or was not seen.
/// </summary>
/// <remarks>
/// Columns are scalars of text, numbers or Booleans. The output is a key of <see cref="uint"/> that bears the values as its annotation
/// "KeyValues". Empty text and floats that are no number are missing.
/// </remarks>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly InputOutputColumnPair[] columns;
    private readonly int maximum;
    private readonly KeyOrdinality order;
    private readonly bool asText;
    private readonly IDataView keyData;

    internal ValueToKeyMappingEstimator(InputOutputColumnPair[] columns, int maximum, KeyOrdinality order, bool asText, IDataView keyData)
    {
        if (columns is not { Length: > 0 }) throw new ArgumentException("there are no columns to map", nameof(columns));
        if (maximum < 1) throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "the number of keys is at least 1");
        if (keyData is not null && keyData.Schema.Count != 1)
            throw new ArgumentException($"the key data have one column, that of the values, not {keyData.Schema.Count}", nameof(keyData));
        (this.columns, this.maximum, this.order, this.asText, this.keyData) = (columns, maximum, order, asText, keyData);
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var inputs = columns.Select(pair => Checked(input.Schema.Input(pair.InputColumnName))).ToArray();
        if (keyData is null) return new(columns, Collect(input, inputs), asText);
        var given = Collect(keyData, [Checked(keyData.Schema[0])])[0];
        foreach (var column in inputs)
        {
            if (!column.Type.Equals(given.ItemType))
                throw SchemaErrors.Mismatch("input", column.Name, given.ItemType.ToString(), column.Type.ToString());
        }
        return new(columns, [.. inputs.Select(_ => given)], asText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(columns.Select(pair =>
        {
            var input = inputSchema.Input(pair.InputColumnName);
            if (input.Kind != Kind.Scalar || input.IsKey || !KeyValueTypes.Holds(input.ItemType))
                throw SchemaErrors.Mismatch("input", input.Name, Expected, input.Description());
            var valueType = asText ? TextDataViewType.Instance : input.ItemType;
            var values = new SchemaShape.Column(SchemaAnnotationsExtensions.KeyValues, Kind.Vector, valueType, false);
            return new SchemaShape.Column(pair.OutputColumnName, Kind.Scalar, NumberDataViewType.UInt32, true, new SchemaShape([values]));
        }));
    }

    private const string Expected = "a scalar of text, a number or a Boolean";

    internal static DataViewSchema.Column Checked(DataViewSchema.Column column) =>
        KeyValueTypes.Holds(column.Type) ? column : throw SchemaErrors.Mismatch("input", column.Name, Expected, column.Type.ToString());

    private KeyValues[] Collect(IDataView view, DataViewSchema.Column[] inputs)
    {
        var builders = Array.ConvertAll(inputs, KeyValues.Builder);
        using var cursor = view.GetRowCursor(inputs);
        var readers = inputs.Select((column, i) => builders[i].Reader(cursor, column, maximum)).ToArray();
        while (cursor.MoveNext())
            foreach (var reader in readers) reader();
        return Array.ConvertAll(builders, builder => builder.Build(order == KeyOrdinality.ByValue));
    }

    /// <summary>Which value is key 1.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>That of the first row.</summary>
        ByOccurrence = 0,

        /// <summary>The smallest.</summary>
        ByValue = 1,
    }
}
