using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Metadata;

namespace SixLabors.ImageSharp;

/// <summary>What formats know of a picture beside its pixels.</summary>
public static class MetadataExtensions
{
    public static GifMetadata GetGifMetadata(this ImageMetadata source) => source.Gif;

    public static GifFrameMetadata GetGifMetadata(this ImageFrameMetadata source) => source.Gif;
}
