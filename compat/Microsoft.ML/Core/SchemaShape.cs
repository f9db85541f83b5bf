using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before there are data: names, item types, whether a vector's size is fixed.</summary>
public sealed partial class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private readonly Column[] columns;

    public SchemaShape(IEnumerable<Column> columns) => this.columns = [.. columns];

    public int Count => columns.Length;

    public Column this[int index] => columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => columns.GetEnumerator();

    /// <summary>The shape of a schema's visible columns.</summary>
    internal static SchemaShape Create(DataViewSchema schema) =>
        new(schema.Where(column => !column.IsHidden).Select(column => new Column(column)));

    internal bool TryFindColumn(string name, out Column column)
    {
        var at = Array.FindLastIndex(columns, c => c.Name == name);
        column = at < 0 ? default : columns[at];
        return at >= 0;
    }

    /// <summary>The input column of that name; where there is none, the error that estimators give for it.</summary>
    internal Column Input(string name) => TryFindColumn(name, out var column) ? column : throw SchemaErrors.Missing("input", name);

    /// <summary>The shape with columns added, or put in the place of those that bear their names.</summary>
    internal SchemaShape With(params IEnumerable<Column> added)
    {
        var all = columns.ToList();
        foreach (var column in added)
        {
            var at = all.FindIndex(c => c.Name == column.Name);
            if (at < 0) all.Add(column);
            else all[at] = column;
        }
        return new(all);
    }
}
