using GanPipeline.Data.Bricks;

namespace GanPipeline.Data;

/// <summary>Which pictures to use, and their shape. <see cref="DataSets.Open"/> opens them.</summary>
public sealed record DataOptions
{
    /// <summary>The values of <see cref="Kind"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["bricks", "idx", "cifar10", "folder"];

    /// <summary>The values of <see cref="Split"/>.</summary>
    public static IReadOnlyList<string> Splits { get; } = ["train", "test", "all"];

    /// <summary>The values of <see cref="Fit"/>.</summary>
    public static IReadOnlyList<string> Fits { get; } = ["crop", "pad", "stretch"];

    /// <summary>
    /// <c>bricks</c>: rendered, needs no files; <c>idx</c>: MNIST's files; <c>cifar10</c>: its binary files, or its images in class
    /// folders; <c>folder</c>: any images in a folder or a zip, tar or tar.gz archive, where sub-folders are classes.
    /// </summary>
    public string Kind { get; init; } = "bricks";

    /// <summary>The folder, archive or file; not used by <c>bricks</c>.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// <c>train</c>, <c>test</c> or <c>all</c>. Folders and archives with sub-folders <c>train</c> and <c>test</c> are split by them,
    /// others by <see cref="HoldOut"/>, bricks by viewpoint.
    /// </summary>
    public string Split { get; init; } = "train";

    /// <summary>The side of the square pictures in pixels, 4 to 1024; 0 is the data set's own (folders and Bricks: 64).</summary>
    public int Size { get; init; }

    /// <summary>1 for gray or 3 for colour; 0 is the data set's own (folders: 3, Bricks: 1).</summary>
    public int Channels { get; init; }

    /// <summary>Bricks: the number of pictures; 0 means 40,000 to train on and 10,000 to test with.</summary>
    public int Count { get; init; }

    /// <summary>Bricks: the seed of the pictures. Folders: the seed of the choice that <see cref="HoldOut"/> makes.</summary>
    public long Seed { get; init; }

    /// <summary>Use only these classes, by name; empty means all. Labels are then indices into these, in the data set's order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>
    /// How a picture that is not square becomes square: <c>crop</c> cuts the longer side equally at both ends, <c>pad</c> adds white,
    /// <c>stretch</c> distorts. Resizing is antialiased; transparency is laid on white first.
    /// </summary>
    public string Fit { get; init; } = "crop";

    /// <summary>
    /// The side of the square that is cut out of a picture's middle before resizing, in the picture's own pixels; 0 cuts nothing. A smaller
    /// picture is not cut. CelebA's faces are usually cut so, to 108 or 160 of its 178 x 218 pixels.
    /// </summary>
    public int Crop { get; init; }

    /// <summary>
    /// Folders and archives: a table with attributes of the pictures, as CelebA's <c>list_attr_celeba.txt</c> or a CSV file with a header.
    /// Pictures that are not in it are an error, or left out by <see cref="LeaveOutMissing"/>.
    /// </summary>
    public string? Attributes { get; init; }

    /// <summary>
    /// Folders and archives: a file as CelebA's <c>list_eval_partition.txt</c>, whose lines are a file's name and 0 (train), 1 (validation)
    /// or 2 (test).
    /// </summary>
    public string? Partition { get; init; }

    /// <summary>
    /// Leaves out pictures without a row in <see cref="Attributes"/> and rows that lack a value. Otherwise they are errors.
    /// </summary>
    public bool LeaveOutMissing { get; init; }

    /// <summary>Use at most so many pictures, spread evenly over the set, so that classes keep their shares; 0 means all.</summary>
    public int Limit { get; init; }

    /// <summary>
    /// The share of the pictures that a folder without a <c>test</c> sub-folder sets aside for testing, from 0 to below 1.
    /// </summary>
    public double HoldOut { get; init; }

    /// <summary>Pictures with more pixels than this, by their header, are left out before they are decoded.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Bricks: viewpoints, colours, light and background.</summary>
    public BricksOptions Bricks { get; init; } = new();

    /// <summary>What is wrong with the options, before any file is read: the property and the problem.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Kinds.Contains(Kind))
            yield return (nameof(Kind), $"the kind of data is '{Kind}', but must be one of {string.Join(", ", Kinds)}");
        else if (Kind != "bricks" && string.IsNullOrWhiteSpace(Path)) yield return (nameof(Path), $"data of kind '{Kind}' needs a path");
        if (!Splits.Contains(Split))
            yield return (nameof(Split), $"the split is '{Split}', but must be one of {string.Join(", ", Splits)}");
        if (!Fits.Contains(Fit)) yield return (nameof(Fit), $"the fit is '{Fit}', but must be one of {string.Join(", ", Fits)}");
        if (Size is not 0 and (< 4 or > 1024))
            yield return (nameof(Size), $"the size is {Size}, but must be from 4 to 1024 pixels, or 0 for the data's own");
        if (Channels is not (0 or 1 or 3))
            yield return (nameof(Channels), $"channels is {Channels}, but must be 1 (gray), 3 (colour), or 0 for the data's own");
        if (Kind is "bricks" or "idx" && (Attributes ?? Partition) is { } table)
            {
            yield return (Attributes is null ? nameof(Partition) : nameof(Attributes),
                $"the table {table} is given, but tables are for folders and archives of pictures, not for data of kind '{Kind}'");
        }
        if (Crop < 0) yield return (nameof(Crop), $"the crop is {Crop}, but must not be negative");
        if (Count < 0) yield return (nameof(Count), $"the count is {Count}, but must not be negative");
        if (Limit < 0) yield return (nameof(Limit), $"the limit is {Limit}, but must not be negative");
        if (!(HoldOut >= 0 && HoldOut < 1))
            yield return (nameof(HoldOut), $"the share to hold out is {HoldOut}, but must be at least 0 and below 1");
        if (MaxPixels is < 1 or > 250_000_000)
            yield return (nameof(MaxPixels), $"the largest number of pixels is {MaxPixels}, but must be from 1 to 250,000,000");
        foreach (var (member, problem) in Bricks.Problems()) yield return ($"{nameof(Bricks)}.{member}", problem);
    }
}
