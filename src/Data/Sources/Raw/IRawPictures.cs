namespace GanPipeline.Data;

/// <summary>Pictures that lie as plain bytes in a data file, all of one shape; <see cref="RawSource"/> brings them to the form asked for.</summary>
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
