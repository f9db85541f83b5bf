namespace GanPipeline.Inference;

/// <summary>
/// Bilinear resizing as the published programs for FID have it: between the two nearest old pixels along either axis, without antialiasing.
/// </summary>
internal static class BilinearResampling
{
    /// <summary>Returns the images themselves if they have the size already.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="height">The new H.</param>
    /// <param name="width">The new W.</param>
    /// <param name="halfPixel">
    /// Whether pixels are taken at their centres, as by PyTorch (align_corners false); else at their upper left corners, as by
    /// TensorFlow 1.
    /// </param>
    public static ImageTensor Resize(ImageTensor images, int height, int width, bool halfPixel)
    {
        if (images.Height == height && images.Width == width) return images;
        var resized = new ImageTensor(images.Count, images.Channels, height, width);
        var (rows, columns) = (Places(images.Height, height, halfPixel), Places(images.Width, width, halfPixel));
        Parallel.For(0, images.Count * images.Channels, plane =>
        {
            var from = images.Values.AsSpan(plane * images.Height * images.Width, images.Height * images.Width);
            var to = resized.Values.AsSpan(plane * height * width, height * width);
            for (var y = 0; y < height; y++)
            {
                var (upper, lower, down) = rows[y];
                var above = from.Slice(upper * images.Width, images.Width);
                var below = from.Slice(lower * images.Width, images.Width);
                for (var x = 0; x < width; x++)
                {
                    var (left, right, across) = columns[x];
                    to[y * width + x] = (1 - down) * ((1 - across) * above[left] + across * above[right])
                        + down * ((1 - across) * below[left] + across * below[right]);
                }
            }
        });
        return resized;
    }

    /// <summary>Of each new pixel the two old ones beside it, and the weight of the second.</summary>
    private static (int First, int Second, float Weight)[] Places(int old, int @new, bool halfPixel)
    {
        var scale = (float)old / @new;
        var places = new (int, int, float)[@new];
        for (var i = 0; i < @new; i++)
        {
            var place = halfPixel ? Math.Max(0, (i + 0.5f) * scale - 0.5f) : i * scale;
            var first = Math.Min((int)place, old - 1);
            places[i] = (first, Math.Min(first + 1, old - 1), place - first);
        }
        return places;
    }
}
