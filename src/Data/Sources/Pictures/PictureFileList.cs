using System.Collections.Concurrent;

namespace GanPipeline.Data;

/// <summary>
/// The pictures of a folder or archive, each of its own size: for networks that take any. Those of sub-folders are among them, whatever
/// these are called.
/// </summary>
/// <remarks>Any number of threads may read at once.</remarks>
public sealed class PictureFileList : IDisposable
{
    private readonly FileSet _files;
    private readonly FileEntry[] _entries;
    private readonly int _channels;
    private readonly long _maxPixels;
    private readonly ConcurrentDictionary<int, string> _skipped = new();

    private PictureFileList(FileSet files, string path, int channels, long maxPixels, CancellationToken cancellationToken)
    {
        (_files, _channels, _maxPixels) = (files, channels, maxPixels);
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        List<SkippedImage> leftOut = [.. files.LeftOut];
        List<FileEntry> entries = [];
        foreach (var entry in files.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parts = entry.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (PictureFiles.Problem(parts, () => PictureFiles.Look(files, entry)) is { } problem) leftOut.Add(new(entry.Path, problem));
            else entries.Add(entry);
        }
        if (entries.Count == 0)
            throw new DataSetException($"There are no pictures in {path}" +
                (leftOut is [var (file, reason), ..] ? $"; for example {file}: {reason}." : "."));
        (_entries, LeftOutFiles) = ([.. entries], [.. leftOut.OrderBy(file => file.File, StringComparer.Ordinal)]);
        var hashes = new long[_entries.Length];
        Parallel.For(0, hashes.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            hashes[i] = files.ContentHash(_entries[i]));
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add("pictures of their own size").Add(channels).Add(maxPixels);
        for (var i = 0; i < hashes.Length; i++) fingerprint.Add(_entries[i].Path).Add(_entries[i].Length).Add(hashes[i]);
        Fingerprint = fingerprint.Finish();
    }

    /// <summary>The folder's or archive's name.</summary>
    public string Name { get; }

    /// <summary>The number of pictures, at least 1; unusable ones are counted too.</summary>
    public int Count => _entries.Length;

    /// <summary>A hash, in hexadecimal, of all pictures and their order, and of the form that they are read in.</summary>
    public string Fingerprint { get; }

    /// <summary>The unusable pictures found so far, ordered by file.</summary>
    public IReadOnlyList<SkippedImage> SkippedImages =>
        [.. _skipped.OrderBy(s => s.Key).Select(s => new SkippedImage(_entries[s.Key].Path, s.Value))];

    /// <summary>The files that were not taken for pictures, and why, ordered by file.</summary>
    public IReadOnlyList<SkippedImage> LeftOutFiles { get; }

    /// <summary>Lists the pictures of a folder, a zip, or a tar. They are decoded when they are read.</summary>
    /// <param name="path">The folder or archive.</param>
    /// <param name="channels">1 for gray or 3 for colour.</param>
    /// <param name="maxPixels">The most pixels of a file, see <see cref="DataOptions.MaxPixels"/>.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="DataSetException">The folder or archive is missing, damaged, or has no picture.</exception>
    /// <exception cref="ArgumentException">Another number of channels, or fewer than one pixel.</exception>
    public static PictureFileList Open(string path, int channels = 3, long maxPixels = 100_000_000,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (channels is not (1 or 3)) throw new ArgumentException($"channels is {channels}, but must be 1 (gray) or 3 (colour).");
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        var files = FileSet.Open(path, cancellationToken);
        try { return new PictureFileList(files, path, channels, maxPixels, cancellationToken); }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The file of a picture, as its header describes it, with the sides that it has upright; null where the header cannot be read.
    /// </summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public PictureFile? FileOf(int index)
    {
        try
        {
            using var bytes = _files.Read(_entries[index]);
            var header = PictureDecoder.Header(_entries[index].Path, bytes.Span);
            return header is not null && ExifOrientation.Of(bytes.Span) >= 5
                ? header with { Width = header.Height, Height = header.Width } : header;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Reads a picture in its own size, upright, with what is transparent on white.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <returns>
    /// [1, C, H, W] in [-1, 1]; null if the picture cannot be used. It is then listed in <see cref="SkippedImages"/>, once.
    /// </returns>
    public ImageTensor? Read(int index)
    {
        if (_skipped.ContainsKey(index)) return null;
        try
        {
            using var bytes = _files.Read(_entries[index]);
            var (picture, problem) = bytes.Span.IsEmpty ? (null, Reasons.Empty) : WholePicture.Decode(bytes.Span, _channels, _maxPixels);
            if (picture is not null) return ImageTensor.FromBytes(picture.Pixels, 1, _channels, picture.Height, picture.Width);
            _skipped[index] = problem!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _skipped[index] = e.Message;
        }
        return null;
    }

    /// <summary>Closes the archive.</summary>
    public void Dispose() => _files.Dispose();
}
