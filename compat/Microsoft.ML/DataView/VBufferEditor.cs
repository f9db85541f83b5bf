namespace Microsoft.ML.Data;

/// <summary>Gives the memory of a <see cref="VBuffer{T}"/> to write into, reused where it is large enough.</summary>
public static class VBufferEditor
{
    /// <summary>Edits a vector without changing its shape.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination) =>
        Create(ref destination, destination.Length, destination.GetValues().Length);

    /// <param name="destination">The buffer whose arrays are reused. What it held is lost.</param>
    /// <param name="newLogicalLength">The length of the new vector.</param>
    /// <param name="valuesCount">The number of items it holds: null, or the length, for a dense vector.</param>
    /// <param name="maxValuesCapacity">The most items an array made now need ever hold; the length where null.</param>
    /// <param name="keepOldOnResize">Whether values and indices are carried over into larger arrays.</param>
    /// <param name="requireIndicesOnDense">Whether there are indices to write even where the vector is dense.</param>
    public static VBufferEditor<T> Create<T>(ref VBuffer<T> destination, int newLogicalLength, int? valuesCount = null,
        int? maxValuesCapacity = null, bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        var count = valuesCount ?? newLogicalLength;
        if (count < 0 || count > newLogicalLength)
            throw new ArgumentOutOfRangeException(nameof(valuesCount), valuesCount, $"0 to the length, {newLogicalLength}");
        var most = Math.Max(maxValuesCapacity ?? newLogicalLength, count);

        var values = Grown(destination.ValuesArray, count, most, keepOldOnResize);
        var indices = destination.IndicesArray;
        if (count < newLogicalLength || requireIndicesOnDense) indices = Grown(indices, count, most, keepOldOnResize);
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, requireIndicesOnDense);
    }

    private static TItem[] Grown<TItem>(TItem[] old, int count, int most, bool keep)
    {
        if ((old?.Length ?? 0) >= count) return old ?? [];
        // A dense vector gets what it needs; one that may grow, some more.
        var larger = new TItem[Math.Min(most, Math.Max(count, 2 * (old?.Length ?? 0)))];
        if (keep) old?.CopyTo(larger, 0);
        return larger;
    }
}

/// <summary>The memory of a vector being written: fill <see cref="Values"/>, then <see cref="Commit"/>.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int length;
    private readonly T[] values;
    private readonly int[] indices;

    public readonly Span<int> Indices;

    public readonly Span<T> Values;

    internal VBufferEditor(int length, int count, T[] values, int[] indices, bool indicesOnDense)
    {
        this.length = length;
        this.values = values;
        this.indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count < length || indicesOnDense ? indices.AsSpan(0, count) : default;
    }

    public VBuffer<T> Commit() => new(length, Values.Length, values, indices);
}
