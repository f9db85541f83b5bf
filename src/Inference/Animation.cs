using GanPipeline.Inference.Internals;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Inference;

/// <summary>How an animation plays.</summary>
public sealed record AnimationOptions
{
    /// <summary>How long a frame stays, in milliseconds; GIF counts hundredths of a second.</summary>
    public int FrameMilliseconds { get; init; } = 150;

    /// <summary>How long the last frame stays before the animation begins again, in milliseconds.</summary>
    public int LastFrameMilliseconds { get; init; } = 2000;

    /// <summary>The most frames to write; of more, evenly spaced ones are taken, the first and the last among them.</summary>
    public int MaxFrames { get; init; } = 100;
}

/// <summary>Animated GIF files, such as a training's <c>evolution.gif</c>, written whole or not at all (see <see cref="AtomicFile"/>).</summary>
/// <remarks>
/// Made from the grids that a training saved as PNG files, an animation needs no state of its own: a resumed training writes the one
/// that an uninterrupted training writes.
/// </remarks>
public static class Animation
{
    /// <summary>Writes an animation of picture files.</summary>
    /// <param name="frames">Files of any format that can be read, all of one size, in order.</param>
    /// <param name="path">The GIF file; missing parent folders are made.</param>
    /// <param name="options">Times and the number of frames; null is all defaults.</param>
    /// <exception cref="ArgumentException">No frames, frames of different sizes, or one that is no picture; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time or number of frames below 1, or a time above 10 minutes.</exception>
    /// <exception cref="IOException">A frame cannot be read, or the animation cannot be written.</exception>
    public static void Save(IReadOnlyList<string> frames, string path, AnimationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Save(frames, path, options, Load, name => name);
    }

    /// <summary>Writes an animation whose frames are grids (see <see cref="Pictures.SaveGrid"/>).</summary>
    /// <param name="frames">Images of each frame; as many and as large in all of them.</param>
    /// <param name="path">The GIF file; missing parent folders are made.</param>
    /// <param name="columns">Images in a row; 0 makes the grid about square.</param>
    /// <param name="scale">The side of the square that a pixel becomes; 0 takes what brings an image's longer side near 64.</param>
    /// <param name="options">Times and the number of frames; null is all defaults.</param>
    /// <inheritdoc cref="Save(IReadOnlyList{string}, string, AnimationOptions?)" path="/exception"/>
    public static void Save(IReadOnlyList<ImageTensor> frames, string path, int columns = 0, int scale = 1, AnimationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Save(frames, path, options, images => ToColour(Pictures.Grid(images, columns, scale)), _ => "of an ImageTensor");
    }

    private static void Save<T>(IReadOnlyList<T> frames, string path, AnimationOptions? options, Func<T, Image<Rgb24>> read, Func<T, string> name)
    {
        options ??= new AnimationOptions();
        int delay = Hundredths(options.FrameMilliseconds), lastDelay = Hundredths(options.LastFrameMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxFrames);
        if (frames.Count == 0) throw new ArgumentException("An animation needs a frame or more; there is none.", nameof(frames));

        int[] chosen = Choose(frames.Count, options.MaxFrames);
        using Image<Rgb24> animation = read(frames[chosen[0]]);
        foreach (int i in chosen.AsSpan(1))
        {
            using Image<Rgb24> frame = read(frames[i]);
            if (frame.Width != animation.Width || frame.Height != animation.Height)
            {
                throw new ArgumentException(
                    $"The frame {name(frames[i])} has {frame.Width} x {frame.Height} pixels, the first one {animation.Width} x {animation.Height}.", nameof(frames));
            }
            animation.Frames.AddFrame(frame.Frames.RootFrame);
        }
        animation.Metadata.GetGifMetadata().RepeatCount = 0; // for ever
        for (int i = 0; i < animation.Frames.Count; i++)
            animation.Frames[i].Metadata.GetGifMetadata().FrameDelay = i < animation.Frames.Count - 1 ? delay : lastDelay;
        AtomicFile.Write(path, animation.SaveAsGif);
    }

    private static int[] Choose(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : most == 1 ? [count - 1]
        : [.. Enumerable.Range(0, most).Select(k => (int)((long)k * (count - 1) / (most - 1)))];

    private static Image<Rgb24> Load(string file)
    {
        try
        {
            return Image.Load<Rgb24>(file);
        }
        catch (ImageFormatException e)
        {
            throw new ArgumentException($"The frame '{file}' is no picture that can be read: {e.Message}", nameof(file), e);
        }
    }

    private static Image<Rgb24> ToColour(PixelImage picture)
    {
        if (picture.Channels == 3) return picture.ToImage<Rgb24>();
        var pixels = new byte[picture.Pixels.Length * 3];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = picture.Pixels[i / 3];
        return new PixelImage(pixels, 3, picture.Height, picture.Width).ToImage<Rgb24>();
    }

    private static int Hundredths(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(milliseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 600_000);
        return Math.Max(1, (milliseconds + 5) / 10);
    }
}
