using GanPipeline.Data;

/// <summary>How a digit is written.</summary>
/// <param name="Thickness">Of its strokes, in pixels: twice the area by the length of the outline.</param>
/// <param name="Slant">How far it leans to the right, in pixels a pixel of height: the shear that its second moments tell.</param>
internal readonly record struct DigitMeasures(double Thickness, double Slant)
{
    /// <summary>Measures all pictures.</summary>
    public static DigitMeasures[] Of(IImageSource digits)
    {
        var measures = new DigitMeasures[digits.Count];
        Parallel.For(0, digits.Count, () => new byte[digits.Shape.Size], (i, _, pixels) =>
        {
            if (digits.TryRead(i, pixels)) measures[i] = Of(pixels, digits.Shape.Width);
            return pixels;
        }, _ => { });
        return measures;
    }

    private static DigitMeasures Of(byte[] pixels, int width)
    {
        double area = 0, outline = 0, sumX = 0, sumY = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            area += pixels[i];
            sumX += pixels[i] * (i % width);
            sumY += pixels[i] * (i / width);
            // The length of the gradient, summed, is the outline's length by what separates ink from paper.
            var right = i % width < width - 1 ? pixels[i + 1] - pixels[i] : 0;
            var below = i + width < pixels.Length ? pixels[i + width] - pixels[i] : 0;
            outline += Math.Sqrt(right * right + below * below);
        }
        if (area == 0) return default;
        double middleX = sumX / area, middleY = sumY / area, mixed = 0, vertical = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            double x = i % width - middleX, y = i / width - middleY;
            mixed += pixels[i] * x * y;
            vertical += pixels[i] * y * y;
        }
        // Rows count downwards.
        return new(2 * area / outline, vertical == 0 ? 0 : -mixed / vertical);
    }
}
