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
internal abstract class StagingBuffer(int size, int rows) : ColumnBuffer
{
    private readonly float[] _values = new float[checked(rows * size)];

    public ReadOnlySpan<float> Filled(int rows) => _values.AsSpan(0, rows * size);

    protected Span<float> Row(int row) => _values.AsSpan(row * size, size);
}

/// <summary>Those that the column holds.</summary>
internal sealed class VectorStaging : StagingBuffer
{
    private readonly string _name;
    private readonly ValueGetter<VBuffer<float>> _source;
    private VBuffer<float> _next;

    public VectorStaging(DataViewRow source, DataViewSchema.Column column, int size, int rows, Func<int> current) : base(size, rows)
    {
        _name = column.Name;
        _source = source.GetGetter<VBuffer<float>>(column);
        Getter = (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Rows.Copy(Row(current()), ref value));
    }

    public override Delegate Getter { get; }

    public override void Read(int row)
    {
        _source(ref _next);
        Rows.Stage(_next, Row(row), _name);
    }
}

/// <summary>Label vectors of names: a key's or a text.</summary>
internal sealed class LabelStaging : StagingBuffer
{
    private readonly LabelLayout _layout;
    private readonly Func<string?> _name;
    private readonly string _column;
    private readonly ColumnBuffer _own;

    /// <param name="source">Whose column it is.</param>
    /// <param name="column">The column of names.</param>
    /// <param name="classes">The same column, as what reads its names.</param>
    /// <param name="layout">What the names stand for.</param>
    /// <param name="rows">The most rows kept.</param>
    /// <param name="current">Which of them is the cursor's row; throws where there is none.</param>
    public LabelStaging(
        DataViewRow source, DataViewSchema.Column column, ClassColumn classes, LabelLayout layout, int rows, Func<int> current)
        : base(layout.Size, rows)
    {
        _layout = layout;
        _name = classes.Reader(source);
        _column = column.Name;
        _own = Create(source, column, rows, current);
    }

    public override Delegate Getter => _own.Getter;

    public override void Read(int row)
    {
        _own.Read(row);
        var name = _name() ?? throw new InvalidOperationException($"Column '{_column}' has no label in a row.");
        _layout.EncodeFields(Parse(_layout, name, _column), Row(row));
    }

    /// <summary>The values of all fields that a text gives.</summary>
    /// <exception cref="InvalidOperationException">It names no such values, or not all of them.</exception>
    public static float[] Parse(LabelLayout layout, string text, string column)
    {
        float[] values;
        try
        {
            values = layout.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"Column '{column}': {e.Message}", e);
        }
        if (Array.FindIndex(values, float.IsNaN) is >= 0 and var missing)
            throw new InvalidOperationException($"Column '{column}': the label '{text}' says nothing of '{layout.Fields[missing].Name}'.");
        return values;
    }
}
