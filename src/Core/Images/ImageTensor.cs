namespace GanPipeline;

/// <summary>Images as the networks see them: float32 in [-1, 1], row-major [N, C, H, W].</summary>
public sealed class ImageTensor
{
    /// <summary>Wraps values without copying them.</summary>
    /// <param name="values">Exactly count * channels * height * width values.</param>
    /// <param name="count">N, 0 or more.</param>
    /// <param name="channels">C, positive; 1 is gray, 3 is red, green, blue.</param>
    /// <param name="height">H, positive.</param>
    /// <param name="width">W, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative count, or another dimension that is not positive.</exception>
    /// <exception cref="ArgumentException">Another number of values than the dimensions say.</exception>
    public ImageTensor(float[] values, int count, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var expected = (long)count * channels * height * width;
        if (values.Length != expected)
            throw new ArgumentException($"{values.Length} values given for [{count}, {channels}, {height}, {width}], which has {expected}.",
                nameof(values));
        Values = values;
        Count = count;
        Channels = channels;
        Height = height;
        Width = width;
    }

    /// <summary>A tensor of this shape, filled with zeros.</summary>
    /// <inheritdoc cref="ImageTensor(float[], int, int, int, int)" path="/exception"/>
    public ImageTensor(int count, int channels, int height, int width)
        : this(new float[Length(count, channels, height, width)], count, channels, height, width)
    {
    }

    /// <summary>Converts the bytes of a data set: x / 127.5 - 1.</summary>
    /// <param name="pixels">[N, C, H, W]; exactly count * channels * height * width bytes.</param>
    /// <param name="count">N, 0 or more.</param>
    /// <param name="channels">C, positive.</param>
    /// <param name="height">H, positive.</param>
    /// <param name="width">W, positive.</param>
    /// <inheritdoc cref="ImageTensor(float[], int, int, int, int)" path="/exception"/>
    public static ImageTensor FromBytes(ReadOnlySpan<byte> pixels, int count, int channels, int height, int width)
    {
        var values = new float[pixels.Length];
        PixelValues.ToFloats(pixels, values);
        return new ImageTensor(values, count, channels, height, width);
    }

    /// <summary>All values, [N, C, H, W].</summary>
    public float[] Values { get; }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>C.</summary>
    public int Channels { get; }

    /// <summary>H.</summary>
    public int Height { get; }

    /// <summary>W.</summary>
    public int Width { get; }

    /// <summary>Values of one image: C * H * W.</summary>
    public int ImageSize => Channels * Height * Width;

    /// <summary>The values of one image, [C, H, W].</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such image.</exception>
    public Span<float> Image(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Values.AsSpan(index * ImageSize, ImageSize);
    }

    /// <summary>A copy of some consecutive images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tensor.</exception>
    public ImageTensor Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        return new ImageTensor(Values.AsSpan(first * ImageSize, count * ImageSize).ToArray(), count, Channels, Height, Width);
    }

    /// <summary>A copy of some consecutive channels of all images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such channels, or none.</exception>
    public ImageTensor SelectChannels(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Channels - first);
        var plane = Height * Width;
        var selected = new ImageTensor(Count, count, Height, Width);
        for (var i = 0; i < Count; i++) Image(i).Slice(first * plane, count * plane).CopyTo(selected.Image(i));
        return selected;
    }

    /// <summary>
    /// The first image of each set, then the second of each and so on, as for a grid with a column a set. Where some are gray and others
    /// are not, gray ones get three equal channels.
    /// </summary>
    /// <param name="sets">As many images in each, of one height and width, and of 1 or 3 channels where the channels differ.</param>
    /// <exception cref="ArgumentException">No sets, or sets that do not fit together.</exception>
    public static ImageTensor Interleave(params IReadOnlyList<ImageTensor> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0) throw new ArgumentException("There are no images.", nameof(sets));
        var (first, channels) = (sets[0], sets.Max(set => set.Channels));
        foreach (var set in sets)
        {
            if ((set.Count, set.Height, set.Width) != (first.Count, first.Height, first.Width)
                || (set.Channels != channels && (set.Channels, channels) != (1, 3)))
            {
                throw new ArgumentException($"[{set.Count}, {set.Channels}, {set.Height}, {set.Width}] does not fit to " +
                    $"[{first.Count}, {channels}, {first.Height}, {first.Width}].", nameof(sets));
            }
        }
        var all = new ImageTensor(first.Count * sets.Count, channels, first.Height, first.Width);
        for (var i = 0; i < all.Count; i++)
        {
            var from = sets[i % sets.Count].Image(i / sets.Count);
            var to = all.Image(i);
            for (var at = 0; at < to.Length; at += from.Length) from.CopyTo(to[at..]);
        }
        return all;
    }

    /// <summary>One image as bytes [H, W, C]: round((x + 1) * 127.5), half to even, clamped to [0, 255].</summary>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> does not hold <see cref="ImageSize"/> bytes.</exception>
    public void CopyPixels(int index, Span<byte> pixels)
    {
        if (pixels.Length != ImageSize)
            throw new ArgumentException($"{pixels.Length} bytes given for an image of {ImageSize}.", nameof(pixels));
        PixelValues.FromPlanes(Image(index), Channels, pixels);
    }

    private static int Length(int count, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return checked(count * Math.Max(channels, 0) * Math.Max(height, 0) * Math.Max(width, 0));
    }
}
