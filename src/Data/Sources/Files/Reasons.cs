namespace GanPipeline.Data;

/// <summary>
/// Why files are left out when a folder or archive is listed. Each fits many files, so that they can be counted together.
/// </summary>
internal static class Reasons
{
    public const string
        Hidden = "it is hidden",
        UnreadableName = "its name is not in UTF-8, so that it cannot be opened; rename it",
        LinkToNowhere = "it is a link to nothing",
        LinkLoop = "it is a link to a folder around it",
        LinkedTooOften = "it is a folder that is linked to more than 16 times",
        NoFile = "it is a device or pipe",
        SecondOfName = "another file of the archive has the same name",
        Backup = "by its name it is a backup or an unfinished download",
        Empty = "the file is empty",
        NoPicture = "its format is not one that is read (PNG, JPEG, BMP, GIF, WebP, TIFF)",
        Archive = "it is an archive; unpack it, or give it as the data's path",
        BesideSplits = "it lies beside the folders train and test",
        BesideSides = "it lies in none of the folders A and B, or trainA and trainB",
        SecondOfStem = "another file of its folder has the same name before the ending",
        NotInA = "it has no other half: there is no file of its name in the folder A",
        NotInB = "it has no other half: there is no file of its name in the folder B",
        NoKeypointRow = "the table of keypoints has no row for it",
        NoKeypoint = "it has no keypoint",
        NoPictureOfKeypoints = "there is no such picture for the keypoints of the table",
        NoRow = "the table has no complete row for it",
        NoCaptions = "it has no captions",
        NoCaptionText = "it holds no caption",
        NotUtf8 = "its text is not in UTF-8",
        NoText = "it is not a text file",
        LongText = "it is too long for captions, which are up to a megabyte",
        NoPictureOfText = "no picture has its name, or another text fits it better",
        NoPictureOfRow = "there is no such picture for the captions of the table",
        EmptyCaption = "its captions in the table are empty";

    public static string NotLookedAt(string extension) => $"files named {extension} are not looked at";

    public static string NotRead(string format) => $"{format} is not read; convert it to PNG or JPEG";

    public static string CannotOpen(string problem) => $"it cannot be opened: {problem}";
}
