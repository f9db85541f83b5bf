namespace GanPipeline.Data;

/// <summary>
/// Reads single pictures exactly as a data set of kind <c>folder</c> does: decoded, made square, resized, 8 bits a channel.
/// </summary>
/// <remarks>Any number of threads may read at once.</remarks>
public sealed class PictureReader
{
    private readonly PictureDecoder _decoder;

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
        _decoder = new PictureDecoder(Shape, new Resizer(size, fit), maxPixels);
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

    private static bool IsUnreadable(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or InvalidDataException;

    private ImageTensor Image(byte[] pixels) => ImageTensor.FromBytes(pixels, 1, Shape.Channels, Shape.Height, Shape.Width);
}
