namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>The weight of a pixel at a distance, in pixels of the coarser of the two pictures.</summary>
public interface IResampler
{
    /// <summary>The distance from which on weights are 0.</summary>
    float Radius { get; }

    float GetValue(float x);
}

/// <summary>Keys' cubic convolution with a = -1/2 (1981).</summary>
public readonly struct BicubicResampler : IResampler
{
    public float Radius => 2;

    public float GetValue(float x)
    {
        x = MathF.Abs(x);
        if (x <= 1) return (1.5f * x - 2.5f) * x * x + 1;
        return x < 2 ? ((-0.5f * x + 2.5f) * x - 4) * x + 2 : 0;
    }
}

/// <summary>The mean of the pixels that a new one covers.</summary>
public readonly struct BoxResampler : IResampler
{
    public float Radius => 0.5f;

    public float GetValue(float x) => x is > -0.5f and <= 0.5f ? 1 : 0;
}

/// <summary>A sinc, windowed by the middle of a wider one.</summary>
public readonly struct LanczosResampler(float radius) : IResampler
{
    public float Radius => radius;

    public float GetValue(float x) => MathF.Abs(x) < radius ? Sinc(x) * Sinc(x / radius) : 0;

    private static float Sinc(float x) => MathF.Abs(x) < 1e-5f ? 1 : MathF.Sin(MathF.PI * x) / (MathF.PI * x);
}

/// <summary>The pixel that the middle of the new one falls into.</summary>
public readonly struct NearestNeighborResampler : IResampler
{
    public float Radius => 1;

    public float GetValue(float x) => x;
}

/// <summary>Linear interpolation.</summary>
public readonly struct TriangleResampler : IResampler
{
    public float Radius => 1;

    public float GetValue(float x) => MathF.Max(1 - MathF.Abs(x), 0);
}
