using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace GanPipeline.Data;

/// <summary>
/// Resizes pictures to a square, with a triangle filter that widens when it shrinks (antialiasing). Not an imaging library's, so that the
/// pixels are the same with every version of it.
/// </summary>
/// <param name="side">The square's side.</param>
/// <param name="fit">What becomes of a picture that is not square: crop, pad or stretch.</param>
/// <param name="crop">The side of the square that is cut out of the middle first; 0, or more than the picture has, cuts nothing.</param>
internal sealed class Resizer(int side, string fit, int crop = 0)
{
    /// <summary>Whether a square is cut out before anything else.</summary>
    public bool Crops => crop > 0;

    private const byte White = 255;

    // Photographs of one camera share a size; a collection of many sizes keeps this from growing.
    private const int MostFilters = 256;

    private readonly ConcurrentDictionary<(int From, int Length, int To), Filter> _filters = new();

    /// <summary>Resizes every plane of a picture.</summary>
    public void Resize(ReadOnlySpan<byte> planes, int width, int height, Span<byte> destination)
    {
        if (width == side && height == side && (crop == 0 || crop >= side))
        {
            planes.CopyTo(destination);
            return;
        }
        var (cutWidth, cutHeight) = crop > 0 ? (Math.Min(width, crop), Math.Min(height, crop)) : (width, height);
        var (left, top, newWidth, newHeight) = (0, 0, side, side);
        if (fit == "crop")
        {
            cutWidth = cutHeight = Math.Min(cutWidth, cutHeight);
        }
        else if (fit == "pad")
        {
            var longer = Math.Max(cutWidth, cutHeight);
            newWidth = Scaled(cutWidth, longer);
            newHeight = Scaled(cutHeight, longer);
            (left, top) = ((side - newWidth) / 2, (side - newHeight) / 2);
            destination.Fill(White);
        }

        var (x, y) = ((width - cutWidth) / 2, (height - cutHeight) / 2);
        var across = FilterOf(x, cutWidth, newWidth);
        var down = FilterOf(y, cutHeight, newHeight);
        var rows = ArrayPool<float>.Shared.Rent(cutHeight * newWidth);
        for (var plane = 0; plane < destination.Length / (side * side); plane++)
        {
            var source = planes.Slice(plane * width * height, width * height);
            for (var row = 0; row < cutHeight; row++)
                across.ApplyToRow(source.Slice((y + row) * width, width), rows.AsSpan(row * newWidth, newWidth));
            for (var row = 0; row < newHeight; row++)
                down.ApplyToColumns(rows, row, y, destination.Slice((plane * side + top + row) * side + left, newWidth));
        }
        ArrayPool<float>.Shared.Return(rows);
    }

    private int Scaled(int length, int longer) => Math.Max(1, (int)(((long)length * side * 2 + longer) / (2L * longer)));

    private Filter FilterOf(int from, int length, int to)
    {
        if (_filters.Count > MostFilters) _filters.Clear();
        return _filters.GetOrAdd((from, length, to), static key => new Filter(key.From, key.Length, key.To));
    }

    /// <summary>For each place of the result, the places it is mixed from, and the shares.</summary>
    private sealed class Filter
    {
        private const int StackRow = 1024;

        private readonly int[] _first;
        private readonly float[][] _shares;

        public Filter(int from, int length, int to)
        {
            (_first, _shares) = (new int[to], new float[to][]);
            var scale = (double)length / to;
            var reach = Math.Max(1, scale);
            for (var i = 0; i < to; i++)
            {
                var middle = (i + 0.5) * scale;
                var first = Math.Max(0, (int)Math.Floor(middle - reach));
                var last = Math.Min(length - 1, (int)Math.Ceiling(middle + reach) - 1);
                var shares = new double[last - first + 1];
                for (var j = 0; j < shares.Length; j++) shares[j] = Math.Max(0, 1 - Math.Abs(first + j + 0.5 - middle) / reach);
                var sum = shares.Sum();
                _first[i] = from + first;
                _shares[i] = [.. shares.Select(s => (float)(s / sum))];
            }
        }

        public void ApplyToRow(ReadOnlySpan<byte> row, Span<float> result)
        {
            for (var i = 0; i < result.Length; i++)
            {
                var shares = _shares[i];
                var source = row.Slice(_first[i], shares.Length);
                var sum = 0f;
                for (var j = 0; j < shares.Length; j++) sum += source[j] * shares[j];
                result[i] = sum;
            }
        }

        public void ApplyToColumns(ReadOnlySpan<float> rows, int place, int offset, Span<byte> result)
        {
            // Each sum takes its terms one by one, in the order of the rows, so that the bytes are the same on every machine.
            var shares = _shares[place];
            var first = _first[place] - offset;
            var sums = result.Length <= StackRow ? stackalloc float[StackRow] : new float[result.Length];
            sums = sums[..result.Length];
            sums.Fill(0.5f);
            for (var j = 0; j < shares.Length; j++)
                TensorPrimitives.MultiplyAdd(rows.Slice((first + j) * result.Length, result.Length), shares[j], sums, sums);
            TensorPrimitives.ConvertSaturating<float, byte>(sums, result);
        }
    }
}
