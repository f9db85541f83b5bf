namespace SixLabors.ImageSharp.Formats;

/// <summary>A format of encoded pictures.</summary>
public interface IImageFormat
{
    /// <summary>Its short name: PNG, JPEG, GIF, BMP, WebP or TIFF.</summary>
    string Name { get; }
}

/// <summary>The formats that are read.</summary>
internal sealed record ImageFormat(string Name) : IImageFormat
{
    public static readonly ImageFormat Bmp = new("BMP");
    public static readonly ImageFormat Gif = new("GIF");
    public static readonly ImageFormat Jpeg = new("JPEG");
    public static readonly ImageFormat Png = new("PNG");
    public static readonly ImageFormat Tiff = new("TIFF");
    public static readonly ImageFormat WebP = new("WEBP");
}
