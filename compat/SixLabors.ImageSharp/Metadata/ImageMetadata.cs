using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;

namespace SixLabors.ImageSharp.Metadata;

/// <summary>What is known of a picture beside its pixels.</summary>
public sealed class ImageMetadata
{
    private GifMetadata? gif;

    /// <summary>The format that the picture was read from, if it was read.</summary>
    public IImageFormat? DecodedImageFormat { get; internal set; }

    internal GifMetadata Gif => gif ??= new GifMetadata();

    public ImageMetadata DeepClone() => new() { DecodedImageFormat = DecodedImageFormat, gif = gif?.Copy() };
}

/// <summary>What is known of a frame beside its pixels.</summary>
public sealed class ImageFrameMetadata
{
    private GifFrameMetadata? gif;

    internal ImageFrameMetadata() { }

    internal GifFrameMetadata Gif => gif ??= new GifFrameMetadata();

    public ImageFrameMetadata DeepClone() => new() { gif = gif?.Copy() };
}
