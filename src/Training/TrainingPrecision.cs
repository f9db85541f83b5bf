using System.Diagnostics.CodeAnalysis;

namespace GanPipeline.Training;

/// <summary>
/// The numbers that networks are computed with in training. Weights, optimisers, losses, R1, moving averages and the statistics of
/// normalisations are float32 in any case (Micikevicius et al. 2018, mixed precision).
/// </summary>
[SuppressMessage("Naming", "CA1720:Identifiers should not contain type names", Justification = "The formats' own names.")]
public enum TrainingPrecision
{
    /// <summary>
    /// <c>bfloat16</c> where the processor or GPU has instructions for it and a measurement at the training's start says that it is faster;
    /// else <c>float32</c>. A training goes on with what it began with.
    /// </summary>
    Auto,

    /// <summary>
    /// 32 bits everywhere. Convolutions and matrix products on CUDA read them as TF32, with float32's range and 11 bits of precision.
    /// </summary>
    Float32,

    /// <summary>Convolutions and matrix products of 16-bit numbers with float32's range and 8 bits of precision.</summary>
    Bfloat16,

    /// <summary>
    /// Convolutions and matrix products of 16-bit numbers with 11 bits of precision and a range that ends at 65,504; on CUDA only. Losses
    /// are scaled so that small gradients are not lost.
    /// </summary>
    Float16,
}
