using System.Buffers;
using System.Numerics.Tensors;

namespace GanPipeline.Data;

/// <summary>Makes a square of a picture whose rows come from top to bottom. What it keeps in memory depends on the square alone.</summary>
internal ref struct ResizedRows : IDisposable
{
    private readonly ResizeFilter? _across, _down;
    private readonly Span<byte> _square;
    private readonly int _side, _left, _top;
    private readonly float[] _sums, _row;
    private int _y, _unfinished;

    /// <param name="across">How a row is resized; null where the picture has the square's size.</param>
    /// <param name="down">How a column is resized.</param>
    /// <param name="side">The side of the square.</param>
    /// <param name="left">Where the resized picture begins within the square.</param>
    /// <param name="top">Where the resized picture begins within the square.</param>
    /// <param name="square">Receives the planes.</param>
    public ResizedRows(ResizeFilter? across, ResizeFilter? down, int side, int left, int top, Span<byte> square)
    {
        (_across, _down, _side, _left, _top) = (across, down, side, left, top);
        _square = square;
        _sums = across is null ? [] : ArrayPool<float>.Shared.Rent(square.Length);
        _row = across is null ? [] : ArrayPool<float>.Shared.Rent(across.Length);
    }

    /// <summary>Takes the next row: a row of each plane, one behind the other.</summary>
    public void Add(ReadOnlySpan<byte> planes)
    {
        var y = _y++;
        var channels = _square.Length / (_side * _side);
        var width = planes.Length / channels;
        if (_across is null || _down is null)
        {
            for (var plane = 0; plane < channels; plane++)
                planes.Slice(plane * width, width).CopyTo(_square[((plane * _side + y) * _side)..]);
            return;
        }
        if (_unfinished == _down.Length || _down.First(_unfinished) > y) return; // not in the part that is cut out
        var row = _row.AsSpan(0, _across.Length);
        for (var plane = 0; plane < channels; plane++)
        {
            ResizeRow(_across, planes.Slice(plane * width, width), row);
            for (var i = _unfinished; i < _down.Length && _down.First(i) <= y; i++)
            {
                // Each sum takes its terms one by one, in the order of the rows, so that the bytes are the same on every machine.
                var shares = _down.Shares(i);
                var term = y - _down.First(i);
                var sums = _sums.AsSpan((plane * _down.Length + i) * row.Length, row.Length);
                if (term == 0) sums.Fill(0.5f);
                TensorPrimitives.MultiplyAdd(row, shares[term], sums, sums);
                if (term == shares.Length - 1) TensorPrimitives.ConvertSaturating<float, byte>(sums, Finished(plane, i, row.Length));
            }
        }
        while (_unfinished < _down.Length && _down.First(_unfinished) + _down.Shares(_unfinished).Length - 1 <= y) _unfinished++;
    }

    public readonly void Dispose()
    {
        if (_across is null) return;
        ArrayPool<float>.Shared.Return(_sums);
        ArrayPool<float>.Shared.Return(_row);
    }

    private readonly Span<byte> Finished(int plane, int row, int length) =>
        _square.Slice((plane * _side + _top + row) * _side + _left, length);

    private static void ResizeRow(ResizeFilter filter, ReadOnlySpan<byte> row, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var shares = filter.Shares(i);
            var source = row.Slice(filter.First(i), shares.Length);
            var sum = 0f;
            for (var j = 0; j < shares.Length; j++) sum += source[j] * shares[j];
            result[i] = sum;
        }
    }
}
