using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace GanPipeline.Data;

/// <summary>The pictures of a folder or archive, decoded when they are read.</summary>
internal sealed class PictureSource : IImageSource
{
    private readonly FileSet _files;
    private readonly PictureLabels _labels;
    private readonly PictureContent _content;
    private readonly PictureCaptions? _captions;
    private readonly ConcurrentDictionary<int, string> _skipped = new();

    private PictureSource(FileSet files, string path, DataOptions options, bool? isA, CancellationToken cancellationToken)
    {
        _files = files;
        Name = NameOf(path);
        List<SkippedImage> leftOut = [.. files.LeftOut];
        _content = PictureContent.Of(files, path, options, Look, leftOut, isA);
        ConditionChannels = PairForm.Of(options)?.InputChannels ?? 0;
        // The files of two folders have been looked at, and have names that are no files'.
        var isFolders = options.Pair == PairForm.Folders || isA is not null;
        var named = isFolders ? [] : leftOut;
        var layout = FolderLayout.Read(_content.Names, options, path, isFolders ? _ => null : Look, named);
        _captions = PictureCaptions.Read(files, [.. layout.All.Select(PathOf)], [.. layout.Pictures.Select(p => PathOf(p.Entry))], options,
            named, cancellationToken);
        if (_captions is not null) layout = layout.Only(entry => _captions.Has(PathOf(entry)));
        _labels = new PictureLabels(layout, _content.Names, options, named, cancellationToken);
        if (isFolders)
        {
            var places = Enumerable.Range(0, _content.Names.Length).ToDictionary(place => _content.Names[place].Path);
            leftOut.AddRange(named.Select(pair => pair with { File = _content.FilesOf(places[pair.File])[0].Path }));
        }
        AllPaths = [.. layout.All.Select(PathOf)];
        LeftOutFiles = [.. leftOut.OrderBy(file => file.File, StringComparer.Ordinal)];

        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add("pictures 2").Add(Shape.Width).Add(Shape.Channels).Add(options.Fit).Add(options.MaxPixels);
        if (options.Crop > 0) fingerprint.Add("crop").Add(options.Crop);
        if (ConditionChannels > 0) fingerprint.Add(options.Pair).Add(ConditionChannels).Add(options.Direction);
        FileEntry[] all = [.. _labels.Entries.SelectMany(_content.FilesOf)];
        var hashes = ContentHashes(files, all, cancellationToken);
        var each = all.Length / _labels.Entries.Count;
        var values = new float[_labels.Attributes.Count];
        for (var i = 0; i < _labels.Entries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var j = i * each; j < (i + 1) * each; j++) fingerprint.Add(all[j].Path).Add(all[j].Length).Add(hashes[j]);
            fingerprint.Add(_labels.Label(i));
            foreach (var caption in Captions(i)) fingerprint.Add(caption);
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
    public ImageShape Shape => _content.Shape;
    public int ConditionChannels { get; }
    public IReadOnlyList<string> Classes => _labels.Classes;
    public IReadOnlyList<LabelField> Attributes => _labels.Attributes;
    public string Fingerprint { get; }
    public int Skipped => _skipped.Count;

    public IReadOnlyList<SkippedImage> SkippedImages =>
        [.. _skipped.OrderBy(s => s.Key).Select(s => new SkippedImage(FileAt(s.Key).Path, s.Value))];

    public IReadOnlyList<SkippedImage> LeftOutFiles { get; }

    /// <summary>The paths of all pictures, those of other splits too.</summary>
    public IReadOnlyList<string> AllPaths { get; }

    /// <param name="path">The folder or archive.</param>
    /// <param name="options">Which pictures, and their shape.</param>
    /// <param name="isA">Takes one of two folders by itself: A, or B; null takes everything.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DataSetException">The folder or archive is missing, damaged, or has no picture.</exception>
    public static PictureSource Open(string path, DataOptions options, bool? isA, CancellationToken cancellationToken)
    {
        var files = FileSet.Open(path, cancellationToken);
        try { return new PictureSource(files, path, options, isA, cancellationToken); }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public int Label(int index) => _labels.Label(index);

    public void ReadAttributes(int index, Span<float> values) => _labels.Read(index, values);

    public bool HasCaptions => _captions is not null;

    public IReadOnlyList<string> Captions(int index) => _captions?.Of(PathOf(_labels.Entries[index])) ?? [];

    public int CaptionGroup(int index) => _captions?.Group(PathOf(_labels.Entries[index])) ?? index;

    public bool TryRead(int index, Span<byte> pixels)
    {
        if (_skipped.ContainsKey(index)) return false;
        var problem = _content.Read(_labels.Entries[index], pixels);
        if (problem is null) return true;
        _skipped[index] = problem;
        return false;
    }

    /// <summary>The path of a picture within the folder.</summary>
    public string PathAt(int index) => PathOf(_labels.Entries[index]);

    public PictureFile? FileOf(int index)
    {
        var entry = FileAt(index);
        return WithFile(entry, file => PictureDecoder.Header(entry.Path, file));
    }

    /// <summary>The width and height of a picture's file, turned upright; null where its header cannot be read.</summary>
    public (int Width, int Height)? SizeOf(int index) => WithFile(FileAt(index), PictureDecoder.Size);

    public void Dispose() => _files.Dispose();

    private delegate T? Use<T>(ReadOnlySpan<byte> file);

    private T? WithFile<T>(in FileEntry entry, Use<T> use)
    {
        try
        {
            using var bytes = _files.Read(entry);
            return use(bytes.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return default;
        }
    }

    private string PathOf(int entry) => _content.Names[entry].Path;

    private FileEntry FileAt(int index) => _content.FilesOf(_labels.Entries[index])[0];

    private static long[] ContentHashes(FileSet files, FileEntry[] entries, CancellationToken cancellationToken)
    {
        var hashes = new long[entries.Length];
        Parallel.For(0, hashes.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            hashes[i] = files.ContentHash(entries[i]));
        return hashes;
    }

    private static string NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!File.Exists(path)) return name;
        name = Path.GetFileNameWithoutExtension(name);
        return name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
