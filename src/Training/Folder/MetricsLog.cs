using System.Text.Json;

namespace GanPipeline.Training;

/// <summary><c>metrics.jsonl</c>: a JSON object a line, one line a log interval.</summary>
internal sealed class MetricsLog<T> : IDisposable where T : TrainingMetrics
{
    private readonly string _path;
    private readonly StreamWriter _writer;

    /// <param name="path">The file, which may exist from before an interruption.</param>
    /// <param name="lastStep">Lines of later steps are dropped: they are about to be trained again.</param>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public MetricsLog(string path, long lastStep)
    {
        _path = path;
        try
        {
            (T Metrics, string Line)[] kept = [.. Read(path).Where(line => line.Metrics.Step <= lastStep)];
            if (File.Exists(path)) AtomicFile.WriteAllText(path, string.Concat(kept.Select(line => line.Line + "\n")));
            Last = kept.LastOrDefault().Metrics;
            _writer = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>The last line of before the interruption; null where there is none.</summary>
    public T? Last { get; }

    /// <exception cref="TrainingException">The line cannot be written.</exception>
    public void Add(T metrics)
    {
        try
        {
            _writer.WriteLine(JsonSerializer.Serialize(metrics, JsonSerializerOptions.Web));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Cannot write '{_path}' at step {metrics.Step}; the last checkpoint is kept. {e.Message}", e);
        }
    }

    /// <summary>The whole lines of a file, and what they say; none where there is no file.</summary>
    public static IEnumerable<(T Metrics, string Line)> Read(string path)
    {
        if (!File.Exists(path)) yield break;
        // A training may be writing it.
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
            if (Parse(line) is { } metrics) yield return (metrics, line);
    }

    private static T? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // A killed process leaves half a line.
            return null;
        }
    }

    public void Dispose() => _writer.Dispose();
}
