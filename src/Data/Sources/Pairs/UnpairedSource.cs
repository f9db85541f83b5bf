using System.Buffers;

namespace GanPipeline.Data;

/// <summary>
/// Two collections given as if they were pairs: each picture of the larger one once, with some picture of the other one. A picture that
/// cannot be read is replaced by the next one of its side.
/// </summary>
internal sealed class UnpairedSource : IImageSource
{
    private readonly UnpairedSide _inputs, _targets;
    private readonly IImageSource[] _sources;
    private readonly Permutation _order;

    /// <param name="inputs">Disposed with this source, as the targets are.</param>
    /// <param name="targets">May be of the same source as the inputs.</param>
    /// <param name="seed">Decides which stand beside each other.</param>
    public UnpairedSource(UnpairedSide inputs, UnpairedSide targets, long seed)
    {
        (_inputs, _targets) = (inputs, targets);
        _sources = inputs.Source == targets.Source ? [inputs.Source] : [inputs.Source, targets.Source];
        Count = Math.Max(inputs.Pictures.Count, targets.Pictures.Count);
        Shape = inputs.Source.Shape with { Channels = inputs.Channels + targets.Channels };
        _order = new Permutation(seed, epoch: 1, Count);
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add("unpaired 1").Add(seed);
        foreach (var side in (UnpairedSide[])[inputs, targets])
        {
            fingerprint.Add(side.Source.Fingerprint).Add(side.First).Add(side.Channels).Add(side.Pictures.Count);
            foreach (var picture in side.Pictures) fingerprint.Add(picture);
        }
        Fingerprint = fingerprint.Finish();
    }

    public string Name => _inputs.Source.Name;
    public int Count { get; }
    public ImageShape Shape { get; }
    public int ConditionChannels => _inputs.Channels;
    public bool IsPaired => false;
    public IReadOnlyList<string> Classes => [];
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes => [.. _sources.SelectMany(source => source.Notes).Distinct()];
    public int Skipped => _sources.Sum(source => source.Skipped);
    public IReadOnlyList<SkippedImage> SkippedImages => Ordered(source => source.SkippedImages);
    public IReadOnlyList<SkippedImage> LeftOutFiles => Ordered(source => source.LeftOutFiles);
    public int Label(int index) => -1;

    public bool TryRead(int index, Span<byte> pixels)
    {
        var size = _inputs.Channels * Shape.Height * Shape.Width;
        return _inputs.TryRead(index, pixels[..size]) && _targets.TryRead(_order.At(index), pixels[size..]);
    }

    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }

    private IReadOnlyList<SkippedImage> Ordered(Func<IImageSource, IReadOnlyList<SkippedImage>> files) =>
        [.. _sources.SelectMany(files).OrderBy(file => file.File, StringComparer.Ordinal)];
}

/// <summary>One side of unpaired pictures: some of the pictures of a source, and of each all channels or those of one side of a
/// pair.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="First">The first of the channels.</param>
/// <param name="Channels">How many.</param>
/// <param name="Pictures">Their indices.</param>
internal sealed record UnpairedSide(IImageSource Source, int First, int Channels, IReadOnlyList<int> Pictures)
{
    /// <summary>All pictures of a source.</summary>
    public UnpairedSide(IImageSource source) : this(source, 0, source.Shape.Channels, [.. Enumerable.Range(0, source.Count)]) { }

    /// <summary>Reads a picture, or the next one that can be read; the last one is followed by the first.</summary>
    public bool TryRead(int place, Span<byte> pixels)
    {
        var shape = Source.Shape;
        var area = shape.Height * shape.Width;
        var all = Channels == shape.Channels ? null : ArrayPool<byte>.Shared.Rent(shape.Size);
        var isRead = false;
        for (var i = 0; i < Pictures.Count && !isRead; i++)
        {
            var picture = Pictures[(int)(((long)place + i) % Pictures.Count)];
            isRead = Source.TryRead(picture, all is null ? pixels : all.AsSpan(0, shape.Size));
        }
        if (all is null) return isRead;
        all.AsSpan(First * area, Channels * area).CopyTo(pixels);
        ArrayPool<byte>.Shared.Return(all);
        return isRead;
    }
}
