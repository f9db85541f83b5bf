namespace GanPipeline.Data;

/// <summary>Pictures as planes: channel by channel, 1 or 3 of them, 8 bits a value.</summary>
internal static class Planes
{
    /// <summary>Converts colour to gray or gray to colour, or copies, by the lengths.</summary>
    public static void Convert(ReadOnlySpan<byte> from, Span<byte> to, int area)
    {
        if (from.Length == to.Length)
        {
            from.CopyTo(to);
        }
        else if (to.Length > from.Length)
        {
            for (var channel = 0; channel < to.Length / area; channel++) from.CopyTo(to[(channel * area)..]);
        }
        else
        {
            for (var i = 0; i < area; i++) to[i] = Gray(from[i], from[area + i], from[2 * area + i]);
        }
    }

    /// <summary>Blends RGBA pixels with white and writes them as planes.</summary>
    public static void FromRgba(ReadOnlySpan<byte> pixels, Span<byte> planes, int area)
    {
        var gray = planes.Length == area;
        for (var i = 0; i < area; i++)
        {
            var pixel = pixels.Slice(4 * i, 4);
            var (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
            var opacity = pixel[3];
            if (opacity < 255) (red, green, blue) = (OnWhite(red, opacity), OnWhite(green, opacity), OnWhite(blue, opacity));
            if (gray)
            {
                planes[i] = Gray(red, green, blue);
                continue;
            }
            planes[i] = red;
            planes[area + i] = green;
            planes[2 * area + i] = blue;
        }
    }

    /// <summary>Whether a picture of an orientation is stored from right to left, and from bottom to top.</summary>
    public static (bool FromRight, bool FromBottom) Mirrors(int orientation) =>
        (orientation is 2 or 3 or 7 or 8, orientation is 3 or 4 or 6 or 7);

    /// <summary>Turns a picture upright; the orientation is one of Exif's eight, and the new sides are returned.</summary>
    public static (int Width, int Height) Upright(ReadOnlySpan<byte> planes, int width, int height, int orientation, Span<byte> upright)
    {
        var turned = orientation >= 5; // rows are columns
        var (newWidth, newHeight) = turned ? (height, width) : (width, height);
        var (fromRight, fromBottom) = Mirrors(orientation);
        var area = width * height;
        for (var plane = 0; plane < planes.Length / area; plane++)
        {
            for (var y = 0; y < newHeight; y++)
            {
                for (var x = 0; x < newWidth; x++)
                {
                    var (column, row) = turned ? (y, x) : (x, y);
                    if (fromRight) column = width - 1 - column;
                    if (fromBottom) row = height - 1 - row;
                    upright[plane * area + y * newWidth + x] = planes[plane * area + row * width + column];
                }
            }
        }
        return (newWidth, newHeight);
    }

    /// <summary>Luma of Rec. ITU-R BT.601, the gray of JPEG: 0.299, 0.587, 0.114, in 16 bits and rounded.</summary>
    public static byte Gray(byte red, byte green, byte blue) => (byte)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);

    private static byte OnWhite(byte value, byte opacity) => (byte)((value * opacity + 255 * (255 - opacity) + 127) / 255);
}
