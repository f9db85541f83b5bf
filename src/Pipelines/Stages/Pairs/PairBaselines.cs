using System.Numerics.Tensors;

namespace GanPipeline.Pipelines;

/// <summary>What could be given for a pair's target without any training.</summary>
internal static class PairBaselines
{
    /// <summary>Training pairs among which the nearest one is sought.</summary>
    public const int Known = 2000;

    /// <summary>The inputs with the targets' channels: gray ones repeated, colours averaged.</summary>
    public static ImageTensor AsTarget(PairImages pairs)
    {
        var (inputs, channels) = (pairs.Inputs, pairs.Targets.Channels);
        if (inputs.Channels == channels) return inputs;
        var plane = inputs.Height * inputs.Width;
        var images = new ImageTensor(inputs.Count, channels, inputs.Height, inputs.Width);
        for (var i = 0; i < inputs.Count; i++)
        {
            Span<float> from = inputs.Image(i), to = images.Image(i);
            for (var at = 0; at < to.Length; at++)
            {
                to[at] = channels == 1 ? (from[at] + from[plane + at] + from[2 * plane + at]) / 3 : from[at % plane];
            }
        }
        return images;
    }

    /// <summary>The mean of images, so many times.</summary>
    public static ImageTensor Mean(ImageTensor images, int count)
    {
        var sum = new double[images.ImageSize];
        for (var i = 0; i < images.Values.Length; i++) sum[i % sum.Length] += images.Values[i];
        float[] mean = [.. sum.Select(value => (float)(value / images.Count))];
        var repeated = new ImageTensor(count, images.Channels, images.Height, images.Width);
        for (var i = 0; i < count; i++) mean.CopyTo(repeated.Image(i));
        return repeated;
    }

    /// <summary>Of each input the target of the known pair with the nearest input.</summary>
    public static ImageTensor Nearest(ImageTensor inputs, PairImages known, CancellationToken stop)
    {
        var nearest = new ImageTensor(inputs.Count, known.Targets.Channels, inputs.Height, inputs.Width);
        Parallel.For(0, inputs.Count, new ParallelOptions { CancellationToken = stop }, i =>
        {
            var (best, least) = (0, float.PositiveInfinity);
            for (var j = 0; j < known.Count; j++)
            {
                var distance = TensorPrimitives.Distance<float>(inputs.Image(i), known.Inputs.Image(j));
                if (distance < least) (best, least) = (j, distance);
            }
            known.Targets.Image(best).CopyTo(nearest.Image(i));
        });
        return nearest;
    }
}
