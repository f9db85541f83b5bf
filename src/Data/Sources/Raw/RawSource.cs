using System.Buffers;

namespace GanPipeline.Data;

/// <summary>Plain pictures, resized and converted to the requested channels.</summary>
internal sealed class RawSource : IImageSource
{
    private readonly IRawPictures _pictures;
    private readonly Resizer _resizer;
    private readonly bool _asStored;
    private readonly int _classPlace;

    /// <param name="pictures">The pictures as they are stored; disposed with the source.</param>
    /// <param name="options">The requested size and channels.</param>
    public RawSource(IRawPictures pictures, DataOptions options)
    {
        _pictures = pictures;
        _classPlace = pictures.Attributes.ToList().FindIndex(a => a.Name == LabelField.Class);
        var own = pictures.Shape;
        if (options.Crop > 0) own = own with { Height = Math.Min(own.Height, options.Crop), Width = Math.Min(own.Width, options.Crop) };
        if (options.Size == 0 && own.Height != own.Width && options.Fit == "stretch")
            throw new DataSetException($"The pictures of {pictures.Name} are {own}, not square: give a size to stretch them to.");
        var side = options.Size == 0 ? options.Fit == "pad" ? Math.Max(own.Height, own.Width) : Math.Min(own.Height, own.Width)
            : options.Size;
        Shape = new ImageShape(options.Channels == 0 ? own.Channels : options.Channels, side, side);
        _asStored = pictures.Shape == Shape && own == pictures.Shape;
        _resizer = new Resizer(side, options.Fit, options.Crop);
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add(pictures.Fingerprint).Add(side).Add(Shape.Channels).Add(options.Fit);
        if (options.Crop > 0) fingerprint.Add("crop").Add(options.Crop);
        Fingerprint = fingerprint.Finish();
    }

    public string Name => _pictures.Name;
    public int Count => _pictures.Count;
    public ImageShape Shape { get; }
    public IReadOnlyList<string> Classes => _classPlace < 0 ? [] : Attributes[_classPlace].Values;
    public IReadOnlyList<LabelField> Attributes => _pictures.Attributes;
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes => _pictures.Notes;
    public int Skipped => 0;
    public IReadOnlyList<SkippedImage> SkippedImages => [];

    public int Label(int index)
    {
        if (_classPlace < 0) return -1;
        Span<float> values = stackalloc float[Attributes.Count];
        _pictures.ReadAttributes(index, values);
        return (int)values[_classPlace];
    }

    public void ReadAttributes(int index, Span<float> values) => _pictures.ReadAttributes(index, values);

    public bool TryRead(int index, Span<byte> pixels)
    {
        var own = _pictures.Shape;
        if (_asStored)
        {
            _pictures.Read(index, pixels);
            return true;
        }
        var area = own.Height * own.Width;
        var buffer = ArrayPool<byte>.Shared.Rent(area * (own.Channels + Shape.Channels));
        var raw = buffer.AsSpan(0, own.Size);
        var planes = buffer.AsSpan(own.Size, area * Shape.Channels);
        _pictures.Read(index, raw);
        Planes.Convert(raw, planes, area);
        _resizer.Resize(planes, own.Width, own.Height, pixels);
        ArrayPool<byte>.Shared.Return(buffer);
        return true;
    }

    public void Dispose() => _pictures.Dispose();
}
