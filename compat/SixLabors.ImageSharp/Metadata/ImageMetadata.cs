using SixLabors.ImageSharp.Formats.Gif;

namespace SixLabors.ImageSharp.Metadata;

/// <summary>What is known of a picture beside its pixels.</summary>
public sealed class ImageMetadata
{
    internal ImageMetadata() { }

    internal GifMetadata Gif { get; } = new();
}

/// <summary>What is known of a frame beside its pixels.</summary>
public sealed class ImageFrameMetadata
{
    internal ImageFrameMetadata() { }

    internal GifFrameMetadata Gif { get; } = new();

    internal ImageFrameMetadata Copy() => new() { Gif = { FrameDelay = Gif.FrameDelay } };
}
