namespace GanPipeline.Data;

/// <summary>
/// Pictures stored as plain bytes in a data file, all of one shape. <see cref="RawSource"/> brings them to the requested shape.
/// </summary>
internal interface IRawPictures : IDisposable
{
    string Name { get; }
    int Count { get; }
    ImageShape Shape { get; }
    IReadOnlyList<string> Classes { get; }
    string Fingerprint { get; }

    int Label(int index);

    /// <summary>Writes a picture, channel by channel. Any thread may call.</summary>
    void Read(int index, Span<byte> pixels);
}
