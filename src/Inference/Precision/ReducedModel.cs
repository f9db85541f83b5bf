namespace GanPipeline.Inference;

/// <summary>A model that <see cref="ReducedPrecision"/> wrote.</summary>
/// <param name="Path">The file.</param>
/// <param name="Precision">Its numbers.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="OriginalBytes">The size of the file that it was made from.</param>
/// <param name="Losses">How far its outputs are from the original's, by the output's name.</param>
/// <param name="Rows">Latents or images that the losses were measured with. None of them was used for calibration.</param>
/// <param name="IntegerLayers">Convolutions and matrix products that are computed in 8-bit integers.</param>
/// <param name="Layers">All convolutions and matrix products with fixed weights.</param>
public sealed record ReducedModel(
    string Path, ModelPrecision Precision, long Bytes, long OriginalBytes, IReadOnlyDictionary<string, PrecisionLoss> Losses, int Rows,
    int IntegerLayers, int Layers);

/// <summary>How far the values of an output are from the original's.</summary>
/// <param name="MeanAbsoluteError">The mean of the differences' absolute values, in the output's unit: from -1 to 1 for images, from 0 to
/// 255 for pixels.</param>
/// <param name="MaximumAbsoluteError">The largest absolute difference, in the same unit.</param>
/// <param name="RelativeError">The Euclidean norm of all differences, divided by that of the original's values.</param>
public sealed record PrecisionLoss(double MeanAbsoluteError, double MaximumAbsoluteError, double RelativeError);
