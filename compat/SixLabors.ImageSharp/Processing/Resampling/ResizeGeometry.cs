namespace SixLabors.ImageSharp.Processing.Resampling;

/// <summary>How large the result is, and where in it, or beyond it, the whole picture comes to lie.</summary>
internal static class ResizeGeometry
{
    public static (Size Canvas, Rectangle Target) Place(Size source, ResizeOptions options)
    {
        var size = Complete(source, options.Size);
        var (x, y) = ((double)size.Width / source.Width, (double)size.Height / source.Height);
        switch (options.Mode)
        {
            case ResizeMode.Stretch:
                return (size, new Rectangle(0, 0, size.Width, size.Height));
            case ResizeMode.Max:
                var fitted = Scale(source, Math.Min(x, y));
                return (fitted, new Rectangle(0, 0, fitted.Width, fitted.Height));
            default:
                var scaled = Scale(source, options.Mode == ResizeMode.Crop ? Math.Max(x, y) : Math.Min(x, y));
                return (size, new Rectangle((size.Width - scaled.Width) / 2, (size.Height - scaled.Height) / 2, scaled.Width, scaled.Height));
        }
    }

    private static Size Complete(Size source, Size wanted)
    {
        if (wanted.Width < 0 || wanted.Height < 0 || (wanted.Width == 0 && wanted.Height == 0))
            throw new ArgumentException($"A picture cannot be resized to {wanted.Width} x {wanted.Height}.", nameof(wanted));
        if (wanted.Width == 0) return new Size(Round((double)source.Width * wanted.Height / source.Height), wanted.Height);
        if (wanted.Height == 0) return new Size(wanted.Width, Round((double)source.Height * wanted.Width / source.Width));
        return wanted;
    }

    private static Size Scale(Size source, double factor) => new(Round(source.Width * factor), Round(source.Height * factor));

    private static int Round(double length) => Math.Max(1, (int)Math.Round(length));
}
