using System.Collections;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>The frames of a picture, of which there is always one.</summary>
public abstract class ImageFrameCollection : IDisposable
{
    private protected ImageFrameCollection() { }

    public abstract int Count { get; }

    public ImageFrame RootFrame => NonGenericFrame(0);

    public ImageFrame this[int index] => NonGenericFrame(index);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private protected abstract ImageFrame NonGenericFrame(int index);
}

/// <summary>The frames of a picture, of which there is always one.</summary>
public sealed class ImageFrameCollection<TPixel> : ImageFrameCollection, IEnumerable<ImageFrame<TPixel>>
    where TPixel : unmanaged, IPixel<TPixel>
{
    private readonly List<ImageFrame<TPixel>> frames;

    internal ImageFrameCollection(ImageFrame<TPixel> root) => frames = [root];

    public override int Count => frames.Count;

    public new ImageFrame<TPixel> RootFrame => frames[0];

    public new ImageFrame<TPixel> this[int index] => frames[index];

    /// <summary>Appends a copy of a frame of the same size.</summary>
    public ImageFrame<TPixel> AddFrame(ImageFrame<TPixel> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Width != RootFrame.Width || source.Height != RootFrame.Height)
            throw new ArgumentException(
                $"A frame of {source.Width} x {source.Height} does not fit a picture of {RootFrame.Width} x {RootFrame.Height}.", nameof(source));
        return Adopt(source.Convert<TPixel>());
    }

    public IEnumerator<ImageFrame<TPixel>> GetEnumerator() => frames.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ImageFrame<TPixel> Adopt(ImageFrame<TPixel> frame)
    {
        frames.Add(frame);
        return frame;
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var frame in frames) frame.Dispose();
    }

    private protected override ImageFrame NonGenericFrame(int index) => frames[index];
}
