namespace GanPipeline.Inference;

/// <summary>The values that black and white have in a model's images.</summary>
public enum PixelRange
{
    /// <summary>[-1, 1], as after a tanh: what this project's models have.</summary>
    MinusOneToOne,

    /// <summary>[0, 1], as after a sigmoid.</summary>
    ZeroToOne,

    /// <summary>[0, 255].</summary>
    ZeroTo255,

    /// <summary>[16, 235], as in video.</summary>
    SixteenTo235,
}
