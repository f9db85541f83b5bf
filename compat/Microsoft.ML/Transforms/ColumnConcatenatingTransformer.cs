[assembly: Microsoft.ML.Data.ModelLoader<Microsoft.ML.Data.ColumnConcatenatingTransformer>("ColumnConcatenating")]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type to one vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase, ILoadable
{
    internal ColumnConcatenatingTransformer(string output, params string[] inputs)
    {
        Output = output;
        Inputs = inputs;
    }

    internal string Output { get; }

    internal string[] Inputs { get; }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) => context.Read("columns", reader =>
    {
        var names = Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString()).ToArray();
        return new ColumnConcatenatingTransformer(names[0], names[1..]);
    });

    private protected override RowMapping Map(DataViewSchema inputSchema) => throw new NotImplementedException();

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<ColumnConcatenatingTransformer>();
        ctx.Write("columns", writer =>
        {
            writer.Write(Inputs.Length + 1);
            foreach (var name in Inputs.Prepend(Output)) writer.Write(name);
        });
    }
}
