namespace Microsoft.ML.Data;

/// <summary>
/// What a stock row-to-row transformer does under one input schema: the columns it adds, which inputs each is made of, and
/// how their getters are made. To write a transformer:
/// <list type="bullet">
/// <item>derive from <see cref="OneToOneTransformerBase"/> (each output of one input) or <see cref="RowToRowTransformerBase"/>;
/// find inputs with <see cref="SchemaErrors.Input"/>, refuse wrong ones with <see cref="SchemaErrors.Mismatch"/>;</item>
/// <item>outputs that do not know of each other: <see cref="MappedColumn"/>s in a <see cref="ColumnMapping"/>; outputs that share work
/// in a row: a <see cref="RowMapping"/> of your own, with <see cref="RowCache"/> to do it once a row;</item>
/// <item>estimators derive from <see cref="TrivialEstimator{TTransformer}"/> where nothing is learned, and answer GetOutputSchema
/// with <see cref="SchemaShape.Input"/>, <see cref="SchemaShape.Column.Fits"/> and <see cref="SchemaShape.With"/>;</item>
/// <item>to save: <c>ctx.SetLoader&lt;Self&gt;()</c>, then <c>ctx.Write</c>; to load: implement <see cref="ILoadable"/>, and register with
/// <c>[assembly: ModelLoader&lt;Self&gt;("Name")]</c>.</item>
/// </list>
/// Getters are called by one thread each, may keep buffers between rows, and write into the buffer they are given.
/// </summary>
internal abstract class RowMapping
{
    /// <summary>The columns added, after those of the input.</summary>
    internal abstract IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    /// <summary>The indices of the input columns that an added column is made of.</summary>
    internal abstract IEnumerable<int> Inputs(int column);

    /// <summary>
    /// The getters over a row or cursor, a <see cref="ValueGetter{TValue}"/> for each active column and null for the others.
    /// </summary>
    /// <param name="input">In which the inputs of the active columns are active.</param>
    /// <param name="active">Which of the added columns are wanted.</param>
    /// <param name="dispose">What is to be done when the row is disposed, or null.</param>
    internal abstract Delegate[] Open(DataViewRow input, bool[] active, out Action dispose);
}

/// <summary>A column that a transformer adds: what it is, the inputs it is made of, and its getter over a row.</summary>
internal sealed record MappedColumn(DataViewSchema.DetachedColumn Column, int[] Inputs, Func<DataViewRow, Delegate> Getter);

/// <summary>A mapping whose columns are made independently of each other.</summary>
internal sealed class ColumnMapping(params IReadOnlyList<MappedColumn> columns) : RowMapping
{
    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = [.. columns.Select(column => column.Column)];

    internal override IEnumerable<int> Inputs(int column) => columns[column].Inputs;

    internal override Delegate[] Open(DataViewRow input, bool[] active, out Action dispose)
    {
        dispose = null;
        return [.. columns.Select((column, i) => active[i] ? column.Getter(input) : null)];
    }
}
