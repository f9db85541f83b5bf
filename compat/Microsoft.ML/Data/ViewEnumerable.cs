using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view as objects.</summary>
internal sealed class ViewEnumerable<TRow> : IEnumerable<TRow> where TRow : class, new()
{
    private readonly IDataView view;
    private readonly RowBinding<TRow> binding;
    private readonly DataViewSchema.Column?[] sources;
    private readonly bool reuse;

    internal ViewEnumerable(IDataView view, RowBinding<TRow> binding, bool ignoreMissing, bool reuse)
    {
        this.view = view;
        this.binding = binding;
        this.reuse = reuse;
        sources = binding.Sources(view.Schema, ignoreMissing);
    }

    public IEnumerator<TRow> GetEnumerator()
    {
        using var cursor = view.GetRowCursor(sources.Where(source => source is not null).Select(source => source.Value));
        var write = binding.Writer(cursor, sources);
        var row = new TRow();
        while (cursor.MoveNext())
        {
            write(row);
            yield return row;
            if (!reuse) row = new TRow();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
