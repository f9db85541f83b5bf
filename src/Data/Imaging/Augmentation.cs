using System.Buffers;

namespace GanPipeline.Data;

/// <summary>Random changes to training pictures that keep what they show; in place, plane by plane.</summary>
internal static class Augmentation
{
    /// <summary>Swaps left and right.</summary>
    public static void Mirror(Span<byte> planes, int width)
    {
        for (var row = 0; row < planes.Length; row += width) planes.Slice(row, width).Reverse();
    }

    /// <summary>
    /// Cuts a window of the picture's own size whose corner lies at (<paramref name="x"/>, <paramref name="y"/>); beyond an edge the
    /// picture is mirrored there, the edge itself not repeated.
    /// </summary>
    /// <param name="planes">The picture, replaced by the window.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows of a plane.</param>
    /// <param name="x">From -(width - 1) to width - 1.</param>
    /// <param name="y">From -(height - 1) to height - 1.</param>
    /// <param name="copy">Room for the picture.</param>
    public static void Window(Span<byte> planes, int width, int height, int x, int y, Span<byte> copy)
    {
        planes.CopyTo(copy);
        for (var at = 0; at < planes.Length; at += width * height)
        {
            for (var row = 0; row < height; row++)
            {
                var from = copy.Slice(at + Inside(row + y, height) * width, width);
                var to = planes.Slice(at + row * width, width);
                for (var column = 0; column < width; column++) to[column] = from[Inside(column + x, width)];
            }
        }
    }

    /// <summary>
    /// Enlarges the picture (bilinear) and cuts a window of its former size whose corner lies at (<paramref name="x"/>,
    /// <paramref name="y"/>) of the larger one: the random jitter of Pix2Pix (Isola et al. 2017, appendix 6.2).
    /// </summary>
    /// <param name="planes">The picture, replaced by the window.</param>
    /// <param name="across">How a row is enlarged.</param>
    /// <param name="down">How a column is enlarged.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows of a plane.</param>
    /// <param name="x">From 0 to the pixels that a row gains.</param>
    /// <param name="y">From 0 to the pixels that a column gains.</param>
    /// <param name="copy">Room for the picture.</param>
    public static void Jitter(
        Span<byte> planes, ResizeFilter across, ResizeFilter down, int width, int height, int x, int y, Span<byte> copy)
    {
        planes.CopyTo(copy);
        var mixed = ArrayPool<float>.Shared.Rent(width);
        for (var at = 0; at < planes.Length; at += width * height)
        {
            for (var row = 0; row < height; row++)
            {
                Array.Clear(mixed, 0, width);
                var shares = down.Shares(y + row);
                for (var i = 0; i < shares.Length; i++)
                {
                    var from = copy.Slice(at + (down.First(y + row) + i) * width, width);
                    for (var column = 0; column < width; column++) mixed[column] += shares[i] * from[column];
                }
                var to = planes.Slice(at + row * width, width);
                for (var column = 0; column < width; column++)
                {
                    var (sum, first) = (0.5f, across.First(x + column));
                    shares = across.Shares(x + column);
                    for (var i = 0; i < shares.Length; i++) sum += shares[i] * mixed[first + i];
                    to[column] = (byte)sum;
                }
            }
        }
        ArrayPool<float>.Shared.Return(mixed);
    }

    private static int Inside(int place, int length) => place < 0 ? -place : place >= length ? 2 * length - 2 - place : place;
}
