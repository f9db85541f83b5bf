namespace GanPipeline.Data;

/// <summary>What a file's first and last bytes tell.</summary>
internal static class PictureFormats
{
    /// <summary>
    /// Null when a file begins as one of a format that is read does (PNG, JPEG, BMP, GIF, WebP, TIFF); else what is wrong.
    /// </summary>
    public static string? Problem(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => null,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => null,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => null,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => null,
        // Two letters can begin any text; the length of the second header, a small number, cannot.
        [(byte)'B', (byte)'M', _, _, _, _, _, _, _, _, _, _, _, _, >= 12 and <= 124, 0, 0, 0, ..] => null,
        _ when IsTiff(start) => null,
        _ when OtherFormat(start) is { } name => Reasons.NotRead(name),
        [(byte)'P', (byte)'K', 3, 4, ..] or [0x1F, 0x8B, ..] or [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => Reasons.Archive,
        _ => Reasons.NoPicture,
    };

    public static bool IsTiff(ReadOnlySpan<byte> file) =>
        file is [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..];

    /// <summary>
    /// Whether a JPEG is whole. Of one whose end is missing, the decoder fills the rest with gray and reports success. Coded data never
    /// contain FF D9, and thumbnails lie before the first scan: in a whole file the last end marker follows the last scan.
    /// </summary>
    public static bool EndsJpeg(ReadOnlySpan<byte> file) =>
        file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > file.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

    private static string? OtherFormat(ReadOnlySpan<byte> start) => start switch
    {
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => "AVIF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', (byte)'e' or (byte)'i', ..] => "HEIF",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', ..] => "JPEG XL",
        [0, 0, 0, 12, (byte)'j', (byte)'P', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => "JPEG 2000",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "Photoshop's format",
        [0, 0, 1, 0, _, 0, ..] => "an icon",
        [(byte)'q', (byte)'o', (byte)'i', (byte)'f', ..] => "QOI",
        [0x76, 0x2F, 0x31, 1, ..] => "OpenEXR",
        [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)'\n' or (byte)' ', ..] => "PNM",
        _ => null,
    };
}
