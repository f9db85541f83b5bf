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
