namespace GanPipeline.Data;

/// <summary>A class of surface in the class maps of bricks, and its colour there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public sealed record BrickSurface(string Name, byte Red, byte Green, byte Blue);

/// <summary>The colours of the class maps of bricks (<c>pair: classes</c>), and how a map is read back from pixels.</summary>
public static class BrickSurfaces
{
    /// <summary>
    /// All classes, in the order of their indices: <c>background</c> (0, 0, 0), <c>top</c> (0, 255, 0), <c>left side</c> (255, 0, 0),
    /// <c>right side</c> (0, 0, 255), <c>slope</c> (255, 255, 0), <c>stud top</c> (0, 255, 255), <c>stud side</c> (255, 0, 255),
    /// <c>underside</c> (255, 255, 255) and <c>hollow</c> (128, 128, 128), the deep places of the underside. A side is left or right by
    /// where it faces, as the camera sees it. Any two colours are at least 219 apart (Euclidean distance of red, green and blue).
    /// </summary>
    public static IReadOnlyList<BrickSurface> Palette { get; } =
    [
        new("background", 0, 0, 0),
        new("top", 0, 255, 0),
        new("left side", 255, 0, 0),
        new("right side", 0, 0, 255),
        new("slope", 255, 255, 0),
        new("stud top", 0, 255, 255),
        new("stud side", 255, 0, 255),
        new("underside", 255, 255, 255),
        new("hollow", 128, 128, 128),
    ];

    /// <summary>The class whose colour is nearest, by Euclidean distance; of two as near, the first.</summary>
    /// <param name="red">In steps of the palette, 0 to 255; need not be whole.</param>
    /// <param name="green">Likewise.</param>
    /// <param name="blue">Likewise.</param>
    /// <returns>An index into <see cref="Palette"/>.</returns>
    public static int Nearest(float red, float green, float blue)
    {
        var (nearest, least) = (0, float.MaxValue);
        for (var i = 0; i < Palette.Count; i++)
        {
            var (r, g, b) = (red - Palette[i].Red, green - Palette[i].Green, blue - Palette[i].Blue);
            var distance = r * r + g * g + b * b;
            if (distance < least) (nearest, least) = (i, distance);
        }
        return nearest;
    }

    /// <summary>Reads a class map, each pixel as the class of the nearest colour.</summary>
    /// <param name="map">A picture of 3 channels, [3, H, W], 0 to 255.</param>
    /// <param name="classes">Receives an index into <see cref="Palette"/> for each pixel, [H, W].</param>
    /// <exception cref="ArgumentException">There are not three values for each pixel.</exception>
    public static void Read(ReadOnlySpan<byte> map, Span<byte> classes)
    {
        var area = classes.Length;
        if (map.Length != 3 * area)
            throw new ArgumentException($"A class map of {area} pixels has {3 * area} values, not {map.Length}.", nameof(map));
        for (var i = 0; i < area; i++) classes[i] = (byte)Nearest(map[i], map[area + i], map[2 * area + i]);
    }

    /// <summary>Reads the class map that an image is, such as a generated one, each pixel as the class of the nearest colour.</summary>
    /// <param name="images">Images of 3 channels, [N, 3, H, W], with values in [-1, 1].</param>
    /// <param name="index">Which of them, 0 to N - 1.</param>
    /// <returns>An index into <see cref="Palette"/> for each pixel, [H, W].</returns>
    /// <exception cref="ArgumentException">The images have another number of channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such image.</exception>
    public static byte[] Read(ImageTensor images, int index)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Channels != 3) throw new ArgumentException($"A class map has 3 channels, not {images.Channels}.", nameof(images));
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, images.Count);
        var values = images.Image(index);
        var classes = new byte[images.Height * images.Width];
        var area = classes.Length;
        for (var i = 0; i < area; i++)
            classes[i] = (byte)Nearest(Step(values[i]), Step(values[area + i]), Step(values[2 * area + i]));
        return classes;

        static float Step(float value) => (value + 1) * 127.5f;
    }
}
