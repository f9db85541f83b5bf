using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace GanPipeline.Data;

/// <summary>The pictures of a folder or archive, decoded when they are read.</summary>
internal sealed class PictureSource : IImageSource
{
    private const int LargeFile = 1 << 20;

    private readonly FileSet _files;
    private readonly PictureLabels _labels;
    private readonly PictureDecoder _decoder;
    private readonly ConcurrentDictionary<int, string> _skipped = new();

    private PictureSource(FileSet files, string path, DataOptions options, CancellationToken cancellationToken)
    {
        _files = files;
        Name = NameOf(path);
        List<SkippedImage> leftOut = [.. files.LeftOut];
        var layout = FolderLayout.Read(files.Entries, options, path, Look, leftOut);
        _labels = new PictureLabels(layout, files.Entries, options, leftOut, cancellationToken);
        LeftOutFiles = [.. leftOut.OrderBy(file => file.File, StringComparer.Ordinal)];
        var side = options.Size == 0 ? 64 : options.Size;
        Shape = new ImageShape(options.Channels == 0 ? 3 : options.Channels, side, side);
        _decoder = new PictureDecoder(Shape, new Resizer(side, options.Fit, options.Crop), options.MaxPixels);

        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add("pictures 2").Add(side).Add(Shape.Channels).Add(options.Fit).Add(options.MaxPixels);
        if (options.Crop > 0) fingerprint.Add("crop").Add(options.Crop);
        var hashes = ContentHashes(files, _labels.Entries, cancellationToken);
        var values = new float[_labels.Attributes.Count];
        for (var i = 0; i < _labels.Entries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = files.Entries[_labels.Entries[i]];
            fingerprint.Add(file.Path).Add(file.Length).Add(hashes[i]).Add(_labels.Label(i));
            if (options.Attributes is null) continue;
            _labels.Read(i, values);
            fingerprint.Add(MemoryMarshal.AsBytes<float>(values));
        }
        Fingerprint = fingerprint.Finish();

        string? Look(FileEntry entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return PictureFiles.Look(files, entry);
        }
    }

    public string Name { get; }
    public int Count => _labels.Entries.Count;
    public ImageShape Shape { get; }
    public IReadOnlyList<string> Classes => _labels.Classes;
    public IReadOnlyList<LabelField> Attributes => _labels.Attributes;
    public string Fingerprint { get; }
    public int Skipped => _skipped.Count;

    public IReadOnlyList<SkippedImage> SkippedImages =>
        [.. _skipped.OrderBy(s => s.Key).Select(s => new SkippedImage(_files.Entries[_labels.Entries[s.Key]].Path, s.Value))];

    public IReadOnlyList<SkippedImage> LeftOutFiles { get; }

    /// <exception cref="DataSetException">The folder or archive is missing, damaged, or has no picture.</exception>
    public static PictureSource Open(string path, DataOptions options, CancellationToken cancellationToken)
    {
        var files = FileSet.Open(path, cancellationToken);
        try { return new PictureSource(files, path, options, cancellationToken); }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public int Label(int index) => _labels.Label(index);

    public void ReadAttributes(int index, Span<float> values) => _labels.Read(index, values);

    public bool TryRead(int index, Span<byte> pixels)
    {
        if (_skipped.ContainsKey(index)) return false;
        var problem = Read(_files.Entries[_labels.Entries[index]], pixels);
        if (problem is null) return true;
        _skipped[index] = problem;
        return false;
    }

    public PictureFile? FileOf(int index)
    {
        var entry = _files.Entries[_labels.Entries[index]];
        try
        {
            using var bytes = _files.Read(entry);
            return PictureDecoder.Header(entry.Path, bytes.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    public void Dispose() => _files.Dispose();

    private static long[] ContentHashes(FileSet files, IReadOnlyList<int> entries, CancellationToken cancellationToken)
    {
        var hashes = new long[entries.Count];
        Parallel.For(0, hashes.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            hashes[i] = files.ContentHash(files.Entries[entries[i]]));
        return hashes;
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!File.Exists(path)) return name;
        name = Path.GetFileNameWithoutExtension(name);
        return name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }

    private string? Read(in FileEntry entry, Span<byte> pixels)
    {
        // A large file that is no picture is not read as a whole to learn that.
        if ((entry.Length == 0 || entry.Length > LargeFile) && PictureFiles.Look(_files, entry) is { } problem) return problem;
        try
        {
            using var bytes = _files.Read(entry);
            return _decoder.Decode(bytes.Span, pixels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return e.Message;
        }
    }
}
