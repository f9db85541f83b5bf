using System.Globalization;

namespace GanPipeline.Data;

/// <summary>Gray pictures, and labels where there are some, from IDX files by MNIST's names.</summary>
internal sealed class IdxPictures : IRawPictures
{
    private readonly IdxFile[] _images;
    private readonly IdxFile?[] _labels;
    private readonly bool _transposes;
    private readonly int _firstLabel;

    private IdxPictures(string name, string set, string transpose, IdxFile[] images, IdxFile?[] labels)
    {
        Name = name;
        (_images, _labels) = (images, labels);
        _transposes = transpose == "always" || (transpose == "auto" && Emnist.Is(set));
        if (_transposes && transpose == "auto")
            Notes = [$"EMNIST stores its pictures with rows and columns exchanged: {set}'s are turned upright (data.transpose: auto)."];
        Count = images.Sum(i => i.Count);
        var (height, width) = (images[0].Sizes[1], images[0].Sizes[2]);
        foreach (var other in images.Where(i => i.ItemSize != images[0].ItemSize || i.Sizes[1] != height))
            throw new DataSetException($"{other.Path} holds pictures of {other.Sizes[2]} x {other.Sizes[1]}, but {images[0].Path} of " +
                $"{width} x {height}.");
        Shape = _transposes ? new ImageShape(1, width, height) : new ImageShape(1, height, width);
        for (var i = 0; i < images.Length; i++)
        {
            if (labels[i] is { } l && l.Count != images[i].Count)
                throw new DataSetException($"{l.Path} holds {l.Count} labels, but {images[i].Path} holds {images[i].Count} pictures.");
        }
        if (labels.All(l => l is not null))
        {
            (var classes, _firstLabel) = ClassesOf(set, labels!);
            // A mirrored 3 is none.
            Attributes = [LabelField.Categorical(LabelField.Class, classes) with { SurvivesMirroring = false }];
        }
        using var fingerprint = new FingerprintBuilder();
        for (var i = 0; i < images.Length; i++) fingerprint.Add(images[i].Fingerprint).Add(labels[i]?.Fingerprint ?? "");
        if (_transposes) fingerprint.Add("transposed");
        Fingerprint = fingerprint.Finish();
    }

    public string Name { get; }
    public int Count { get; }
    public ImageShape Shape { get; }
    public IReadOnlyList<LabelField> Attributes { get; } = [];
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes { get; } = [];

    /// <summary>Whether they are one file of images, which is all splits at once.</summary>
    public bool IsOneFile { get; private init; }

    /// <summary>Opens a folder or archive with files of MNIST's names, or one file of images.</summary>
    /// <exception cref="DataSetException">A file is missing or damaged, or labels and images do not go together.</exception>
    public static IdxPictures Open(DataOptions options, CancellationToken cancellationToken)
    {
        var path = options.Path!;
        if (!Path.Exists(path)) throw new DataSetException($"There is no file or folder {path}.");
        using var files = IdxFiles.Find(path, options.Subset, cancellationToken);
        if (!files.Any && File.Exists(path)) return OpenFile(path, options.Transpose, cancellationToken);

        string[] splits = options.Split == "all" ? ["train", "test"] : [options.Split];
        var images = splits.Select(split => files.Images(split, cancellationToken)).ToArray();
        var labels = splits.Select(split => files.Labels(split, cancellationToken)).ToArray();
        return new(files.Set.Length > 0 ? files.Set : NameOf(path), files.Set, options.Transpose, images, labels);
    }

    public void ReadAttributes(int index, Span<float> values)
    {
        if (Attributes.Count > 0) values[0] = Locate(_labels!, ref index)[index][0] - _firstLabel;
    }

    public void Read(int index, Span<byte> pixels)
    {
        var stored = Locate(_images, ref index)[index];
        if (!_transposes)
        {
            stored.CopyTo(pixels);
            return;
        }
        for (var y = 0; y < Shape.Height; y++)
            for (var x = 0; x < Shape.Width; x++) pixels[y * Shape.Width + x] = stored[x * Shape.Height + y];
    }

    public void Dispose() { }

    private static IdxPictures OpenFile(string path, string transpose, CancellationToken cancellationToken)
    {
        var images = new IdxFile(path, () => File.OpenRead(path), 3, cancellationToken);
        var labels = path.Replace("-images", "-labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        return new(NameOf(path), IdxName.Parse(Path.GetFileName(path))?.Set ?? "", transpose, [images],
            [labels != path && File.Exists(labels) ? new IdxFile(labels, () => File.OpenRead(labels), 1, cancellationToken) : null])
        {
            IsOneFile = true,
        };
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static IdxFile Locate(IdxFile[] files, ref int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var at = 0;
        while (index >= files[at].Count) index -= files[at++].Count;
        return files[at];
    }

    private static (IReadOnlyList<string> Names, int First) ClassesOf(string set, IdxFile[] labels)
    {
        var (least, most) = (int.MaxValue, 0);
        foreach (var file in labels)
            for (var i = 0; i < file.Count; i++) (least, most) = (Math.Min(least, file[i][0]), Math.Max(most, file[i][0]));
        if (Emnist.Classes(set) is { } known && least >= known.First && most < known.First + known.Names.Count) return known;
        return ([.. Enumerable.Range(0, most + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))], 0);
    }
}
