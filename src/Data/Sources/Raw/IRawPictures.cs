namespace GanPipeline.Data;

/// <summary>
/// Pictures stored as plain bytes in a data file, all of one shape. <see cref="RawSource"/> brings them to the requested shape.
/// </summary>
internal interface IRawPictures : IDisposable
{
    string Name { get; }
    int Count { get; }
    ImageShape Shape { get; }

    /// <summary>The class, if there are labels, and what else the files say of each picture.</summary>
    IReadOnlyList<LabelField> Attributes { get; }

    string Fingerprint { get; }

    /// <summary>What was done to the pictures that their user should know; see <see cref="IImageSource.Notes"/>.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>Writes a value for each of <see cref="Attributes"/>. Any thread may call.</summary>
    void ReadAttributes(int index, Span<float> values);

    /// <summary>Writes a picture, channel by channel. Any thread may call.</summary>
    void Read(int index, Span<byte> pixels);
}
