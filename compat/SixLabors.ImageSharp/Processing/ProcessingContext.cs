using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Resampling;

namespace SixLabors.ImageSharp.Processing;

/// <summary>The operations themselves, whatever the pixel type.</summary>
internal interface IPixelOperations : IImageProcessingContext
{
    void Crop(Rectangle area);

    void Grayscale();

    void Resize(ResizeOptions options);
}

/// <summary>The operations on the frames of one picture, each of which takes effect at once.</summary>
internal sealed class ProcessingContext<TPixel>(Image<TPixel> image) : IPixelOperations where TPixel : unmanaged, IPixel<TPixel>
{
    public Size GetCurrentSize() => image.Size;

    public void Crop(Rectangle area)
    {
        if (area.X < 0 || area.Y < 0 || area.Width <= 0 || area.Height <= 0 || area.Right > image.Width || area.Bottom > image.Height)
            throw new ArgumentException($"{area} does not lie within the picture of {image.Width} x {image.Height}.", nameof(area));
        foreach (var frame in image.Frames)
        {
            var pixels = Allocation.Pixels<TPixel>(area.Width, area.Height, clear: false);
            for (var y = 0; y < area.Height; y++)
                frame.Row(area.Y + y).Slice(area.X, area.Width).CopyTo(pixels.AsSpan(y * area.Width));
            frame.Replace(pixels, area.Width, area.Height);
        }
        image.Replace(area.Width, area.Height);
    }

    public void Grayscale()
    {
        foreach (var frame in image.Frames)
        {
            foreach (ref var pixel in frame.Pixels)
            {
                Rgba32 rgba = default;
                pixel.ToRgba32(ref rgba);
                var luminance = Luminance.Bt709(rgba.R, rgba.G, rgba.B);
                pixel.FromRgba32(new Rgba32(luminance, luminance, luminance, rgba.A));
            }
        }
    }

    public void Resize(ResizeOptions options)
    {
        var (canvas, target) = ResizeGeometry.Place(image.Size, options);
        if (canvas == image.Size && target == image.Bounds) return;
        foreach (var frame in image.Frames)
            frame.Replace(Resampler<TPixel>.Resize(frame, canvas, target, options.Sampler), canvas.Width, canvas.Height);
        image.Replace(canvas.Width, canvas.Height);
    }
}
