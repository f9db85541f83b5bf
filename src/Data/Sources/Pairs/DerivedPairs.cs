namespace GanPipeline.Data;

/// <summary>Makes a map of a picture, such as its gray version: one side of a pair.</summary>
/// <param name="index">Which picture.</param>
/// <param name="picture">Its pixels, channel by channel.</param>
/// <param name="map">Receives the map, channel by channel.</param>
internal delegate void MapMaker(int index, ReadOnlySpan<byte> picture, Span<byte> map);

/// <summary>Pairs of a picture of another source and a map that is made of it.</summary>
internal sealed class DerivedPairs : IImageSource
{
    private readonly IImageSource _pictures;
    private readonly PairForm _form;
    private readonly int _made;
    private readonly MapMaker _make;

    /// <param name="pictures">The pictures; disposed with the pairs.</param>
    /// <param name="pair">What is made, for the fingerprint.</param>
    /// <param name="form">The channels; the pictures are side B.</param>
    /// <param name="made">The channels that a map has by itself. One is repeated where side A has three.</param>
    /// <param name="make">Makes a map.</param>
    public DerivedPairs(IImageSource pictures, string pair, PairForm form, int made, MapMaker make)
    {
        (_pictures, _form, _made, _make) = (pictures, form, made, make);
        Shape = pictures.Shape with { Channels = form.A + form.B };
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add("derived pairs 1").Add(pictures.Fingerprint).Add(pair).Add(form.A).Add(form.IsTurned ? 1 : 0);
        Fingerprint = fingerprint.Finish();
    }

    public string Name => _pictures.Name;
    public int Count => _pictures.Count;
    public ImageShape Shape { get; }
    public int ConditionChannels => _form.InputChannels;
    public PoseLayout? Pose { get; init; }
    public IReadOnlyList<string> Classes => _pictures.Classes;
    public IReadOnlyList<LabelField> Attributes => _pictures.Attributes;
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes => _pictures.Notes;
    public int Skipped => _pictures.Skipped;
    public IReadOnlyList<SkippedImage> SkippedImages => _pictures.SkippedImages;
    public IReadOnlyList<SkippedImage> LeftOutFiles => _pictures.LeftOutFiles;
    public int Label(int index) => _pictures.Label(index);
    public void ReadAttributes(int index, Span<float> values) => _pictures.ReadAttributes(index, values);
    public bool IsHeldOutCombination(int index) => _pictures.IsHeldOutCombination(index);
    public PictureFile? FileOf(int index) => _pictures.FileOf(index);
    public void Dispose() => _pictures.Dispose();

    public bool TryRead(int index, Span<byte> pixels)
    {
        var area = Shape.Height * Shape.Width;
        var picture = _form.IsTurned ? pixels[..(_form.B * area)] : pixels[(_form.A * area)..];
        var map = _form.IsTurned ? pixels[(_form.B * area)..] : pixels[..(_form.A * area)];
        if (!_pictures.TryRead(index, picture)) return false;
        _make(index, picture, map[..(_made * area)]);
        for (var channel = _made; channel < _form.A; channel++) map[..area].CopyTo(map[(channel * area)..]);
        return true;
    }
}
