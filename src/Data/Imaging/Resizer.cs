using System.Buffers;
using System.Collections.Concurrent;

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

    private readonly ConcurrentDictionary<(int From, int Length, int To), ResizeFilter> _filters = new();

    /// <summary>Resizes every plane of a picture.</summary>
    public void Resize(ReadOnlySpan<byte> planes, int width, int height, Span<byte> destination)
    {
        if (KeepsSize(width, height))
        {
            planes.CopyTo(destination);
            return;
        }
        var channels = destination.Length / (side * side);
        var row = ArrayPool<byte>.Shared.Rent(channels * width);
        using var rows = Begin(width, height, 1, destination);
        for (var y = 0; y < height; y++)
        {
            for (var plane = 0; plane < channels; plane++)
                planes.Slice((plane * height + y) * width, width).CopyTo(row.AsSpan(plane * width));
            rows.Add(row.AsSpan(0, channels * width));
        }
        ArrayPool<byte>.Shared.Return(row);
    }

    /// <summary>Begins a picture that comes row by row, so that it need not be in memory as a whole.</summary>
    /// <param name="width">Its sides, as it is stored.</param>
    /// <param name="height">Its sides, as it is stored.</param>
    /// <param name="orientation">One of Exif's eight, which says where its middle lies if that is between two pixels.</param>
    /// <param name="square">Receives the planes of the square, turned as the picture is stored.</param>
    public ResizedRows Begin(int width, int height, int orientation, Span<byte> square)
    {
        var (cutWidth, cutHeight, newWidth, newHeight) = Sides(width, height);
        if (fit == "pad") square.Fill(White);
        var (fromRight, fromBottom) = Planes.Mirrors(orientation);
        var (x, y) = (Middle(width - cutWidth, fromRight), Middle(height - cutHeight, fromBottom));
        var (left, top) = (Middle(side - newWidth, fromRight), Middle(side - newHeight, fromBottom));
        var keeps = KeepsSize(width, height);
        return new ResizedRows(keeps ? null : FilterOf(x, cutWidth, newWidth), keeps ? null : FilterOf(y, cutHeight, newHeight), side, left,
            top, square);
    }

    /// <summary>Where a point of a picture comes to lie in its square, which may be outside of it.</summary>
    /// <param name="point">In pixels of the picture, turned upright, (0.5, 0.5) in the middle of the first one.</param>
    /// <param name="width">Its sides, turned upright.</param>
    /// <param name="height">Its sides, turned upright.</param>
    public (double X, double Y) Place((double X, double Y) point, int width, int height)
    {
        var (cutWidth, cutHeight, newWidth, newHeight) = Sides(width, height);
        return (Middle(side - newWidth, false) + (point.X - Middle(width - cutWidth, false)) * newWidth / cutWidth,
            Middle(side - newHeight, false) + (point.Y - Middle(height - cutHeight, false)) * newHeight / cutHeight);
    }

    /// <summary>The sides of the part that is cut out, and those that it gets.</summary>
    private (int CutWidth, int CutHeight, int NewWidth, int NewHeight) Sides(int width, int height)
    {
        var (cutWidth, cutHeight) = crop > 0 ? (Math.Min(width, crop), Math.Min(height, crop)) : (width, height);
        if (fit == "crop") return (Math.Min(cutWidth, cutHeight), Math.Min(cutWidth, cutHeight), side, side);
        var longer = Math.Max(cutWidth, cutHeight);
        return fit == "pad" ? (cutWidth, cutHeight, Scaled(cutWidth, longer), Scaled(cutHeight, longer))
            : (cutWidth, cutHeight, side, side);
    }

    private static int Middle(int gap, bool fromEnd) => fromEnd ? gap - gap / 2 : gap / 2;

    private bool KeepsSize(int width, int height) => width == side && height == side && (crop == 0 || crop >= side);

    private int Scaled(int length, int longer) => Math.Max(1, (int)(((long)length * side * 2 + longer) / (2L * longer)));

    private ResizeFilter FilterOf(int from, int length, int to)
    {
        if (_filters.Count > MostFilters) _filters.Clear();
        return _filters.GetOrAdd((from, length, to), static key => new ResizeFilter(key.From, key.Length, key.To));
    }
}
