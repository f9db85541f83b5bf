using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>The values of one column in the rows that a cursor has read ahead.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>A buffer for a column of any type.</summary>
    /// <param name="source">Whose column it is.</param>
    /// <param name="column">Active there.</param>
    /// <param name="rows">The most rows kept.</param>
    /// <param name="current">Which of them is the cursor's row; throws where there is none.</param>
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int rows, Func<int> current)
    {
        var buffer = column.Type is VectorDataViewType vector
            ? typeof(VectorBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ValueBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(buffer, source, column, rows, current)!;
    }

    /// <summary>Takes the source's value into a row of the buffer.</summary>
    public abstract void Read(int row);

    /// <summary>A getter of the current row's value.</summary>
    public abstract Delegate Getter { get; }
}

/// <summary>Scalars.</summary>
internal sealed class ValueBuffer<T> : ColumnBuffer
{
    private readonly T[] _values;
    private readonly ValueGetter<T> _source;

    public ValueBuffer(DataViewRow source, DataViewSchema.Column column, int rows, Func<int> current)
    {
        _values = new T[rows];
        _source = source.GetGetter<T>(column);
        Getter = (ValueGetter<T>)((ref T value) => value = _values[current()]);
    }

    public override Delegate Getter { get; }

    public override void Read(int row) => _source(ref _values[row]);
}

/// <summary>Vectors, each row's in memory that is used again for the next batch.</summary>
internal sealed class VectorBuffer<T> : ColumnBuffer
{
    private readonly VBuffer<T>[] _values;
    private readonly ValueGetter<VBuffer<T>> _source;

    public VectorBuffer(DataViewRow source, DataViewSchema.Column column, int rows, Func<int> current)
    {
        _values = new VBuffer<T>[rows];
        _source = source.GetGetter<VBuffer<T>>(column);
        Getter = (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[current()].CopyTo(ref value));
    }

    public override Delegate Getter { get; }

    public override void Read(int row) => _source(ref _values[row]);
}

/// <summary>The vectors that a model takes, one after the other in one block of memory.</summary>
internal sealed class StagingBuffer : ColumnBuffer
{
    private readonly float[] _values;
    private readonly int _size;
    private readonly string _name;
    private readonly ValueGetter<VBuffer<float>> _source;
    private VBuffer<float> _next;

    public StagingBuffer(DataViewRow source, DataViewSchema.Column column, int size, int rows, Func<int> current)
    {
        _values = new float[checked(rows * size)];
        _size = size;
        _name = column.Name;
        _source = source.GetGetter<VBuffer<float>>(column);
        Getter = (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Rows.Copy(_values.AsSpan(current() * size, size), ref value));
    }

    public override Delegate Getter { get; }

    public override void Read(int row)
    {
        _source(ref _next);
        Rows.Stage(_next, _values.AsSpan(row * _size, _size), _name);
    }

    public ReadOnlySpan<float> Filled(int rows) => _values.AsSpan(0, rows * _size);
}
