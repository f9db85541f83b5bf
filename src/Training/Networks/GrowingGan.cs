using System.Numerics;

namespace GanPipeline.Training;

/// <summary>
/// The networks of progressive growing (Karras et al. 2018): they begin with images of 4 x 4 pixels, and grow level by level to the images'
/// size, see <see cref="TrainingOptions.GrowImages"/>. They are meant for <see cref="GanLoss.Wasserstein"/> with one update of the
/// discriminator a step, the gradient penalty and <see cref="ObjectiveOptions.Drift"/>, and for an averaged generator.
/// </summary>
/// <remarks>
/// There are f channels at the full resolution, and twice as many at each half of it, up to 512, as in the paper, which has 16 at 1024 x
/// 1024 pixels. With its latents of 512, both networks have 23.1 million parameters there.
/// </remarks>
internal static class GrowingGan
{
    /// <summary>LeakyReLU's slope below 0.</summary>
    public const double Slope = 0.2;

    private const long MostChannels = 512;

    /// <summary>Of a layer with an activation behind it (He et al. 2015).</summary>
    public static double Gain { get; } = Math.Sqrt(2);

    public static GanNetworks Create(ArchitectureOptions options)
    {
        var channels = Channels(options);
        var growth = new Growth(channels.Length);
        return new GanNetworks(options, new GrowingGenerator(options, channels, growth),
            new GrowingDiscriminator(options, channels, growth));
    }

    /// <summary>Of each level, from 4 x 4 on.</summary>
    private static long[] Channels(ArchitectureOptions options)
    {
        var levels = BitOperations.Log2((uint)options.Shape.Height) - BitOperations.Log2(Growth.FirstSide) + 1;
        return [.. Enumerable.Range(1, levels).Select(level => Math.Min((long)options.Filters << (levels - level), MostChannels))];
    }
}
