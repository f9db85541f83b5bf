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
    /// The weights are stored as bfloat16: half the file, like <see cref="Float16"/>. It has the range of float32, so that no weight is too
    /// large for it, and 8 significant bits in place of 11: about eight times the loss.
    /// </summary>
    BFloat16,

    /// <summary>
    /// Everything is computed in float16, for graphics cards and other accelerators that are faster with it: half the file, and half the
    /// memory. Inputs and outputs stay float32. On a processor ONNX Runtime converts to float32 and back around each layer, which is
    /// slower than the original.
    /// </summary>
    Float16Compute,

    /// <summary>
    /// Convolutions and matrix products are computed with 8-bit integers, and the other weights are stored as float16: a quarter to a
    /// third of the file, and faster on most processors.
    /// </summary>
    Int8,
}
