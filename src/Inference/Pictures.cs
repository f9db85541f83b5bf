namespace GanPipeline.Inference;

/// <summary>Writes images as PNG files. Every file is written completely or not at all.</summary>
/// <remarks>
/// Values in [-1, 1] become bytes by round((x + 1) * 127.5), clamped. One channel is written as gray, three as red, green, blue;
/// another number of channels is an <see cref="ArgumentException"/>. A file that cannot be written is an <see cref="IOException"/> or an
/// <see cref="UnauthorizedAccessException"/> that names it.
/// </remarks>
public static class Pictures
{
    private const int GridPadding = 2;

    /// <summary>Writes one image as PNG.</summary>
    /// <param name="images">Images of 1 or 3 channels.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="path">The file; missing parent folders are made.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such image.</exception>
    public static void SavePng(ImageTensor images, int index, string path)
    {
        var picture = PixelImage.FromTensor(images, index);
        AtomicFile.Write(path, picture.WritePng);
    }

    /// <summary>One image as the bytes of a PNG file.</summary>
    /// <param name="images">Images of 1 or 3 channels.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="scale">The side of the square that a pixel becomes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such image, or a scale below 1.</exception>
    public static byte[] EncodePng(ImageTensor images, int index, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var picture = scale == 1 ? PixelImage.FromTensor(images, index)
            : PixelImage.Grid(images.Slice(index, 1), columns: 1, scale, padding: 0);
        using var stream = new MemoryStream();
        picture.WritePng(stream);
        return stream.ToArray();
    }

    /// <summary>Writes every image as PNG, on all cores: <c>000000.png</c>, <c>000001.png</c>, ...</summary>
    /// <param name="images">Images of 1 or 3 channels.</param>
    /// <param name="folder">Where to; made where it is missing.</param>
    /// <param name="first">Number of the first file, so that the next batch can continue the numbering.</param>
    /// <param name="cancellationToken">Ends the writing. Files already written stay.</param>
    /// <returns>The paths, in the images' order.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="first"/> is negative.</exception>
    public static IReadOnlyList<string> SavePngs(
        ImageTensor images, string folder, long first = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var paths = new string[images.Count];
        for (var i = 0; i < paths.Length; i++) paths[i] = Path.Combine(folder, $"{first + i:D6}.png");
        try
        {
            Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => SavePng(images, i, paths[i]));
        }
        catch (AggregateException e)
        {
            // A full disk fails every file at once; one exception is enough.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return paths;
    }

    /// <summary>Writes all images into one PNG, row by row, with lines between them.</summary>
    /// <param name="images">One image or more, of 1 or 3 channels.</param>
    /// <param name="path">The file; missing parent folders are made.</param>
    /// <param name="columns">Images in a row; 0 makes the grid about square.</param>
    /// <param name="scale">The side of the square that a pixel becomes; 0 chooses one that makes an image's longer side about 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative columns or scale.</exception>
    public static void SaveGrid(ImageTensor images, string path, int columns = 0, int scale = 1)
    {
        var grid = Grid(images, columns, scale);
        AtomicFile.Write(path, grid.WritePng);
    }

    /// <summary>The grid of <see cref="SaveGrid"/> as the bytes of a PNG file, for reports that embed it.</summary>
    /// <inheritdoc cref="SaveGrid"/>
    public static byte[] EncodeGrid(ImageTensor images, int columns = 0, int scale = 1)
    {
        using var stream = new MemoryStream();
        Grid(images, columns, scale).WritePng(stream);
        return stream.ToArray();
    }

    internal static PixelImage Grid(ImageTensor images, int columns, int scale) => PixelImage.Grid(images, columns, scale, GridPadding);
}
