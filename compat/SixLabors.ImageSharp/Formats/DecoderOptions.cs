namespace SixLabors.ImageSharp.Formats;

/// <summary>How pictures are decoded.</summary>
public sealed class DecoderOptions
{
    /// <summary>The most frames of an animation that are decoded.</summary>
    public uint MaxFrames { get; init; } = int.MaxValue;
}
