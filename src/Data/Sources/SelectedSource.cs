namespace GanPipeline.Data;

/// <summary>Some pictures of another source: those of the requested classes, and not more than the requested number.</summary>
internal sealed class SelectedSource : IImageSource
{
    private readonly IImageSource _source;
    private readonly ClassFilter _classes;
    private readonly int[] _indices;
    private readonly int _classPlace;

    private SelectedSource(IImageSource source, ClassFilter classes, int[] indices)
    {
        (_source, _classes, _indices) = (source, classes, indices);
        Attributes = [.. source.Attributes.Select(a => a.Name == LabelField.Class ? a with { Values = classes.Names } : a)];
        _classPlace = Attributes.ToList().FindIndex(a => a.Name == LabelField.Class);
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add(source.Fingerprint).Add(indices.Length);
        foreach (var index in indices) fingerprint.Add(index);
        foreach (var name in classes.Names) fingerprint.Add(name);
        Fingerprint = fingerprint.Finish();
    }

    public string Name => _source.Name;
    public int Count => _indices.Length;
    public ImageShape Shape => _source.Shape;
    public int ConditionChannels => _source.ConditionChannels;
    public PoseLayout? Pose => _source.Pose;
    public bool IsPaired => _source.IsPaired;
    public IReadOnlyList<string> Classes => _classes.Names;
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes => _source.Notes;
    public int Skipped => _source.Skipped;
    public IReadOnlyList<SkippedImage> SkippedImages => _source.SkippedImages;
    public IReadOnlyList<SkippedImage> LeftOutFiles => _source.LeftOutFiles;

    /// <summary>
    /// Selects by <see cref="DataOptions.Classes"/> and <see cref="DataOptions.Limit"/>. Returns the source itself if they leave nothing
    /// out.
    /// </summary>
    /// <exception cref="DataSetException">A class does not exist, or has no pictures.</exception>
    public static IImageSource Select(IImageSource source, DataOptions options)
    {
        var classes = new ClassFilter(source.Classes, options.Classes, source.Name);
        if (!classes.LeavesOut && (options.Limit == 0 || options.Limit >= source.Count)) return source;

        int[] indices = [.. Enumerable.Range(0, source.Count)];
        if (classes.LeavesOut) indices = [.. indices.Where(i => classes.Label(source.Label(i)) >= 0)];
        if (indices.Length == 0)
            throw new DataSetException($"{source.Name} has no pictures of {string.Join(", ", classes.Names)} in this split.");
        if (options.Limit > 0 && options.Limit < indices.Length)
            indices = [.. Spread.Indices(options.Limit, indices.Length).Order().Select(i => indices[i])];
        return new SelectedSource(source, classes, indices);
    }

    public int Label(int index) => _classes.Label(_source.Label(_indices[index]));

    /// <summary>See <see cref="ImageSourceLabels.ClassShares"/>.</summary>
    public double[] ClassShares()
    {
        if (_source is not StackedMnistSource stacked) return ImageSourceLabels.CountShares(this);
        var all = stacked.ClassShares;
        if (!_classes.LeavesOut) return all;
        var shares = new double[Classes.Count];
        for (var own = 0; own < all.Length; own++)
            if (_classes.Label(own) is >= 0 and var label) shares[label] = all[own];
        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    public IReadOnlyList<LabelField> Attributes { get; }

    public void ReadAttributes(int index, Span<float> values)
    {
        _source.ReadAttributes(_indices[index], values);
        if (_classPlace >= 0) values[_classPlace] = Label(index);
    }

    public bool HasCaptions => _source.HasCaptions;

    public IReadOnlyList<string> Captions(int index) => _source.Captions(_indices[index]);

    public int CaptionGroup(int index) => _source.CaptionGroup(_indices[index]);

    public bool IsHeldOutCombination(int index) => _source.IsHeldOutCombination(_indices[index]);

    public PictureFile? FileOf(int index) => _source.FileOf(_indices[index]);

    public bool TryRead(int index, Span<byte> pixels) => _source.TryRead(_indices[index], pixels);

    public void Dispose() => _source.Dispose();
}
