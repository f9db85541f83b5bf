using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing.Resampling;

/// <summary>Along one axis, for every new pixel: the first of the old ones that it is made of, and their weights, which sum to 1.</summary>
internal readonly record struct Kernel(int First, float[] Weights)
{
    /// <summary>The kernels of <paramref name="count"/> new pixels from <paramref name="offset"/> on, of <paramref name="target"/> that the old ones become.</summary>
    public static Kernel[] Make(IResampler sampler, int source, int target, int offset, int count)
    {
        var ratio = (double)source / target;
        var kernels = new Kernel[count];
        for (var i = 0; i < count; i++)
        {
            var center = (offset + i + 0.5) * ratio - 0.5;
            kernels[i] = sampler is NearestNeighborResampler
                ? new Kernel(Math.Clamp((int)Math.Floor((offset + i + 0.5) * ratio), 0, source - 1), [1])
                : Weigh(sampler, center, Math.Max(ratio, 1), source);
        }
        return kernels;
    }

    // Where pixels get fewer, the weights are those of a wider filter, so that every old pixel counts and nothing aliases.
    private static Kernel Weigh(IResampler sampler, double center, double scale, int source)
    {
        var radius = sampler.Radius * scale;
        var first = Math.Clamp((int)Math.Ceiling(center - radius), 0, source - 1);
        var last = Math.Clamp((int)Math.Floor(center + radius), first, source - 1);
        var weights = new float[last - first + 1];
        double sum = 0;
        for (var j = first; j <= last; j++) sum += weights[j - first] = sampler.GetValue((float)((j - center) / scale));
        if (sum == 0) return new Kernel(Math.Clamp((int)Math.Round(center), 0, source - 1), [1]);
        for (var j = 0; j < weights.Length; j++) weights[j] = (float)(weights[j] / sum);
        return new Kernel(first, weights);
    }
}
