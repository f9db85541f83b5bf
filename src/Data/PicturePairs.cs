using System.Numerics.Tensors;

namespace GanPipeline.Data;

/// <summary>Pairs of pictures, which a source gives as one picture with the channels of both, as pictures to look at.</summary>
public static class PicturePairs
{
    /// <summary>The input and the target of each pair beside each other, the input at the left.</summary>
    /// <param name="pairs">Pairs, [N, C, H, W].</param>
    /// <param name="conditionChannels">
    /// The input's channels, the first ones (<see cref="IImageSource.ConditionChannels"/>): 1 or 3, and those behind them 1 or 3 as well.
    /// </param>
    /// <param name="poseChannels">The last ones of them that tell a pose (<see cref="IImageSource.Pose"/>), which are left out.</param>
    /// <returns>[N, 1, H, 2 W] where both sides are gray, otherwise [N, 3, H, 2 W].</returns>
    /// <exception cref="ArgumentException">A side has another number of channels.</exception>
    public static ImageTensor Beside(ImageTensor pairs, int conditionChannels, int poseChannels = 0)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var shape = BesideShape(new ImageShape(pairs.Channels, pairs.Height, pairs.Width), conditionChannels, poseChannels);
        var pictures = new ImageTensor(pairs.Count, shape.Channels, shape.Height, shape.Width);
        for (var i = 0; i < pairs.Count; i++) Beside<float>(pairs.Image(i), pictures.Image(i), shape, conditionChannels, poseChannels);
        return pictures;
    }

    /// <summary>The input, the wanted keypoints and the target of each pair beside each other.</summary>
    /// <param name="pairs">Pairs of pictures and keypoints, [N, C, H, W].</param>
    /// <param name="conditionChannels">The input's channels, those of the keypoints included.</param>
    /// <param name="poseChannels">The last ones of them, a keypoint each.</param>
    /// <returns>[N, target's channels, H, 3 W].</returns>
    internal static ImageTensor BesideKeypoints(ImageTensor pairs, int conditionChannels, int poseChannels)
    {
        var (width, area, channels) = (pairs.Width, pairs.Width * pairs.Height, pairs.Channels - conditionChannels);
        var pictures = new ImageTensor(pairs.Count, channels, pairs.Height, 3 * width);
        var spots = new float[area];
        for (var i = 0; i < pairs.Count; i++)
        {
            var pair = pairs.Image(i);
            var picture = pictures.Image(i);
            Spots(pair.Slice((conditionChannels - poseChannels) * area, poseChannels * area), spots);
            for (var channel = 0; channel < channels; channel++)
            {
                for (var y = 0; y < pairs.Height; y++)
                {
                    var row = picture.Slice((channel * pairs.Height + y) * 3 * width, 3 * width);
                    pair.Slice(channel * area + y * width, width).CopyTo(row);
                    spots.AsSpan(y * width, width).CopyTo(row[width..]);
                    pair.Slice((conditionChannels + channel) * area + y * width, width).CopyTo(row[(2 * width)..]);
                }
            }
        }
        return pictures;
    }

    /// <summary>All keypoints' spots in one plane: the greatest value at each place.</summary>
    internal static void Spots(ReadOnlySpan<float> planes, Span<float> spots)
    {
        planes[..spots.Length].CopyTo(spots);
        for (var at = spots.Length; at < planes.Length; at += spots.Length)
            TensorPrimitives.Max(spots, planes.Slice(at, spots.Length), spots);
    }

    /// <summary>The shape of both sides beside each other.</summary>
    /// <exception cref="ArgumentException">A side has other than 1 or 3 channels.</exception>
    internal static ImageShape BesideShape(ImageShape pair, int conditionChannels, int poseChannels)
    {
        var (input, target) = (conditionChannels - poseChannels, pair.Channels - conditionChannels);
        if (input is not (1 or 3) || target is not (1 or 3))
            throw new ArgumentException($"The sides of a pair have 1 channel or 3, not {input} and {target}.", nameof(conditionChannels));
        return new ImageShape(Math.Max(input, target), pair.Height, 2 * pair.Width);
    }

    /// <summary>Writes one pair's sides beside each other; a gray one has its channel three times where the other has three.</summary>
    internal static void Beside<T>(ReadOnlySpan<T> pair, Span<T> picture, ImageShape shape, int conditionChannels, int poseChannels)
    {
        var (width, area) = (shape.Width / 2, shape.Height * shape.Width / 2);
        var target = pair.Length / area - conditionChannels;
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var left = pair[(Math.Min(channel, conditionChannels - poseChannels - 1) * area)..];
            var right = pair[((conditionChannels + Math.Min(channel, target - 1)) * area)..];
            for (var y = 0; y < shape.Height; y++)
            {
                var row = picture[((channel * shape.Height + y) * shape.Width)..];
                left.Slice(y * width, width).CopyTo(row);
                right.Slice(y * width, width).CopyTo(row[width..]);
            }
        }
    }
}
