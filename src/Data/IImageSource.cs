namespace GanPipeline.Data;

/// <summary>
/// Pictures by index, all of one shape. Any thread may read at any time, in any order. Picture <c>i</c> is always the same:
/// <see cref="BatchLoader"/> decides the order of training.
/// </summary>
public interface IImageSource : IDisposable
{
    /// <summary>The data set's name, for display and model cards.</summary>
    string Name { get; }

    /// <summary>
    /// The number of pictures, at least 1. Unusable ones are counted too, because they are found only when they are read.
    /// </summary>
    int Count { get; }

    /// <summary>The shape of every picture.</summary>
    ImageShape Shape { get; }

    /// <summary>
    /// Where each picture is a pair (Isola et al. 2017): the number of its channels, the first ones, that are the input; those behind them
    /// are the target. 0 where pictures are no pairs, otherwise 1 to the number of channels less 1.
    /// </summary>
    int ConditionChannels => 0;

    /// <summary>
    /// Where the input of a pair is an image and the pose that the target shows (Ma et al. 2017): how it is told, by the last ones of
    /// <see cref="ConditionChannels"/>; else null.
    /// </summary>
    PoseLayout? Pose => null;

    /// <summary>Whether the input and the target of a pair belong together; false where they are any two pictures.</summary>
    bool IsPaired => ConditionChannels > 0;

    /// <summary>The names of the classes, by label; empty if the pictures have no labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The label of a picture, an index into <see cref="Classes"/>, or -1 if it has none. Does not read the picture.</summary>
    int Label(int index);

    /// <summary>The attributes of every picture; by default its class, if there are classes.</summary>
    IReadOnlyList<LabelField> Attributes => Classes.Count > 0 ? [LabelField.Categorical(LabelField.Class, Classes)] : [];

    /// <summary>
    /// Writes a picture's value of each of <see cref="Attributes"/>: the index of a categorical one's value, 0 or 1 for a binary one, a
    /// numeric one's number. Does not read the picture.
    /// </summary>
    void ReadAttributes(int index, Span<float> values)
    {
        if (Classes.Count > 0) values[0] = Label(index);
    }

    /// <summary>Whether every picture has captions.</summary>
    bool HasCaptions => false;

    /// <summary>The captions of a picture, at least one where <see cref="HasCaptions"/>. Does not read the picture.</summary>
    IReadOnlyList<string> Captions(int index) => [];

    /// <summary>A number that pictures share whose captions say the same, so that each fits all of them.</summary>
    int CaptionGroup(int index) => index;

    /// <summary>
    /// Whether a picture shows a combination of attributes that no picture to train with has, see
    /// <see cref="BricksOptions.HeldOutCombinations"/>.
    /// </summary>
    bool IsHeldOutCombination(int index) => false;

    /// <summary>
    /// Reads picture <paramref name="index"/> as bytes [C, H, W].
    /// </summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <param name="pixels">Receives exactly <see cref="ImageShape.Size"/> bytes, 0 to 255.</param>
    /// <returns>False if the picture cannot be used. It is then listed in <see cref="SkippedImages"/>, once.</returns>
    bool TryRead(int index, Span<byte> pixels);

    /// <summary>
    /// The file that a picture is made from, as its header describes it. Null where pictures are no files of their own, as in MNIST's, and
    /// where the header cannot be read.
    /// </summary>
    PictureFile? FileOf(int index) => null;

    /// <summary>
    /// A hash, in hexadecimal, of all that determines the pictures and their order. Equal fingerprints mean equal pictures.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>
    /// What was done to the pictures without being asked for, to be shown before they are used: one sentence each. Empty by default.
    /// </summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>The number of unusable pictures found so far.</summary>
    int Skipped { get; }

    /// <summary>The unusable pictures found so far, ordered by file.</summary>
    IReadOnlyList<SkippedImage> SkippedImages { get; }

    /// <summary>
    /// The files that lie among the pictures and were not taken for pictures when the source was opened, and why, ordered by file: texts,
    /// backups, hidden files, formats that are not read, links to nothing. They are not in <see cref="Count"/>.
    /// </summary>
    IReadOnlyList<SkippedImage> LeftOutFiles => [];
}

/// <summary>The file of a picture, before it is brought to a data set's shape.</summary>
/// <param name="File">The file, or the entry within an archive.</param>
/// <param name="Width">In pixels, as they are stored: an orientation that the file may ask for is not applied.</param>
/// <param name="Height">Likewise.</param>
/// <param name="IsGray">Whether it is stored without colours.</param>
public sealed record PictureFile(string File, int Width, int Height, bool IsGray);

/// <summary>A picture or another file that was left out, and why.</summary>
/// <param name="File">The file, or the entry within an archive.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SkippedImage(string File, string Reason);
