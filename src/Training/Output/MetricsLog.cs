using System.Text.Json;
using GanPipeline.Inference;

namespace GanPipeline.Training;

/// <summary><c>metrics.jsonl</c>: a JSON object a line, one line a log interval.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _writer;

    /// <param name="path">The file, which may exist from before an interruption.</param>
    /// <param name="lastStep">Lines of later steps are dropped: they are about to be trained again.</param>
    public MetricsLog(string path, long lastStep)
    {
        if (File.Exists(path)) AtomicFile.WriteAllText(path, string.Concat(File.ReadLines(path).Where(line => Step(line) <= lastStep).Select(line => line + "\n")));
        _writer = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    public void Add(TrainingProgress progress) => _writer.WriteLine(JsonSerializer.Serialize(new
    {
        step = progress.Step,
        epoch = Math.Round(progress.Epoch, 4),
        imagesPerSecond = Math.Round(progress.ImagesPerSecond, 1),
        discriminatorLoss = progress.DiscriminatorLoss,
        generatorLoss = progress.GeneratorLoss,
        realAccuracy = progress.RealAccuracy,
        generatedAccuracy = progress.GeneratedAccuracy,
        seconds = Math.Round(progress.Elapsed.TotalSeconds, 3),
    }));

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
