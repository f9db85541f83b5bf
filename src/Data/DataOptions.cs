using System.ComponentModel.DataAnnotations;

namespace GanPipeline.Data;

/// <summary>What becomes of images whose attributes are not known.</summary>
public enum MissingAttributes
{
    /// <summary>They are an error.</summary>
    Error,

    /// <summary>They are left out.</summary>
    LeaveOut,
}

/// <summary>Which pictures to use, and in what form. <see cref="DataSets.Open"/> turns them into pictures.</summary>
public sealed record DataOptions
{
    /// <summary>The values of <see cref="Kind"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["bricks", "idx", "stacked-mnist", "cifar10", "cifar100", "folder"];

    /// <summary>The values of <see cref="Split"/>.</summary>
    public static IReadOnlyList<string> Splits { get; } = ["train", "test", "all"];

    /// <summary>The values of <see cref="Transpose"/>.</summary>
    public static IReadOnlyList<string> Transposes { get; } = ["auto", "always", "never"];

    /// <summary>The values of <see cref="Fit"/>.</summary>
    public static IReadOnlyList<string> Fits { get; } = ["crop", "pad", "stretch"];

    /// <summary>The values of <see cref="Pair"/>.</summary>
    public static IReadOnlyList<string> Pairs { get; } = ["none", "gray", "edges", "depth", "classes", "drawing", "pose",
        "side-by-side", "folders"];

    /// <summary>The values of <see cref="Captions"/>.</summary>
    public static IReadOnlyList<string> CaptionKinds { get; } = ["none", "sentences", "files", "table"];

    /// <summary>The values of <see cref="Direction"/>.</summary>
    public static IReadOnlyList<string> Directions { get; } = ["a-to-b", "b-to-a"];

    /// <summary>
    /// The kind of data. <c>bricks</c> are rendered and need no files; <c>idx</c> are MNIST's files, or EMNIST's, packed or not;
    /// <c>stacked-mnist</c> are three of MNIST's digits as the three channels of a colour image, of 1000 classes, from the same files;
    /// <c>cifar10</c> and <c>cifar100</c> are those sets in binary or Python form, or as images in class folders; <c>folder</c> is any
    /// folder of images, whose sub-folders are classes. Each may be a folder or a zip, tar or tar.gz archive.
    /// </summary>
    [AllowedValues("bricks", "idx", "stacked-mnist", "cifar10", "cifar100", "folder")]
    public string Kind { get; init; } = "bricks";

    /// <summary>The folder, archive or file; not used by <c>bricks</c>.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// <c>train</c>, <c>test</c> or <c>all</c>. Folders and archives with sub-folders <c>train</c> and <c>test</c> are split by them
    /// (<c>val</c> stands for a <c>test</c> that is not there), others by <see cref="HoldOut"/>; the Bricks world by viewpoint.
    /// </summary>
    [AllowedValues("train", "test", "all")]
    public string Split { get; init; } = "train";

    /// <summary>The side of the square images in pixels, of each side of a pair, 4 to 1024; 0 is the data's own (<c>bricks</c> 32,
    /// <c>folder</c> 64).</summary>
    public int Size { get; init; }

    /// <summary>
    /// 1 for gray or 3 for colour; 0 is the data's own (<c>bricks</c> 1, <c>folder</c> 3). Of pairs, the channels of the target, whose own
    /// are 1 for a gray version, edges and depths, 3 for class maps and for the colour picture of a gray one.
    /// </summary>
    public int Channels { get; init; }

