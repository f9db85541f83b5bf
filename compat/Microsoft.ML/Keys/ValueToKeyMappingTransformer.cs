using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

[assembly: ModelLoader<ValueToKeyMappingTransformer>("ValueToKey")]

namespace Microsoft.ML.Transforms;

/// <summary>Maps values to keys: see <see cref="ValueToKeyMappingEstimator"/>.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase, ILoadable
{
    private readonly KeyValues[] values;
    private readonly bool asText;

    internal ValueToKeyMappingTransformer(InputOutputColumnPair[] columns, KeyValues[] values, bool asText) : base(columns) =>
        (this.values, this.asText) = (values, asText);

    private protected override MappedColumn MapColumn(int pair, DataViewSchema.Column input)
    {
        var known = values[pair];
        if (!input.Type.Equals(known.ItemType))
            throw SchemaErrors.Mismatch("input", input.Name, known.ItemType.ToString(), input.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        if (known.Count > 0) (asText ? known.AsText() : known).AddTo(annotations);
        var column = new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, known.KeyType, annotations.ToAnnotations());
        return new(column, [input.Index], row => known.ToKeys(row, row.Schema[input.Index]));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<ValueToKeyMappingTransformer>();
        ctx.Write("keys", writer =>
        {
            writer.Write(asText);
            writer.Write(ColumnPairs);
            foreach (var known in values) known.Save(writer);
        });
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) => context.Read("keys", reader =>
    {
        var asText = reader.ReadBoolean();
        var columns = reader.ReadColumnPairs();
        return new ValueToKeyMappingTransformer(columns, Array.ConvertAll(columns, _ => KeyValues.Load(reader)), asText);
    });
}
