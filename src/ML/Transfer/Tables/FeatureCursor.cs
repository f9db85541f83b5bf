using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// Goes through a table's rows, or through every so many-th batch of them where cursors share the work. The number of a batch grows
/// along each cursor and each batch belongs to one, so that the order can be told afterwards.
/// </summary>
internal sealed class FeatureCursor(
    FeatureTable table, DataViewSchema schema, IEnumerable<DataViewSchema.Column> needed, int[]? order, int count, int first, int cursors,
    int batch) : DataViewRowCursor
{
    private readonly HashSet<int> _active = [.. needed.Select(c => c.Index)];
    private long _position = -1;
    private long _at = -1;
    private bool _over;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => _at < 0 || _over ? 0 : _at / batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override bool MoveNext()
    {
        if (_over) return false;
        if (_at < 0) _at = (long)first * batch;
        else if (++_at % batch == 0) _at += (long)(cursors - 1) * batch;
        if (_at < count)
        {
            _position++;
            return true;
        }
        _over = true;
        _position = -1;
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' was not asked for.");
        Delegate getter = column.Index == 0 ? (ValueGetter<VBuffer<float>>)Features : (ValueGetter<uint>)Label;
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
    }

    private int Row => _at >= 0 && !_over ? order?[_at] ?? (int)_at
        : throw new InvalidOperationException("The cursor stands on no row: call MoveNext, and only read while it answers true.");

    private void Features(ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, table.Columns);
        table.Read(Row, editor.Values);
        value = editor.Commit();
    }

    // Key 0 is ML.NET's missing value.
    private void Label(ref uint value) => value = (uint)(table.Labels[Row] + 1);
}
