namespace SixLabors.ImageSharp.Formats.Gif;

/// <summary>What a GIF says of itself as a whole.</summary>
public class GifMetadata
{
    /// <summary>How often the animation plays: 0 is for ever, 1 once.</summary>
    public ushort RepeatCount { get; set; } = 1;
}

/// <summary>What a GIF says of one frame.</summary>
public class GifFrameMetadata
{
    /// <summary>How long the frame is shown, in hundredths of a second.</summary>
    public int FrameDelay { get; set; }
}
