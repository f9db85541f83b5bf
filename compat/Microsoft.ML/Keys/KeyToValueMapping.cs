using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

[assembly: ModelLoader<KeyToValueMappingTransformer>("KeyToValue")]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys back to the values that their column's annotation "KeyValues" gives; key 0 to the type's missing value.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly InputOutputColumnPair[] columns;

    internal KeyToValueMappingEstimator(InputOutputColumnPair[] columns) : base(new(columns)) => this.columns = columns;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(columns.Select(pair =>
        {
            var input = inputSchema.Input(pair.InputColumnName);
            var hasValues = input.Annotations.TryFindColumn(SchemaAnnotationsExtensions.KeyValues, out var values);
            if (input.Kind != Kind.Scalar || !input.IsKey || !hasValues)
                throw SchemaErrors.Mismatch("input", input.Name, KeyToValueMappingTransformer.Expected, input.Description());
            return new SchemaShape.Column(pair.OutputColumnName, Kind.Scalar, values.ItemType, false);
        }));
    }
}

/// <summary>Maps keys to values: see <see cref="KeyToValueMappingEstimator"/>.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase, ILoadable
{
    internal const string Expected = "a key of UInt32 with the annotation KeyValues";

    internal KeyToValueMappingTransformer(InputOutputColumnPair[] columns) : base(columns)
    {
        if (columns is not { Length: > 0 }) throw new ArgumentException("there are no columns to map", nameof(columns));
    }

    private protected override MappedColumn MapColumn(int pair, DataViewSchema.Column input)
    {
        var values = input.Type.RawType == typeof(uint) ? KeyValues.Of(input) : null;
        if (values is null) throw SchemaErrors.Mismatch("input", input.Name, Expected, input.Type.ToString());
        var column = new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, values.ItemType);
        return new(column, [input.Index], row => values.ToValues(row, row.Schema[input.Index]));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<KeyToValueMappingTransformer>();
        ctx.Write("columns", writer => writer.Write(ColumnPairs));
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) =>
        context.Read("columns", reader => new KeyToValueMappingTransformer(reader.ReadColumnPairs()));
}
