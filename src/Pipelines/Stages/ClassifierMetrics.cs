using System.Globalization;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>A classifier's metrics.jsonl: lines of an interrupted training stay as far as the next one goes on from them.</summary>
internal sealed class ClassifierMetrics(string path)
{
    private readonly List<(long Step, string Line)> _lines = [.. Kept(path)];

    public void Add(ClassifierProgress p)
    {
        _lines.RemoveAll(l => l.Step >= p.Step);
        _lines.Add((p.Step, string.Create(CultureInfo.InvariantCulture,
            $"{{\"step\":{p.Step},\"imagesPerSecond\":{p.ImagesPerSecond:0.#},\"loss\":{p.Loss},\"accuracy\":{p.Accuracy},\"seconds\":{p.Elapsed.TotalSeconds:0.###}}}")));
        AtomicFile.WriteAllText(path, string.Concat(_lines.Select(l => l.Line + "\n")));
    }

    private static IEnumerable<(long, string)> Kept(string path) =>
        File.Exists(path) ? Metrics.Read(path).Zip(File.ReadLines(path), (metrics, line) => (metrics.Step, line)) : [];
}