    /// <summary>
    /// Pairs of an input and a target, for networks that turn one picture into another (Pix2Pix, Isola et al. 2017). Each is one picture,
    /// with the input's channels first. <c>none</c> are single pictures. Of <c>cifar10</c>, <c>cifar100</c>, <c>folder</c> and
    /// <c>bricks</c>: <c>gray</c>, from the gray version to the picture in colour. Of <c>bricks</c>, from what the renderer knows to the
    /// picture: <c>edges</c>, black lines on white; <c>depth</c>, nearer is brighter and the background black; <c>classes</c>, a colour for
    /// each class of surface; <c>drawing</c>, flat colours with black lines; <c>pose</c>, from the picture of a brick and a view, in four
    /// planes behind it, to the picture of the same brick from that view. Of <c>folder</c>: <c>side-by-side</c>, each file two
    /// pictures of one size, A at the left and B at the right; <c>folders</c>, files of equal names in folders <c>A</c> and <c>B</c> (or
    /// <c>trainA</c> and <c>trainB</c>, and so on); <c>pose</c>, from a picture and <see cref="Keypoints"/>, in a plane each behind it, to
    /// a picture of the same person or thing that has its keypoints there.
    /// </summary>
    [AllowedValues("none", "gray", "edges", "depth", "classes", "drawing", "pose", "side-by-side", "folders")]
    public string Pair { get; init; } = "none";

    /// <summary>
    /// Whether the two sides do not belong together, as CycleGAN learns (Zhu et al. 2017). The pairs to train with are divided in two
    /// halves, by <see cref="Seed"/>: one gives the inputs, the other the targets, so that no pair is seen; the test part keeps its pairs
    /// to measure with. Of <c>folders</c>, files need no partner and no equal names, in no part.
    /// </summary>
    public bool Unpaired { get; init; }

    /// <summary>
    /// Which side of a pair is the input: <c>a-to-b</c> is A, <c>b-to-a</c> is B. Of <c>gray</c>, <c>edges</c>, <c>depth</c> and
    /// <c>classes</c>, these are A, and the picture is B.
    /// </summary>
    [AllowedValues("a-to-b", "b-to-a")]
    public string Direction { get; init; } = "a-to-b";

    /// <summary>
    /// Channels of the input of pairs: 1 for gray or 3 for colour; 0 is the data's own (1 for a gray version, edges, depths and bricks, 3
    /// for class maps, the colour picture of a gray one, and files).
    /// </summary>
    public int ConditionChannels { get; init; }

    /// <summary>
    /// Of the pair <c>pose</c> of a folder, which needs it: the table of keypoints. Either CSV with a header, columns <c>file</c>,
    /// <c>name</c>, <c>x</c>, <c>y</c> and perhaps <c>visible</c> and a row a keypoint, which is missing where it is not visible (0) or
    /// has no x or y; or <c>name:keypoints_y:keypoints_x</c> and lists such as <c>[12, -1, 40]</c>, a row a picture, as pose transfer sets
    /// have them, where -1 is missing. They are pixels of the file's picture, turned upright, from 0 rightwards and downwards. Of a table
    /// whose name ends in <c>-train</c> the one beside it that ends in <c>-test</c> belongs to it.
    /// </summary>
    public string? Keypoints { get; init; }

    /// <summary>
    /// The radius of a keypoint's spot in its plane, in pixels of the square, 0.5 to 32; 0 is a 32nd of its side. Where the pose network's
    /// loss counts twice, it is that of the limbs, too, which join OpenPose's 18 keypoints.
    /// </summary>
    public double KeypointRadius { get; init; }

    /// <summary>
    /// Of the pair <c>pose</c> of a folder: a table of the pairs, CSV with columns <c>from</c> and <c>to</c>. Where its name ends in
    /// <c>-train</c> (<c>pairs-train.csv</c>), the one beside it that ends in <c>-test</c> has the pairs to test with; else a pair is of
    /// the split that both pictures are of. Without a table, pictures are paired whose names are the same up to the first <c>_</c>: to
    /// each, up to four others. Pictures that share this part of the name are held out together. Pictures that stand in pairs of both
    /// tables are told.
    /// </summary>
    public string? PairsTable { get; init; }

    /// <summary>
    /// Number of images of <c>bricks</c> and <c>stacked-mnist</c>. 0 means 40,000 bricks to train on and 10,000 to test with, 128,000
    /// stacked digits to train on and 26,000 to test with (Lin et al. 2018). A pipeline's test part has as many as 0 means in any case.
    /// </summary>
    public int Count { get; init; }

