using Microsoft.ML.Data;

[assembly: ModelLoader<Microsoft.ML.Transforms.ColumnSelectingTransformer>("ColumnSelecting")]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the columns named, in that order, or drops them.</summary>
public sealed class ColumnSelectingTransformer : ITransformer, ILoadable
{
    internal ColumnSelectingTransformer(string[] names, bool keeps, bool keepHidden)
    {
        Names = names;
        Keeps = keeps;
        KeepHidden = keepHidden;
    }

    internal string[] Names { get; }

    /// <summary>Whether the columns named stay, and not the others.</summary>
    internal bool Keeps { get; }

    /// <summary>Whether columns hidden by later ones of the same name stay too.</summary>
    internal bool KeepHidden { get; }

    bool ITransformer.IsRowToRowMapper => true;

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) => context.Read("columns", reader => new ColumnSelectingTransformer(
        keeps: reader.ReadBoolean(), keepHidden: reader.ReadBoolean(),
        names: [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())]));

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Mapper(input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetLoader<ColumnSelectingTransformer>();
        ctx.Write("columns", writer =>
        {
            writer.Write(Keeps);
            writer.Write(KeepHidden);
            writer.Write(Names.Length);
            foreach (var name in Names) writer.Write(name);
        });
    }

    private SelectionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var name in Names) inputSchema.Input(name);
        var visible = inputSchema.Where(column => KeepHidden || !column.IsHidden);
        return new(inputSchema, Keeps
            ? [.. Names.SelectMany(name => visible.Where(column => column.Name == name))]
            : [.. visible.Where(column => !Names.Contains(column.Name))]);
    }
}
