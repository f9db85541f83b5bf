using System.Globalization;

namespace GanPipeline.Data;

/// <summary>Gray pictures, and labels where there are some, from IDX files by MNIST's names.</summary>
internal sealed class IdxPictures : IRawPictures
{
    private readonly IdxFile[] _images;
    private readonly IdxFile?[] _labels;

    private IdxPictures(string name, IdxFile[] images, IdxFile?[] labels)
    {
        Name = name;
        (_images, _labels) = (images, labels);
        Count = images.Sum(i => i.Count);
        Shape = new ImageShape(1, images[0].Sizes[1], images[0].Sizes[2]);
        foreach (var other in images.Where(i => i.ItemSize != images[0].ItemSize || i.Sizes[1] != Shape.Height))
        {
            throw new DataSetException(
                $"{other.Path} holds pictures of {other.Sizes[2]} x {other.Sizes[1]}, but {images[0].Path} of {Shape.Width} x " +
                    $"{Shape.Height}.");
        }
        for (var i = 0; i < images.Length; i++)
        {
            if (labels[i] is { } l && l.Count != images[i].Count)
                throw new DataSetException($"{l.Path} holds {l.Count} labels, but {images[i].Path} holds {images[i].Count} pictures.");
        }
        if (labels.All(l => l is not null)) Classes = ClassesOf(labels!);
        using var fingerprint = new FingerprintBuilder();
        for (var i = 0; i < images.Length; i++) fingerprint.Add(images[i].Fingerprint).Add(labels[i]?.Fingerprint ?? "");
        Fingerprint = fingerprint.Finish();
    }

    public string Name { get; }
    public int Count { get; }
    public ImageShape Shape { get; }
    public IReadOnlyList<string> Classes { get; } = [];
    public string Fingerprint { get; }

    /// <summary>Opens a folder with MNIST's file names, or one file of images.</summary>
    /// <exception cref="DataSetException">A file is missing or damaged, or labels and images do not go together.</exception>
    public static IdxPictures Open(string path, string split, CancellationToken cancellationToken)
    {
        var name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
        if (File.Exists(path))
        {
            var labels = path.Replace("-images", "-labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
            return new IdxPictures(name, [new IdxFile(path, 3, cancellationToken)],
                [labels != path && File.Exists(labels) ? new IdxFile(labels, 1, cancellationToken) : null]);
        }
        if (!Directory.Exists(path)) throw new DataSetException($"There is no file or folder {path}.");

        string[] prefixes = split switch { "train" => ["train"], "test" => ["t10k"], _ => ["train", "t10k"] };
        var imageFiles = prefixes.Select(p => new IdxFile(
            Find(path, p, "images", 3) ?? throw new DataSetException($"There is no {p}-images-idx3-ubyte, nor {p}-images-idx3-ubyte.gz, " +
                $"in {path}."),
            3, cancellationToken)).ToArray();
        var labelFiles = prefixes.Select(p => Find(path, p, "labels", 1) is { } file ? new IdxFile(file, 1, cancellationToken) : null)
            .ToArray();
        return new IdxPictures(name, imageFiles, labelFiles);
    }

    public int Label(int index) => Classes.Count == 0 ? -1 : Locate(_labels!, ref index)[index][0];

    public void Read(int index, Span<byte> pixels) => Locate(_images, ref index)[index].CopyTo(pixels);

    public void Dispose() { }

    // The dot of "idx3" instead of the dash is how some archives unpack.
    private static string? Find(string folder, string prefix, string what, int dimensions) =>
        new[] { $"{prefix}-{what}-idx{dimensions}-ubyte", $"{prefix}-{what}.idx{dimensions}-ubyte" }
            .SelectMany(f => new[] { f, f + ".gz" })
            .Select(f => System.IO.Path.Combine(folder, f))
            .FirstOrDefault(File.Exists);

    private static IdxFile Locate(IdxFile[] files, ref int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var at = 0;
        while (index >= files[at].Count) index -= files[at++].Count;
        return files[at];
    }

    private static string[] ClassesOf(IdxFile[] labels)
    {
        var most = 0;
        foreach (var file in labels)
            for (var i = 0; i < file.Count; i++) most = Math.Max(most, file[i][0]);
        return [.. Enumerable.Range(0, most + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }
}