    /// <summary>Decides the images of <c>bricks</c> and <c>stacked-mnist</c>, and which images are held out; at least 0.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Use these classes only, by name, as in <c>[airplane, ship]</c>; empty means all. Labels then count within these, in the data set's
    /// order.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>
    /// How an image that is not square becomes square: <c>crop</c> cuts the longer side equally at both ends, <c>pad</c> adds white,
    /// <c>stretch</c> distorts. Resizing is antialiased; transparency is laid on white first.
    /// </summary>
    [AllowedValues("crop", "pad", "stretch")]
    public string Fit { get; init; } = "crop";

    /// <summary>
    /// The side of a square that is cut out of an image's middle before it is resized, in its own pixels; 0 cuts nothing. A smaller image
    /// is taken as it is. CelebA's faces are usually cut to 108 or 160 of their 178 x 218 pixels.
    /// </summary>
    public int Crop { get; init; }

    /// <summary>
    /// Folders and archives: a table of the images' attributes, as CelebA's <c>list_attr_celeba.txt</c>, or a CSV file with a header and
    /// the file's name in the first column, separated by commas, semicolons or tabs.
    /// </summary>
    public string? Attributes { get; init; }

    /// <summary>
    /// Folders and archives: which images are to train and to test with, as CelebA's <c>list_eval_partition.txt</c>: lines of a file's
    /// name and 0 (train), 1 (validation) or 2 (test), or these words.
    /// </summary>
    public string? Partition { get; init; }

    /// <summary>
    /// What becomes of rows of the attributes' table that lack a value, of images that have no row, and of rows of
    /// <see cref="PairsTable"/> that name an absent image.
    /// </summary>
    public MissingAttributes Missing { get; init; }

    /// <summary>
    /// Captions of the images, for text encoders. <c>none</c>; of <c>bricks</c> <c>sentences</c>, made of their attributes; of
    /// <c>folder</c> <c>files</c> or <c>table</c>. <c>files</c> are texts named as the images but ending in <c>.txt</c>, each line a
    /// caption, in UTF-8: beside the image, or in a folder that has no images. A <c>table</c> is a CSV file with a header, with columns
    /// for the file and the <c>caption</c> (or <c>text</c>), or JSON lines with such keys; an image may have several rows. Images
    /// without captions, and captions without images, are left out and told.
    /// </summary>
    [AllowedValues("none", "sentences", "files", "table")]
    public string Captions { get; init; } = NoCaptions;

    /// <summary>The table of <see cref="Captions"/>; or the folder or archive of its files, where they do not lie among the
    /// images.</summary>
    public string? CaptionFiles { get; init; }

    /// <summary>Use at most this many images, spread evenly over the set, so that classes keep their shares; 0 is all.</summary>
    public int Limit { get; init; }

    /// <summary>
    /// The share of the images that a folder without sub-folders <c>test</c> and <c>val</c> sets aside for testing; 0 to below 1.
    /// </summary>
    public double HoldOut { get; init; }

    /// <summary>
    /// Which of several sets of IDX files in one folder or archive: of EMNIST's, <c>balanced</c>, <c>byclass</c>, <c>bymerge</c>,
    /// <c>digits</c>, <c>letters</c> or <c>mnist</c>.
    /// </summary>
    public string? Subset { get; init; }

    /// <summary>
    /// Whether rows and columns of images in IDX files are exchanged. EMNIST's images are stored lying on their side: <c>auto</c> turns
    /// those of files named <c>emnist-...</c> upright, <c>always</c> those of all files, <c>never</c> none.
    /// </summary>
    [AllowedValues("auto", "always", "never")]
    public string Transpose { get; init; } = "auto";

    /// <summary>Leaves out images with more pixels than this, by their header, before memory is spent on them; 1 to 250,000,000.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>What varies in the images of <c>bricks</c>: viewpoints, colours, light and background.</summary>
    public BricksOptions Bricks { get; init; } = new();

    internal const string NoCaptions = "none", Sentences = "sentences", CaptionTexts = "files", CaptionTable = "table";

