namespace GanPipeline.Pipelines;

/// <summary>ONNX files, each verified against the network that it came from.</summary>
internal sealed record ExportMetrics
{
    /// <summary>By file: the largest absolute difference of any output between ONNX Runtime and Torch.</summary>
    public required IReadOnlyDictionary<string, double> MaxAbsDifference { get; init; }

    public required IReadOnlyDictionary<string, long> Bytes { get; init; }
    public required IReadOnlyDictionary<string, int> FoldedBatchNormalizations { get; init; }
    public required int Opset { get; init; }

    /// <summary>What features.onnx gives; null where there is none.</summary>
    public FeatureVector? Features { get; init; }

    /// <summary>By file: smaller forms of the files above, and what they lose; null where none were asked for.</summary>
    public IReadOnlyDictionary<string, ReducedForm>? Reduced { get; init; }

    /// <summary>The metrics in one line.</summary>
    public string Describe() =>
        $"{TextFormat.List(MaxAbsDifference.Keys)}, within {TextFormat.Number(MaxAbsDifference.Values.Max())} of Torch" +
        (Reduced is { Count: > 0 } forms
            ? $"; {TextFormat.List(forms.Select(form => $"{form.Key} within {TextFormat.Percent(form.Value.RelativeError)}"))} of float32"
            : "");
}

/// <summary>A smaller form of an ONNX file; see <see cref="Inference.PrecisionLoss"/> for the errors.</summary>
/// <param name="Bytes">The file's size.</param>
/// <param name="OriginalBytes">That of the file that it was made from.</param>
/// <param name="IntegerLayers">Convolutions and matrix products in 8-bit integers.</param>
/// <param name="Layers">All convolutions and matrix products.</param>
/// <param name="MeanAbsoluteError">Of the images, features or logits.</param>
/// <param name="MaximumAbsoluteError">Of the same.</param>
/// <param name="RelativeError">Of the same, a share.</param>
internal sealed record ReducedForm(
    long Bytes, long OriginalBytes, int IntegerLayers, int Layers, double MeanAbsoluteError, double MaximumAbsoluteError,
    double RelativeError);

/// <summary>The parts of a feature vector.</summary>
internal sealed record FeatureVector(int Count, int CalibrationImages, IReadOnlyList<FeatureBlock> Layers);

/// <summary>What one convolution contributes to a feature vector.</summary>
internal sealed record FeatureBlock(string Layer, int Channels, int Height, int Width, int Offset);
