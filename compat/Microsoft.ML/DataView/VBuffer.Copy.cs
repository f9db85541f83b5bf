namespace Microsoft.ML.Data;

public readonly partial struct VBuffer<T>
{
    /// <summary>Copies the vector as it is, dense or sparse.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, count);
        GetValues().CopyTo(editor.Values);
        if (!IsDense) GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies a range of the vector.</summary>
    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        CheckRange(Length, sourceIndex, length);
        if (IsDense)
        {
            var dense = VBufferEditor.Create(ref destination, length);
            values.AsSpan(sourceIndex, length).CopyTo(dense.Values);
            destination = dense.Commit();
            return;
        }
        var held = GetIndices();
        var from = At(held, sourceIndex);
        var to = At(held, sourceIndex + length);
        var editor = VBufferEditor.Create(ref destination, length, to - from);
        values.AsSpan(from, to - from).CopyTo(editor.Values);
        if (to - from < length)
            for (var i = from; i < to; i++) editor.Indices[i - from] = held[i] - sourceIndex;
        destination = editor.Commit();
    }

    /// <summary>Copies every item, defaults included.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Copies every item, defaults included, to the start of the span.</summary>
    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies every item to the span from an index on; what a sparse vector leaves out becomes the given default.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        CheckRange(destination.Length, destinationIndex, Length);
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (var i = 0; i < count; i++) target[indices[i]] = values[i];
    }

    /// <summary>Makes a dense vector of a part of an array.</summary>
    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        CheckRange(source?.Length ?? 0, sourceIndex, length);
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    private static int At(ReadOnlySpan<int> sorted, int value) => sorted.BinarySearch(value) is var at && at < 0 ? ~at : at;

    private static void CheckRange(int available, int start, int length)
    {
        if (start < 0 || length < 0 || start > available - length)
            throw new ArgumentOutOfRangeException(nameof(length), $"{length} items from {start} on do not lie within {available}");
    }
}
