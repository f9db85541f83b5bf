namespace GanPipeline.Data;

/// <summary>
/// Reads single pictures exactly as a data set of kind <c>folder</c> does: decoded, made square, resized, 8 bits a channel.
/// </summary>
/// <remarks>Any number of threads may read at once.</remarks>
public sealed class PictureReader
{
    private readonly PictureDecoder _decoder;
    private readonly Resizer _resizer;

    /// <param name="size">The side of the square pictures in pixels, 4 to 1024.</param>
    /// <param name="channels">1 for gray or 3 for colour.</param>
    /// <param name="fit">How it becomes square, see <see cref="DataOptions.Fit"/>.</param>
    /// <param name="maxPixels">The most pixels of a file, see <see cref="DataOptions.MaxPixels"/>.</param>
    /// <exception cref="ArgumentException">A value out of its range; the message names it.</exception>
    public PictureReader(int size, int channels, string fit = "crop", long maxPixels = 100_000_000)
    {
        var options = new DataOptions { Kind = "folder", Path = ".", Size = size, Channels = channels, Fit = fit, MaxPixels = maxPixels };
        if (options.Problems().FirstOrDefault() is { Member: { } member, Problem: { } problem })
            throw new ArgumentException($"{problem} ({member}).");
        if (size == 0) throw new ArgumentException("the size is 0, but must be from 4 to 1024 pixels (Size).");
        if (channels == 0) throw new ArgumentException("channels is 0, but must be 1 (gray) or 3 (colour) (Channels).");
        Shape = new ImageShape(channels, size, size);
        _resizer = new Resizer(size, fit);
        _decoder = new PictureDecoder(Shape, _resizer, maxPixels);
    }

    /// <summary>The shape of every picture.</summary>
    public ImageShape Shape { get; }

    /// <summary>Reads a file as one image, with values from -1 to 1.</summary>
    /// <param name="path">A picture file.</param>
    /// <returns>[1, C, H, W].</returns>
    /// <exception cref="DataSetException">The file cannot be used; the message says which and why.</exception>
    public ImageTensor Read(string path)
    {
        var pixels = new byte[Shape.Size];
        return Read(path, pixels) is { } problem
            ? throw new DataSetException($"'{path}' cannot be used: {problem}")
            : Image(pixels);
    }

    /// <summary>Reads a file's bytes, such as those of a request, as one image, with values from -1 to 1.</summary>
    /// <param name="file">A whole picture file.</param>
    /// <returns>[1, C, H, W].</returns>
    /// <exception cref="DataSetException">The bytes cannot be used; the message says why.</exception>
    public ImageTensor Read(ReadOnlySpan<byte> file)
    {
        var pixels = new byte[Shape.Size];
        return Read(file, pixels) is { } problem ? throw new DataSetException($"The picture cannot be used: {problem}") : Image(pixels);
    }

    /// <summary>Reads a file: channel by channel and row by row, into exactly <see cref="ImageShape.Size"/> bytes.</summary>
    /// <returns>Null when <paramref name="pixels"/> is written; else why the file cannot be used.</returns>
    public string? Read(string path, Span<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            // Of a pipe or device, which might not end, the length is 0.
            var info = new FileInfo(path);
            if (info.Exists && info.Attributes.HasFlag(FileAttributes.ReparsePoint))
                info = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            if (info.Length == 0) return Reasons.Empty;
            using var file = File.OpenHandle(path);
            using var bytes = RandomAccessReading.Read(file, 0, RandomAccess.GetLength(file));
            return _decoder.Decode(bytes.Span, pixels);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return e.Message;
        }
    }

    /// <summary>
    /// Reads a file's bytes: channel by channel and row by row, into exactly <see cref="ImageShape.Size"/> bytes.
    /// </summary>
    /// <returns>Null when <paramref name="pixels"/> is written; else why the bytes cannot be used.</returns>
    public string? Read(ReadOnlySpan<byte> file, Span<byte> pixels)
    {
        if (file.IsEmpty) return Reasons.Empty;
        try
        {
            return _decoder.Decode(file, pixels);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return e.Message;
        }
    }

    /// <summary>Where points of a file's picture lie in the square that is read of it.</summary>
    /// <param name="path">A picture file, of which the header is read.</param>
    /// <param name="points">Places in its pixels, turned upright, (0.5, 0.5) in the middle of the first one, as
    /// <see cref="KeypointTable.Points"/> gives them; null where one is missing.</param>
    /// <returns>Places in the square's pixels; null where one is missing, or outside of the picture or of the square.</returns>
    /// <exception cref="DataSetException">The file cannot be read.</exception>
    public (double X, double Y)?[] Place(string path, IReadOnlyList<(double X, double Y)?> points)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(points);
        (int Width, int Height)? size;
        try { size = PictureDecoder.Size(File.ReadAllBytes(path)); }
        catch (Exception e) when (IsUnreadable(e)) { throw new DataSetException($"'{path}' cannot be used: {e.Message}", e); }
        if (size is not var (width, height)) throw new DataSetException($"'{path}' cannot be used: {Reasons.NoPicture}");
        return [.. points.Select(point => point is { } own && IsWithin(own, width, height)
            && _resizer.Place(own, width, height) is var placed && IsWithin(placed, Shape.Width, Shape.Height)
            ? placed : ((double X, double Y)?)null)];
    }

    internal static bool IsWithin((double X, double Y) point, int width, int height) =>
        point.X >= 0 && point.X < width && point.Y >= 0 && point.Y < height;

    private static bool IsUnreadable(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or InvalidDataException;

    private ImageTensor Image(byte[] pixels) => ImageTensor.FromBytes(pixels, 1, Shape.Channels, Shape.Height, Shape.Width);
}
