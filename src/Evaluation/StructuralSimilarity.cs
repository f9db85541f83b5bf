namespace GanPipeline.Evaluation;

/// <summary>
/// The multi-scale structural similarity of two images (Wang, Simoncelli and Bovik 2003): 1 for equal images, near 0 for unrelated ones.
/// Windows are 11 x 11 Gaussians of deviation 1.5 that lie wholly within the image, K1 = 0.01 and K2 = 0.03 as in Wang et al. 2004; each
/// scale is the mean of 2 x 2 pixels of the one before, a last odd row or column left out. Channels are compared one by one and averaged;
/// contrast terms below 0 count as 0.
/// </summary>
public static class StructuralSimilarity
{
    private const int Window = 11;
    private const double Deviation = 1.5;

    // Of values from -1 to 1, whose range is 2.
    private const double C1 = 0.01 * 2 * 0.01 * 2, C2 = 0.03 * 2 * 0.03 * 2;

    /// <summary>Table of the paper, section 3.2.</summary>
    private static readonly double[] _weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    private static readonly double[] _window = Gaussian();

    /// <summary>
    /// The scales that images have room for: the paper's 5 from 176 pixels on the shorter side, 4 from 88, 3 from 44, 2 from 22, 1 from
    /// 11, 0 below. The weights of fewer scales are the first ones, scaled to the sum 1. Similarities of different numbers of scales cannot
    /// be compared.
    /// </summary>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public static int Scales(int height, int width)
    {
        var scales = 0;
        for (var side = Math.Min(height, width); side >= Window && scales < _weights.Length; side /= 2) scales++;
        return scales;
    }

    /// <summary>The structural similarity of one scale, SSIM (Wang et al. 2004): the mean over all windows and channels.</summary>
    /// <inheritdoc cref="MultiScale" path="/param"/>
    /// <inheritdoc cref="MultiScale" path="/exception"/>
    /// <returns>-1 to 1; 1 for equal images.</returns>
    public static double SingleScale(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int channels, int height, int width)
    {
        var plane = Plane(a, b, channels, height, width);
        double sum = 0;
        for (var c = 0; c < channels; c++)
            sum += Means(Doubles(a.Slice(c * plane, plane)), Doubles(b.Slice(c * plane, plane)), height, width).Whole;
        return sum / channels;
    }

    /// <summary>The similarity of two images.</summary>
    /// <param name="a">[C, H, W] in [-1, 1].</param>
    /// <param name="b">The same.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H, at least 11.</param>
    /// <param name="width">W, at least 11.</param>
    /// <returns>0 to 1, but for rounding.</returns>
    /// <exception cref="ArgumentException">Lengths that do not fit, or an image of fewer than 11 pixels a side.</exception>
    public static double MultiScale(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int channels, int height, int width)
    {
        var plane = Plane(a, b, channels, height, width);
        var scales = Scales(height, width);
        double sum = 0;
        for (var c = 0; c < channels; c++)
            sum += OfPlane(Doubles(a.Slice(c * plane, plane)), Doubles(b.Slice(c * plane, plane)), height, width, scales);
        return sum / channels;
    }

    /// <summary>The pixels of a channel, of images that can be compared.</summary>
    private static int Plane(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (Scales(height, width) == 0)
            throw new ArgumentException($"A structural similarity needs {Window} pixels a side; the images have {width} x {height}.",
                nameof(height));
        var plane = height * width;
        if (a.Length != channels * plane || b.Length != a.Length)
            throw new ArgumentException($"{a.Length} and {b.Length} values given for two images of {channels * plane}.", nameof(b));
        return plane;
    }

    private static double OfPlane(double[] a, double[] b, int height, int width, int scales)
    {
        var total = _weights.Take(scales).Sum();
        double product = 1;
        for (var scale = 0; scale < scales; scale++)
        {
            if (scale > 0)
            {
                (a, b) = (Halved(a, height, width), Halved(b, height, width));
                (height, width) = (height / 2, width / 2);
            }
            var (whole, contrast) = Means(a, b, height, width);
            product *= Math.Pow(Math.Max(0, scale == scales - 1 ? whole : contrast), _weights[scale] / total);
        }
        return product;
    }

    /// <summary>The means over all windows of the similarity, and of its terms of contrast and structure alone.</summary>
    private static (double Whole, double Contrast) Means(double[] a, double[] b, int height, int width)
    {
        double[] meansA = Filtered(a), meansB = Filtered(b), squaresA = Filtered(Product(a, a)), squaresB = Filtered(Product(b, b)),
            products = Filtered(Product(a, b));
        double whole = 0, contrast = 0;
        for (var i = 0; i < meansA.Length; i++)
        {
            double x = meansA[i], y = meansB[i];
            var term = (2 * (products[i] - x * y) + C2) / (squaresA[i] - x * x + squaresB[i] - y * y + C2);
            contrast += term;
            whole += term * (2 * x * y + C1) / (x * x + y * y + C1);
        }
        return (whole / meansA.Length, contrast / meansA.Length);

        double[] Filtered(double[] values)
        {
            int rows = height - Window + 1, columns = width - Window + 1;
            var across = new double[height * columns];
            for (var y = 0; y < height; y++)
                for (var x = 0; x < columns; x++)
                    for (var k = 0; k < Window; k++) across[y * columns + x] += _window[k] * values[y * width + x + k];
            var filtered = new double[rows * columns];
            for (var y = 0; y < rows; y++)
                for (var k = 0; k < Window; k++)
                    for (var x = 0; x < columns; x++) filtered[y * columns + x] += _window[k] * across[(y + k) * columns + x];
            return filtered;
        }
    }

    private static double[] Product(double[] a, double[] b)
    {
        var product = new double[a.Length];
        for (var i = 0; i < a.Length; i++) product[i] = a[i] * b[i];
        return product;
    }

    private static double[] Halved(double[] values, int height, int width)
    {
        int rows = height / 2, columns = width / 2;
        var half = new double[rows * columns];
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var i = 2 * y * width + 2 * x;
                half[y * columns + x] = (values[i] + values[i + 1] + values[i + width] + values[i + width + 1]) / 4;
            }
        }
        return half;
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++) doubles[i] = values[i];
        return doubles;
    }

    private static double[] Gaussian()
    {
        double[] window =
            [.. Enumerable.Range(-(Window / 2), Window).Select(i => Math.Exp(-i * i / (2 * Deviation * Deviation)))];
        var sum = window.Sum();
        return [.. window.Select(w => w / sum)];
    }
}
