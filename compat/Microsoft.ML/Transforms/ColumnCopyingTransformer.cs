using Microsoft.ML.Data;

[assembly: ModelLoader<Microsoft.ML.Transforms.ColumnCopyingTransformer>("ColumnCopying")]

namespace Microsoft.ML.Transforms;

/// <summary>Gives columns a second name; nothing is copied but values from getter to getter.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase, ILoadable
{
    internal ColumnCopyingTransformer(params IReadOnlyList<InputOutputColumnPair> columns) : base(columns) { }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) =>
        new ColumnCopyingTransformer(context.Read("columns", reader => reader.ReadColumnPairs()));

    private protected override MappedColumn MapColumn(int pair, DataViewSchema.Column input) => new(
        new(ColumnPairs[pair].OutputColumnName, input.Type, input.Annotations), [input.Index],
        row => RowGetters.Of(row, row.Schema[input.Index]));

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<ColumnCopyingTransformer>();
        ctx.Write("columns", writer => writer.Write(ColumnPairs));
    }
}
