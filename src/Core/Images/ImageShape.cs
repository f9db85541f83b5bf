namespace GanPipeline;

/// <summary>The form of every picture of a data set: 1 or 3 channels, and the sides in pixels.</summary>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Values a picture has: channels x height x width.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>As people write it, width first: <c>64 x 64 x 3</c>.</summary>
    public override string ToString() => $"{Width} x {Height} x {Channels}";
}
