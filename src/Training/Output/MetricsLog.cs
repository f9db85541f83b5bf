using System.Text.Json;

namespace GanPipeline.Training;

/// <summary><c>metrics.jsonl</c>: a JSON object a line, one line a log interval.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _writer;

    /// <param name="path">The file, which may exist from before an interruption.</param>
    /// <param name="lastStep">Lines of later steps are dropped: they are about to be trained again.</param>
    public MetricsLog(string path, long lastStep)
    {
        if (File.Exists(path))
        {
            string[] kept = [.. File.ReadLines(path).Where(line => Step(line) <= lastStep)];
            AtomicFile.WriteAllText(path, string.Concat(kept.Select(line => line + "\n")));
            if (kept.Length > 0) (SmoothedDiscriminatorLoss, SmoothedGeneratorLoss) = (Smoothed(kept[^1], "smoothedDiscriminatorLoss"), Smoothed(kept[^1], "smoothedGeneratorLoss"));
        }
        _writer = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>That of the last line before; null where there is none.</summary>
    public Smoothed? SmoothedDiscriminatorLoss { get; }

    /// <summary>That of the last line before; null where there is none.</summary>
    public Smoothed? SmoothedGeneratorLoss { get; }

    public void Add(TrainingProgress progress) => _writer.WriteLine(JsonSerializer.Serialize(new
    {
        step = progress.Step,
        epoch = Math.Round(progress.Epoch, 4),
        imagesPerSecond = Math.Round(progress.ImagesPerSecond, 1),
        discriminatorLoss = progress.DiscriminatorLoss,
        generatorLoss = progress.GeneratorLoss,
        realAccuracy = progress.RealAccuracy,
        generatedAccuracy = progress.GeneratedAccuracy,
        smoothedDiscriminatorLoss = progress.SmoothedDiscriminatorLoss,
        smoothedGeneratorLoss = progress.SmoothedGeneratorLoss,
        discriminatorGradientNorm = Finite(progress.DiscriminatorGradientNorm),
        generatorGradientNorm = Finite(progress.GeneratorGradientNorm),
        discriminatorLearningRate = progress.DiscriminatorLearningRate,
        generatorLearningRate = progress.GeneratorLearningRate,
        augmentationProbability = progress.AugmentationProbability,
        metric = progress.Metric is { } metric ? Finite(metric) : null,
        seconds = Math.Round(progress.Elapsed.TotalSeconds, 3),
    }));

    /// <summary>JSON has no other numbers.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static Smoothed? Smoothed(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty(name, out var value) ? new(json.RootElement.GetProperty("step").GetInt64(), value.GetDouble()) : null;
    }

    /// <summary>A line's step; a line that a killed process left unfinished belongs to no step that is kept.</summary>
    private static long Step(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("step").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return long.MaxValue;
        }
    }

    public void Dispose() => _writer.Dispose();
}
