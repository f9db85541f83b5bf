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

    /// <summary>The metrics in one line.</summary>
    public string Describe() =>
        $"{TextFormat.List(MaxAbsDifference.Keys)}, within {TextFormat.Number(MaxAbsDifference.Values.Max())} of Torch";
}

/// <summary>The parts of a feature vector.</summary>
internal sealed record FeatureVector(int Count, int CalibrationImages, IReadOnlyList<FeatureBlock> Layers);

/// <summary>What one convolution contributes to a feature vector.</summary>
internal sealed record FeatureBlock(string Layer, int Channels, int Height, int Width, int Offset);
