using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>The ways to weigh the pixels that make up a new one.</summary>
public static class KnownResamplers
{
    public static IResampler Bicubic { get; } = new BicubicResampler();

    public static IResampler Box { get; } = new BoxResampler();

    public static IResampler Lanczos3 { get; } = new LanczosResampler(3);

    public static IResampler NearestNeighbor { get; } = new NearestNeighborResampler();

    public static IResampler Triangle { get; } = new TriangleResampler();
}
