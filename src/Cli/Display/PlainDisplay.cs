using System.Diagnostics;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>For logs and pipes: whole lines, and of the progress only one now and then.</summary>
/// <param name="writer">Where the lines go.</param>
/// <param name="interval">The least time between two lines of progress.</param>
internal sealed class PlainDisplay(TextWriter writer, TimeSpan interval) : IRunDisplay
{
    private readonly Lock _gate = new();
    private long _last;
    private string _stage = "";

    public void Begin(string pipeline, string description, string folder)
    {
        Write(description.Length > 0 ? $"{pipeline}: {description}" : pipeline);
        Write($"into {folder}");
    }

    public void Skipped(string stage, string line) => Write($"{stage}: unchanged. {line}");

    public T Stage<T>(string stage, Func<T> work, Func<T, (double Seconds, string Line)> result)
    {
        _stage = stage;
        _last = 0;
        Write($"{stage} ...");
        var value = work();
        var (seconds, line) = result(value);
        Write($"{stage}: done in {TextFormat.Duration(seconds)}. {line}");
        return value;
    }

    public void Note(string text) => Write(_stage.Length > 0 ? $"{_stage}: {text}" : text);

    public void Training(TrainingTick t)
    {
        if (!Due()) return;
        var left = double.IsNaN(t.SecondsLeft) ? "" : $"; {TextFormat.Duration(t.SecondsLeft)} left";
        Write($"{_stage}: {t.Position()}; {TextFormat.Count((long)t.ImagesPerSecond)} images/s; {TrainingText.Losses(t)}{left}");
    }

    public void Progress(string what, long done, long total)
    {
        if (Due()) Write($"{_stage}: {what} {TextFormat.Count(done)} of {TextFormat.Count(total)}");
    }

    public void End(double seconds, IReadOnlyList<(string What, string Where)> files)
    {
        Write($"Done in {TextFormat.Duration(seconds)}.");
        foreach (var (what, where) in files) Write($"{what}: {where}");
    }

    private bool Due()
    {
        lock (_gate)
        {
            if (_last != 0 && Stopwatch.GetElapsedTime(_last) < interval) return false;
            _last = Stopwatch.GetTimestamp();
            return true;
        }
    }

    private void Write(string line)
    {
        lock (_gate) writer.WriteLine(line.TrimEnd());
        writer.Flush();
    }
}

/// <summary>The losses in words, the same in both displays.</summary>
internal static class TrainingText
{
    public static string Losses(TrainingTick t) => double.IsNaN(t.DiscriminatorLoss)
        ? $"loss {TextFormat.Number(t.GeneratorLoss)}, right {TextFormat.Percent(t.OnReal)}"
        : $"loss D {TextFormat.Number(t.DiscriminatorLoss)}, G {TextFormat.Number(t.GeneratorLoss)}; " +
          $"D right on real {TextFormat.Percent(t.OnReal)}, on generated {TextFormat.Percent(t.OnGenerated)}";
}
