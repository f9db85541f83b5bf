namespace GanPipeline.Data;

/// <summary>
/// CIFAR-10 or CIFAR-100 in its authors' forms: binary files or Python's pickles, in a folder or in the archive that they are published as.
/// The pictures are the same in each form, and so is the fingerprint. They are held in memory, 3 KB each.
/// </summary>
internal sealed class CifarPictures : IRawPictures
{
    private readonly List<CifarBatch> _batches = [];

    private CifarPictures(CifarSet set, CifarFiles files, string split, CancellationToken cancellationToken)
    {
        Name = set.Kind;
        foreach (var file in files.Pictures(split))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (name, bytes) = (files.Where(file), files.ReadAll(file, cancellationToken));
            _batches.Add(files.IsBinary ? CifarBatch.ReadBinary(set, name, bytes) : CifarBatch.ReadPython(set, name, bytes));
        }
        Count = _batches.Sum(b => b.Count);
        var names = files.ReadNames(cancellationToken);
        for (var i = 0; i < names.Count; i++) RequireLabels(i, set.Labels[i], names[i]);
        Attributes = [.. set.Labels.Select((label, i) => LabelField.Categorical(label.Attribute, names[i]))];
        Fingerprint = Print(cancellationToken);
    }

    public string Name { get; }
    public int Count { get; }
    public ImageShape Shape => new(3, 32, 32);
    public IReadOnlyList<LabelField> Attributes { get; }
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes => [];

    /// <summary>Opens the set's files in a folder or archive, at some depth; null if there are none.</summary>
    /// <exception cref="DataSetException">A file is missing or damaged.</exception>
    public static CifarPictures? TryOpen(CifarSet set, string path, string split, CancellationToken cancellationToken)
    {
        if (File.Exists(path) && set.Has(Path.GetFileName(path)))
            throw new DataSetException($"{path} is one of {set.Title}'s files: give the folder that it lies in.");
        using var files = CifarFiles.Find(set, path, cancellationToken);
        if (!files.Any && files.IsMatlab)
            throw new DataSetException($"{path} holds {set.Title} in Matlab's form, which is not read: take its binary or Python version.");
        return files.Any ? new(set, files, split, cancellationToken) : null;
    }

    public void ReadAttributes(int index, Span<float> values)
    {
        var batch = Locate(ref index);
        for (var i = 0; i < batch.Labels.Length; i++) values[i] = batch.Labels[i][index];
    }

    public void Read(int index, Span<byte> pixels) => Locate(ref index)[index].CopyTo(pixels);

    public void Dispose() { }

    private CifarBatch Locate(ref int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var at = 0;
        while (index >= _batches[at].Count) index -= _batches[at++].Count;
        return _batches[at];
    }

    private void RequireLabels(int place, CifarLabel label, IReadOnlyList<string> names)
    {
        foreach (var batch in _batches)
        {
            var wrong = Array.FindIndex(batch.Labels[place], value => value >= names.Count);
            if (wrong >= 0)
                throw new DataSetException($"In {batch.Name}, picture {wrong} has the label {batch.Labels[place][wrong]}, but there are " +
                    $"{names.Count} {(label.Attribute == LabelField.Class ? "classes" : "superclasses")}.");
        }
    }

    private string Print(CancellationToken cancellationToken)
    {
        using var fingerprint = new FingerprintBuilder();
        foreach (var field in Attributes)
            foreach (var name in field.Values) fingerprint.Add(name);
        foreach (var batch in _batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var labels in batch.Labels) fingerprint.Add(labels.AsSpan());
            for (var i = 0; i < batch.Count; i++) fingerprint.Add(batch[i]);
        }
        return fingerprint.Finish();
    }
}
