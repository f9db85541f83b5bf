using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Random changes of images [N, C, H, W] in [-1, 1], with the strengths of Zhao et al. 2020. They are made of sums and products, so that
/// gradients pass, and gradients of gradients; moving an image is a product with a matrix of zeros and ones, whose gradient is one too,
/// where that of picking pixels by index would add them up in no fixed order.
/// </summary>
internal static class ImageChanges
{
    /// <summary>Changes brightness, saturation and contrast.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="chosen">[N]: 1 where the image is changed, else 0.</param>
    public static Tensor Recolor(Tensor images, Tensor chosen)
    {
        var gate = chosen.view(-1, 1, 1, 1);
        images = images + UpToHalf();
        if (images.shape[1] > 1)
        {
            var gray = images.mean([1], keepdim: true);
            images = gray + (images - gray) * (1 + 2 * UpToHalf());
        }
        var mean = images.mean([1, 2, 3], keepdim: true);
        return mean + (images - mean) * (1 + UpToHalf());

        Tensor UpToHalf() => (rand_like(gate) - 0.5) * gate;
    }

    /// <summary>Mirrors left to right.</summary>
    /// <inheritdoc cref="Recolor"/>
    public static Tensor Flip(Tensor images, Tensor chosen)
    {
        var width = images.shape[3];
        var to = arange(width, dtype: float32, device: images.device).view(1, width);
        return FromColumns(images, to + chosen.view(-1, 1) * (width - 1 - 2 * to));
    }

    /// <summary>Shifts by up to an eighth of each side; zeros come in.</summary>
    /// <inheritdoc cref="Recolor"/>
    public static Tensor Shift(Tensor images, Tensor chosen)
    {
        var shifted = FromColumns(images, Places(images.shape[3]));
        return FromColumns(shifted.transpose(2, 3), Places(images.shape[2])).transpose(2, 3);

        // [N, side]: the place that each place's new value comes from, which may lie outside.
        Tensor Places(long side)
        {
            var most = (side + 4) / 8;
            var by = (rand_like(chosen) * (2 * most + 1)).floor().clamp(0, 2 * most) - most;
            return arange(side, dtype: float32, device: images.device).view(1, side) - (by * chosen).view(-1, 1);
        }
    }

    /// <summary>Puts a square of zeros, with half the image's side, at a random place, of which a part may lie outside.</summary>
    /// <inheritdoc cref="Recolor"/>
    public static Tensor CutOut(Tensor images, Tensor chosen)
    {
        var inside = Inside(images.shape[2]).unsqueeze(2) * Inside(images.shape[3]).unsqueeze(1);
        return images * (1 - inside * chosen.view(-1, 1, 1)).unsqueeze(1);

        // [N, side]: 1 within the square.
        Tensor Inside(long side)
        {
            var half = side / 4.0;
            var center = (rand_like(chosen) * (side + 1)).floor().view(-1, 1);
            var place = arange(side, dtype: float32, device: images.device).view(1, side) + 0.5;
            return (place - center).abs().le(half).to(float32);
        }
    }

    /// <summary>Column j of the result is column places[n, j] of the image, or zeros where there is none.</summary>
    private static Tensor FromColumns(Tensor images, Tensor places)
    {
        var (count, width) = (images.shape[0], images.shape[3]);
        var picks = arange(width, dtype: float32, device: images.device).view(1, width, 1).eq(places.unsqueeze(1)).to(float32);
        return images.reshape(count, -1, width).matmul(picks).view(images.shape);
    }
}
