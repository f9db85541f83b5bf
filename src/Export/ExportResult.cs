using GanPipeline.Inference;

namespace GanPipeline.Export;

/// <summary>A written and verified ONNX file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size, with that of its data file.</param>
/// <param name="Verification">How it was compared with the network.</param>
/// <param name="FoldedBatchNormalizations">How many batch normalisations are part of a linear operation's weights now.</param>
public sealed record ExportResult(string Path, long Bytes, VerificationReport Verification, int FoldedBatchNormalizations)
{
    /// <summary>The file of weights beside it (<see cref="ExportOptions.ExternalData"/>); null where they are in it.</summary>
    public string? DataPath { get; init; }

    /// <summary>What the form of <see cref="ExportOptions.Precision"/> loses; null for float32.</summary>
    public ReducedModel? Reduced { get; init; }

    /// <summary>As <see cref="VerificationReport.MaxAbsDifference"/>.</summary>
    public double MaxAbsDifference => Verification.MaxAbsDifference;
}
