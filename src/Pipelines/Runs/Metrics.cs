using System.Text.Json;

namespace GanPipeline.Pipelines;

/// <summary>A line of metrics.jsonl; NaN where it has no such value.</summary>
internal sealed record MetricsLine(long Step, double ImagesPerSecond, double DiscriminatorLoss, double GeneratorLoss, double RealAccuracy, double GeneratedAccuracy)
{
    public double DiscriminatorGradientNorm { get; init; } = double.NaN;

    public double GeneratorGradientNorm { get; init; } = double.NaN;

    /// <summary>The evaluator's: the Frechet distance.</summary>
    public double Frechet { get; init; } = double.NaN;

    public double AugmentationProbability { get; init; } = double.NaN;
}

/// <summary>Reads metrics.jsonl.</summary>
internal static class Metrics
{
    public static IReadOnlyList<MetricsLine> Read(string path)
    {
        if (!File.Exists(path)) return [];
        var lines = new List<MetricsLine>();
        foreach (var line in File.ReadLines(path))
        {
            // A killed process can leave half a last line.
            try
            {
                using var json = JsonDocument.Parse(line);
                var o = json.RootElement;
                double Value(string name) => o.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN;
                // A classifier has one loss and one accuracy.
                lines.Add(new((long)Value("step"), Value("imagesPerSecond"), Value("discriminatorLoss"),
                    o.TryGetProperty("loss", out _) ? Value("loss") : Value("generatorLoss"),
                    o.TryGetProperty("accuracy", out _) ? Value("accuracy") : Value("realAccuracy"), Value("generatedAccuracy"))
                {
                    DiscriminatorGradientNorm = Value("discriminatorGradientNorm"),
                    GeneratorGradientNorm = Value("generatorGradientNorm"),
                    Frechet = Value("metric"),
                    AugmentationProbability = Value("augmentationProbability"),
                });
            }
            catch (JsonException) { }
        }
        return lines;
    }
}
