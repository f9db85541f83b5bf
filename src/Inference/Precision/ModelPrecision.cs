namespace GanPipeline.Inference;

/// <summary>The numbers of a model's reduced form (<see cref="ReducedPrecision"/>).</summary>
public enum ModelPrecision
{
    /// <summary>
    /// The weights are stored as 16-bit floating point numbers: half the file. They become float32 as the file is opened, and everything
    /// is computed in float32, as fast as in the original.
    /// </summary>
    Float16,

    /// <summary>
    /// Convolutions and matrix products are computed with 8-bit integers, and the other weights are stored as float16: a quarter to a
    /// third of the file, and faster on most processors.
    /// </summary>
    Int8,
}
