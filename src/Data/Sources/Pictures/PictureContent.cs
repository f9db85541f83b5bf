namespace GanPipeline.Data;

/// <summary>What the pictures of a folder or archive are made from: a file each or, of pairs in two folders, two.</summary>
internal abstract class PictureContent(FileSet files)
{
    private const int LargeFile = 1 << 20;

    /// <summary>The shape of every picture.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>The files that may be pictures, by the paths that tell splits and classes, ordered by these.</summary>
    public abstract FileEntry[] Names { get; }

    /// <summary>The files of the picture at a place of <see cref="Names"/>; messages name the first.</summary>
    public abstract FileEntry[] FilesOf(int place);

    /// <summary>Null when the pixels are written; else the reason why the picture is left out.</summary>
    public abstract string? Read(int place, Span<byte> pixels);

    /// <summary>The forms of content that the options ask for.</summary>
    /// <param name="files">The folder or archive.</param>
    /// <param name="where">Its path, for messages.</param>
    /// <param name="options">Shape and pairs.</param>
    /// <param name="look">Of a file whose name does not tell: null where its first bytes are a picture's, else what they are.</param>
    /// <param name="leftOut">Receives files that are no half of a pair.</param>
    /// <param name="isA">Of pictures of one of two folders: which; null of all.</param>
    /// <exception cref="DataSetException">There is no pair.</exception>
    public static PictureContent Of(FileSet files, string where, DataOptions options, Func<FileEntry, string?> look,
        List<SkippedImage> leftOut, bool? isA)
    {
        var side = options.Size == 0 ? 64 : options.Size;
        var resizer = new Resizer(side, options.Fit, options.Crop);
        var form = PairForm.Of(options);
        var shape = new ImageShape(form is not null ? form.A + form.B : options.Channels == 0 ? 3 : options.Channels, side, side);
        if (isA is { } first)
        {
            var (names, own) = FolderPairs.Side(files.Entries, where, first, look, leftOut);
            return new SingleFiles(files, names, own, new PictureDecoder(shape, resizer, options.MaxPixels), shape);
        }
        return form is null || options.Pair == PairForm.SideBySide
            ? new SingleFiles(files, files.Entries, files.Entries, new PictureDecoder(shape, resizer, options.MaxPixels, form), shape)
            : new PairedFiles(files, FolderPairs.Match(files.Entries, where, look, leftOut), form, shape, resizer, options.MaxPixels);
    }

    /// <summary>Reads and decodes a file.</summary>
    protected string? Decode(PictureDecoder decoder, in FileEntry entry, Span<byte> pixels, out (int Width, int Height) seen)
    {
        seen = default;
        // A large file that is no picture is not read as a whole to learn that.
        if ((entry.Length == 0 || entry.Length > LargeFile) && PictureFiles.Look(files, entry) is { } problem) return problem;
        try
        {
            using var bytes = files.Read(entry);
            return decoder.Decode(bytes.Span, pixels, out seen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return e.Message;
        }
    }
}

/// <summary>A file for each picture, or for both sides of a pair beside each other.</summary>
internal sealed class SingleFiles(FileSet files, FileEntry[] names, FileEntry[] entries, PictureDecoder decoder, ImageShape shape)
    : PictureContent(files)
{
    public override ImageShape Shape => shape;
    public override FileEntry[] Names => names;
    public override FileEntry[] FilesOf(int place) => [entries[place]];
    public override string? Read(int place, Span<byte> pixels) => Decode(decoder, entries[place], pixels, out _);
}

/// <summary>Two files for each pair.</summary>
internal sealed class PairedFiles : PictureContent
{
    // Sides that were cut or scaled by hand differ by a pixel or two.
    private const double MostStretch = 0.01;

    private readonly FileEntry[] _inputs, _targets;
    private readonly PictureDecoder _input, _target;
    private readonly int _inputSize;
    private readonly bool _crops;

    public PairedFiles(FileSet files, FolderPairs pairs, PairForm form, ImageShape shape, Resizer resizer, long maxPixels) : base(files)
    {
        (Names, Shape, _crops) = (pairs.Names, shape, resizer.Crops);
        (_inputs, _targets) = form.IsTurned ? (pairs.B, pairs.A) : (pairs.A, pairs.B);
        var input = shape with { Channels = form.InputChannels };
        _inputSize = input.Size;
        _input = new PictureDecoder(input, resizer, maxPixels);
        _target = new PictureDecoder(shape with { Channels = form.TargetChannels }, resizer, maxPixels);
    }

    public override ImageShape Shape { get; }
    public override FileEntry[] Names { get; }
    public override FileEntry[] FilesOf(int place) => [_inputs[place], _targets[place]];

    public override string? Read(int place, Span<byte> pixels)
    {
        if (Decode(_input, _inputs[place], pixels[.._inputSize], out var input) is { } problem) return problem;
        if (Decode(_target, _targets[place], pixels[_inputSize..], out var target) is { } other)
            return $"its other half, {_targets[place].Path}: {other}";
        if (input == target) return null;
        var sizes = $"{input.Width} x {input.Height} and {target.Width} x {target.Height} pixels";
        // How much wider one would be than the other if they were equally high.
        var (a, b) = ((double)input.Width * target.Height, (double)target.Width * input.Height);
        if (Math.Max(a, b) > Math.Min(a, b) * (1 + MostStretch))
            return $"its halves do not show the same: they have {sizes}, which are not of one shape";
        return _crops ? $"its halves have {sizes}, of which a crop would cut different parts" : null;
    }
}
