namespace SixLabors.ImageSharp.Formats;

/// <summary>The formats that are read.</summary>
internal enum ImageFormat
{
    Bmp,
    Gif,
    Jpeg,
    Png,
    Tiff,
    WebP,
}
