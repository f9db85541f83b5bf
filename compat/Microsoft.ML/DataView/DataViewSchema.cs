using System.Collections;

namespace Microsoft.ML;

/// <summary>
/// The columns of a view or row. Several may bear the same name: the last one has it, and hides the others, which are reached by index.
/// </summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] columns;
    private readonly Dictionary<string, int> byName = [];

    internal DataViewSchema(IReadOnlyList<DetachedColumn> columns)
    {
        for (var i = 0; i < columns.Count; i++) byName[columns[i].Name] = i;
        this.columns = [.. columns.Select((c, i) => new Column(this, i, c.Name, c.Type, c.Annotations, byName[c.Name] != i))];
    }

    public int Count => columns.Length;

    public Column this[int columnIndex]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(columnIndex);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(columnIndex, columns.Length);
            return columns[columnIndex];
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no column of that name.</exception>
    public Column this[string name] => GetColumnOrNull(name)
        ?? throw new ArgumentOutOfRangeException(nameof(name), name, $"Column '{name}' not found among {this}");

    public Column? GetColumnOrNull(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return byName.TryGetValue(name, out var index) ? columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => columns.GetEnumerator();

    public override string ToString() => $"{columns.Length} columns: {string.Join(", ", columns.Select(c => c.ToString()))}";
}
