using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector, dense or sparse, in memory that getters reuse from row to row: a getter is handed the buffer of the row before,
/// and writes into its arrays where they are large enough. A sparse vector holds the items at some indices, which increase;
/// the others are the type's default. Write with <see cref="VBufferEditor"/>.
/// </summary>
public readonly partial struct VBuffer<T> : IEnumerable
{
    private readonly int count;
    private readonly int[] indices;
    private readonly T[] values;

    /// <summary>The number of items, those that a sparse vector leaves out included.</summary>
    public readonly int Length;

    /// <summary>A dense vector on the given array, which is not copied.</summary>
    public VBuffer(int length, T[] values, int[] indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((values?.Length ?? 0) < length)
            throw new ArgumentException($"{values?.Length ?? 0} values are too few for a vector of length {length}", nameof(values));
        Length = count = length;
        this.values = values;
        this.indices = indices;
    }

    /// <summary>
    /// A vector with <paramref name="count"/> items given; sparse where that is less than the length. The arrays are not copied.
    /// </summary>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"the number of items given is 0 to the length, {length}");
        if ((values?.Length ?? 0) < count)
            throw new ArgumentException($"{values?.Length ?? 0} values are fewer than {count}", nameof(values));
        if (count < length && (indices?.Length ?? 0) < count)
            throw new ArgumentException($"{indices?.Length ?? 0} indices are fewer than {count}", nameof(indices));
        Length = length;
        this.count = count;
        this.values = values;
        this.indices = indices;
    }

    public bool IsDense => count == Length;

    internal T[] ValuesArray => values;

    internal int[] IndicesArray => indices;

    /// <summary>The items held: all of a dense vector, those at <see cref="GetIndices"/> of a sparse one.</summary>
    public ReadOnlySpan<T> GetValues() => values.AsSpan(0, count);

    /// <summary>The indices of the items that a sparse vector holds; empty for a dense one.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : indices.AsSpan(0, count);

    public T GetItemOrDefault(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        if (IsDense) return values[index];
        var at = GetIndices().BinarySearch(index);
        return at < 0 ? default : values[at];
    }

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    /// <summary>Every item in order, defaults included.</summary>
    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    /// <summary>The items held with their indices, or with <paramref name="all"/> every item.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var held = 0;
        for (var index = 0; index < Length; index++)
        {
            if (held < count && (IsDense || indices[held] == index)) yield return new(index, values[held++]);
            else if (all) yield return new(index, default);
        }
    }

    public IEnumerator GetEnumerator() => DenseValues().GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {count} explicit values";
}