    /// <summary>What is wrong with the options, before any file is read: the property and the problem.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Kinds.Contains(Kind))
            yield return (nameof(Kind), $"the kind of data is '{Kind}', but must be one of {string.Join(", ", Kinds)}");
        else if (Kind != "bricks" && string.IsNullOrWhiteSpace(Path)) yield return (nameof(Path), $"data of kind '{Kind}' needs a path");
        if (!Splits.Contains(Split))
            yield return (nameof(Split), $"the split is '{Split}', but must be one of {string.Join(", ", Splits)}");
        if (!Fits.Contains(Fit)) yield return (nameof(Fit), $"the fit is '{Fit}', but must be one of {string.Join(", ", Fits)}");
        if (!Transposes.Contains(Transpose))
            yield return (nameof(Transpose), $"transpose is '{Transpose}', but must be one of {string.Join(", ", Transposes)}");
        if (Kind is not ("idx" or "stacked-mnist") && Subset is not null)
            yield return (nameof(Subset), $"the subset {Subset} is given, but subsets are of idx files, not of data of kind '{Kind}'");
        if (Size is not 0 and (< 4 or > 1024))
            yield return (nameof(Size), $"the size is {Size}, but must be from 4 to 1024 pixels, or 0 for the data's own");
        if (Channels is not (0 or 1 or 3))
            yield return (nameof(Channels), $"channels is {Channels}, but must be 1 (gray), 3 (colour), or 0 for the data's own");
        else if (Kind == "stacked-mnist" && Channels == 1)
            yield return (nameof(Channels), "channels is 1, but images of stacked-mnist have 3, a digit each");
        if (Kind is "bricks" or "idx" or "stacked-mnist" && (Attributes ?? Partition) is { } table)
        {
            yield return (Attributes is null ? nameof(Partition) : nameof(Attributes),
                $"the table {table} is given, but tables are for folders and archives of pictures, not for data of kind '{Kind}'");
        }
        foreach (var problem in CaptionProblems()) yield return problem;
        if (Crop < 0) yield return (nameof(Crop), $"the crop is {Crop}, but must not be negative");
        if (Count < 0) yield return (nameof(Count), $"the count is {Count}, but must not be negative");
        if (Seed < 0) yield return (nameof(Seed), $"the seed is {Seed}, but must not be negative");
        if (Limit < 0) yield return (nameof(Limit), $"the limit is {Limit}, but must not be negative");
        if (!(HoldOut >= 0 && HoldOut < 1))
            yield return (nameof(HoldOut), $"the share to hold out is {HoldOut}, but must be at least 0 and below 1");
        if (MaxPixels is < 1 or > 250_000_000)
            yield return (nameof(MaxPixels), $"the largest number of pixels is {MaxPixels}, but must be from 1 to 250,000,000");
        foreach (var problem in PairForm.Problems(this)) yield return problem;
        foreach (var (member, problem) in Bricks.Problems()) yield return ($"{nameof(Bricks)}.{member}", problem);
    }

    private IEnumerable<(string Member, string Problem)> CaptionProblems()
    {
        if (!CaptionKinds.Contains(Captions))
            yield return (nameof(Captions), $"captions is '{Captions}', but must be one of {string.Join(", ", CaptionKinds)}");
        else if (Captions == Sentences && Kind != "bricks")
            yield return (nameof(Captions), $"captions are sentences, which are made of bricks, not of data of kind '{Kind}'");
        else if (Captions is CaptionTexts or CaptionTable && Kind != "folder")
            yield return (nameof(Captions), $"captions are {Captions}, which belong to pictures of kind folder, not of kind '{Kind}'");
        if (Captions != NoCaptions && Pair != PairForm.None)
            yield return (nameof(Captions), "captions are given, but they are of single pictures, not of pairs");
        if (Captions == CaptionTable && string.IsNullOrWhiteSpace(CaptionFiles))
            yield return (nameof(CaptionFiles), "captions are of a table, which is not named");
        if (Captions is NoCaptions or Sentences && CaptionFiles is { } path)
            yield return (nameof(CaptionFiles), $"the captions {path} are given, but captions is {Captions}: it must be files or table");
    }
}
