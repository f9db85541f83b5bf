namespace GanPipeline;

/// <summary>The shape of an image.</summary>
/// <param name="Channels">C: 1 for gray, 3 for red, green, blue; of a pair the sum of both sides'.</param>
/// <param name="Height">H in pixels.</param>
/// <param name="Width">W in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values of one image: C * H * W.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>Width first, as in <c>64 x 64 x 3</c>.</summary>
    public override string ToString() => $"{Width} x {Height} x {Channels}";
}
