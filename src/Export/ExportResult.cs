namespace GanPipeline.Export;

/// <summary>A written and verified ONNX file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Verification">How it was compared with the network.</param>
/// <param name="FoldedBatchNormalizations">How many batch normalisations are part of a linear operation's weights now.</param>
public sealed record ExportResult(string Path, long Bytes, VerificationReport Verification, int FoldedBatchNormalizations)
{
    /// <summary>As <see cref="VerificationReport.MaxAbsDifference"/>.</summary>
    public double MaxAbsDifference => Verification.MaxAbsDifference;
}
