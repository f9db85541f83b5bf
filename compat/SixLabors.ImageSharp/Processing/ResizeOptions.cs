using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>How a picture gets another size.</summary>
public class ResizeOptions
{
    public ResizeMode Mode { get; set; } = ResizeMode.Crop;

    /// <summary>The size wanted; where one side is 0, it follows from the other and the picture's proportions.</summary>
    public Size Size { get; set; }

    public IResampler Sampler { get; set; } = KnownResamplers.Bicubic;
}

/// <summary>What is done where the proportions of picture and wanted size differ.</summary>
public enum ResizeMode
{
    /// <summary>The picture covers the size, and what is over is cut off on both sides.</summary>
    Crop,

    /// <summary>The picture fits into the size, and the rest is filled on both sides: transparent, or black.</summary>
    Pad,

    /// <summary>The picture fits into the size, and the result is no larger than the picture is.</summary>
    Max = 3,

    /// <summary>The proportions change.</summary>
    Stretch = 5,
}
