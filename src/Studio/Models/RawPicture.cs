namespace GanPipeline.Studio;

/// <summary>A canvas's pixels, as a browser has them.</summary>
internal static class RawPicture
{
    /// <summary>The largest side that is taken.</summary>
    public const int MostSide = 1024;

    /// <summary>The most bytes of a body.</summary>
    public const int MostBytes = 4 * MostSide * MostSide;

    /// <summary>
    /// Reads red, green, blue and alpha of each pixel, row by row. Alpha is left out; gray is 0.299 R + 0.587 G + 0.114 B.
    /// </summary>
    /// <param name="body">Exactly 4 * width * height bytes.</param>
    /// <param name="width">W, 1 to <see cref="MostSide"/>.</param>
    /// <param name="height">H, likewise.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <returns>[1, C, H, W] in [-1, 1].</returns>
    /// <exception cref="ArgumentException">A side out of its range, or another number of bytes.</exception>
    public static async Task<ImageTensor> ReadAsync(Stream body, int width, int height, int channels, CancellationToken stop)
    {
        if (width is < 1 or > MostSide || height is < 1 or > MostSide)
            throw new ArgumentException($"A picture's sides are from 1 to {MostSide}; got {width} x {height}.");
        // One more than there may be.
        var bytes = new byte[4 * width * height + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        if (length != bytes.Length - 1)
            throw new ArgumentException($"A picture of {width} x {height} has {bytes.Length - 1} bytes; this one has others.");
        var area = width * height;
        var planes = new byte[channels * area];
        for (var i = 0; i < area; i++)
        {
            var (red, green, blue) = (bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2]);
            if (channels == 1) planes[i] = (byte)Math.Round(0.299 * red + 0.587 * green + 0.114 * blue);
            else (planes[i], planes[area + i], planes[2 * area + i]) = (red, green, blue);
        }
        return ImageTensor.FromBytes(planes, 1, channels, height, width);
    }
}
