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

    private static int Inside(int place, int length) => place < 0 ? -place : place >= length ? 2 * length - 2 - place : place;
}
