namespace GanPipeline.Data;

/// <summary>
/// Pictures by index, all of one shape. Any thread may read at any time, in any order, and picture <c>i</c> is always the same picture:
/// the order of a training run is decided by <see cref="BatchLoader"/>, not here.
/// </summary>
public interface IImageSource : IDisposable
{
    /// <summary>What to call the data set in displays and model cards.</summary>
    string Name { get; }

    /// <summary>The number of pictures, unusable ones included: those show themselves when they are read. At least 1.</summary>
    int Count { get; }

    /// <summary>The shape of every picture.</summary>
    ImageShape Shape { get; }

    /// <summary>The names of the classes, by label; empty where the pictures have no labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The label of a picture, an index into <see cref="Classes"/>, or -1 where it has none. Known without reading the picture.</summary>
    int Label(int index);

    /// <summary>What is known of every picture; by default its class, where there are classes.</summary>
    IReadOnlyList<LabelField> Attributes => Classes.Count > 0 ? [LabelField.Categorical(LabelField.Class, Classes)] : [];

    /// <summary>
    /// Writes a picture's value of each of <see cref="Attributes"/>: the index of a categorical one's value, 0 or 1 for a binary one, a
    /// numeric one's number. Known without reading the picture.
    /// </summary>
    void ReadAttributes(int index, Span<float> values)
    {
        if (Classes.Count > 0) values[0] = Label(index);
    }

    /// <summary>
    /// Writes picture <paramref name="index"/> as 8-bit values, channel by channel and row by row, into exactly
    /// <see cref="ImageShape.Size"/> bytes. False when the picture cannot be used; it is then in <see cref="SkippedImages"/>, once.
    /// </summary>
    bool TryRead(int index, Span<byte> pixels);

    /// <summary>A hash, in hexadecimal, of all that decides the pictures and their order: equal prints, equal pictures.</summary>
    string Fingerprint { get; }

    /// <summary>How many unusable pictures have been met so far.</summary>
    int Skipped { get; }

    /// <summary>The unusable pictures met so far, ordered by file.</summary>
    IReadOnlyList<SkippedImage> SkippedImages { get; }
}

/// <summary>A picture that was left out, and why.</summary>
/// <param name="File">The file, or the entry within an archive.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SkippedImage(string File, string Reason);
