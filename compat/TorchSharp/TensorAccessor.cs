using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in memory, in the order of its shape, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : struct
{
    // Also what keeps the memory alive.
    private torch.Tensor? _tensor;
    private readonly void* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        _tensor = tensor;
        _data = tensor.Data;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    public T this[params long[] indices]
    {
        get => At(Offset(indices));
        set => At(Offset(indices)) = value;
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int count = (int)Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        if (_contiguous) new Span<T>(Pointer(tensorIndex), count).CopyTo(array[arrayIndex..]);
        else for (int i = 0; i < count; i++) array[arrayIndex + i] = At(Offset(tensorIndex + i));
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int count = (int)Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        if (_contiguous) array.Slice(arrayIndex, count).CopyTo(new Span<T>(Pointer(tensorIndex), count));
        else for (int i = 0; i < count; i++) At(Offset(tensorIndex + i)) = array[arrayIndex + i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(Offset(i));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _tensor = null;

    private ref T At(long offset) => ref System.Runtime.CompilerServices.Unsafe.AsRef<T>(Pointer(offset));

    private void* Pointer(long offset)
    {
        ObjectDisposedException.ThrowIf(_tensor is null, this);
        return (byte*)_data + (offset * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
    }

    /// <summary>Where the element of this number, in the order of the shape, lies.</summary>
    private long Offset(long number)
    {
        if (_contiguous) return number;
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            offset += number % _shape[d] * _strides[d];
            number /= _shape[d];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        // One index counts through all elements, as several count along the dimensions.
        if (indices.Length == 1 && indices[0] >= 0 && indices[0] < Count) return Offset(indices[0]);
        if (indices.Length != _shape.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)_shape[d])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[d], $"Dimension {d} has {_shape[d]} elements.");
            offset += indices[d] * _strides[d];
        }
        return offset;
    }
}
