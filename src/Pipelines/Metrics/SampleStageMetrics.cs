namespace GanPipeline.Pipelines;

/// <summary>Pictures generated from the exported file.</summary>
/// <param name="Count">Pictures written.</param>
/// <param name="Seed">Of their latents.</param>
/// <param name="ImagesPerSecond">Of ONNX Runtime alone, without writing.</param>
/// <param name="Device">cpu or cuda.</param>
internal sealed record SampleStageMetrics(long Count, long Seed, double ImagesPerSecond, string Device)
{
    /// <summary>What each row of the grid shows; null for a generator that is told no texts.</summary>
    public IReadOnlyList<string>? Texts { get; init; }
}

/// <summary>The page.</summary>
/// <param name="Bytes">Its size.</param>
internal sealed record ReportMetrics(long Bytes);
