namespace GanPipeline.Export;

/// <summary>A written and verified ONNX file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="MaxAbsDifference">The largest absolute difference between ONNX Runtime's outputs and the Torch network's, over all
/// outputs and both batch sizes. For byte outputs: how far beyond rounding a byte lies from the network's unrounded value.</param>
/// <param name="FoldedBatchNormalizations">How many batch normalisations are part of a linear operation's weights now.</param>
public sealed record ExportResult(string Path, long Bytes, double MaxAbsDifference, int FoldedBatchNormalizations);
