using System.Collections;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>The frames of a picture, of which there is always one.</summary>
public abstract class ImageFrameCollection
{
    private protected ImageFrameCollection() { }

    public abstract int Count { get; }
}

/// <summary>The frames of a picture, of which there is always one.</summary>
public sealed class ImageFrameCollection<TPixel> : ImageFrameCollection, IEnumerable<ImageFrame<TPixel>> where TPixel : unmanaged, IPixel<TPixel>
{
    private readonly List<ImageFrame<TPixel>> frames;

    internal ImageFrameCollection(ImageFrame<TPixel> root) => frames = [root];

    public override int Count => frames.Count;

    public ImageFrame<TPixel> RootFrame => frames[0];

    public ImageFrame<TPixel> this[int index] => frames[index];

    /// <summary>Appends a copy of a frame of the same size.</summary>
    public ImageFrame<TPixel> AddFrame(ImageFrame<TPixel> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Width != RootFrame.Width || source.Height != RootFrame.Height)
            throw new ArgumentException(
                $"A frame of {source.Width} x {source.Height} does not fit a picture of {RootFrame.Width} x {RootFrame.Height}.", nameof(source));
        return Adopt(source.Copy());
    }

    public IEnumerator<ImageFrame<TPixel>> GetEnumerator() => frames.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ImageFrame<TPixel> Adopt(ImageFrame<TPixel> frame)
    {
        frames.Add(frame);
        return frame;
    }
}
