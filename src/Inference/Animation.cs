using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Inference;

/// <summary>Frame times and the number of frames of an animation.</summary>
public sealed record AnimationOptions
{
    /// <summary>Time of a frame in milliseconds, 1 to 600,000. GIF rounds it to hundredths of a second.</summary>
    public int FrameMilliseconds { get; init; } = 150;

    /// <summary>Time of the last frame before the animation repeats, in milliseconds, 1 to 600,000.</summary>
    public int LastFrameMilliseconds { get; init; } = 2000;

    /// <summary>
    /// The most frames to write, at least 1. Of more frames, evenly spaced ones are written, with the first and the last.
    /// </summary>
    public int MaxFrames { get; init; } = 100;
}

/// <summary>Writes animated GIF files. Every file is written completely or not at all.</summary>
/// <remarks>
/// A training makes its <c>evolution.gif</c> from the grids that it saved as PNG files, so that a resumed training writes the same
/// animation as an uninterrupted one.
/// </remarks>
public static class Animation
{
    /// <summary>Writes an animation of picture files.</summary>
    /// <param name="frames">Files of any format that can be read, all of one size, in order.</param>
    /// <param name="path">The GIF file; missing parent folders are made.</param>
    /// <param name="options">Times and the number of frames; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between frames; nothing is written.</param>
    /// <exception cref="ArgumentException">
    /// No frames, frames of different sizes, or a file that is not a picture; the message names it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A time or number of frames below 1, or a time above 10 minutes.</exception>
    /// <exception cref="IOException">A frame cannot be read, or the animation cannot be written.</exception>
    public static void Save(IReadOnlyList<string> frames, string path, AnimationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Save(frames, path, options, Load, name => name, cancellationToken);
    }

    /// <summary>Writes an animation whose frames are grids (see <see cref="Pictures.SaveGrid"/>).</summary>
    /// <param name="frames">The images of each frame: in all frames as many, of the same size.</param>
    /// <param name="path">The GIF file; missing parent folders are made.</param>
    /// <param name="columns">Images in a row; 0 makes the grid about square.</param>
    /// <param name="scale">The side of the square that a pixel becomes; 0 chooses one that makes an image's longer side about 64.</param>
    /// <param name="options">Times and the number of frames; null means all defaults.</param>
    /// <param name="cancellationToken">Ends the work between frames; nothing is written.</param>
    /// <inheritdoc cref="Save(IReadOnlyList{string}, string, AnimationOptions?, CancellationToken)" path="/exception"/>
    public static void Save(
        IReadOnlyList<ImageTensor> frames, string path, int columns = 0, int scale = 1, AnimationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        Save(frames, path, options, images => ToColour(Pictures.Grid(images, columns, scale)), _ => "of an ImageTensor", cancellationToken);
    }

    private static void Save<T>(
        IReadOnlyList<T> frames, string path, AnimationOptions? options, Func<T, Image<Rgb24>> read, Func<T, string> name,
        CancellationToken cancellationToken)
    {
        options ??= new AnimationOptions();
        int delay = Hundredths(options.FrameMilliseconds), lastDelay = Hundredths(options.LastFrameMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxFrames);
        if (frames.Count == 0) throw new ArgumentException("An animation needs at least one frame.", nameof(frames));

        var chosen = Choose(frames.Count, options.MaxFrames);
        using var animation = read(frames[chosen[0]]);
        foreach (var i in chosen.AsSpan(1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var frame = read(frames[i]);
            if (frame.Width != animation.Width || frame.Height != animation.Height)
            {
                throw new ArgumentException(
                    $"The frame {name(frames[i])} has {frame.Width} x {frame.Height} pixels, the first one {animation.Width} x " +
                        $"{animation.Height}.",
                    nameof(frames));
            }
            animation.Frames.AddFrame(frame.Frames.RootFrame);
        }
        animation.Metadata.GetGifMetadata().RepeatCount = 0; // for ever
        for (var i = 0; i < animation.Frames.Count; i++)
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
            throw new ArgumentException($"The frame '{file}' is not a picture that can be read: {e.Message}", nameof(file), e);
        }
    }

    private static Image<Rgb24> ToColour(PixelImage picture)
    {
        if (picture.Channels == 3) return picture.ToImage<Rgb24>();
        var pixels = new byte[picture.Pixels.Length * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = picture.Pixels[i / 3];
        return new PixelImage(pixels, 3, picture.Height, picture.Width).ToImage<Rgb24>();
    }

    private static int Hundredths(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(milliseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(milliseconds, 600_000);
        return Math.Max(1, (milliseconds + 5) / 10);
    }
}
