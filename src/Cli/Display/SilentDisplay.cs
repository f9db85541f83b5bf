using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>For a process that helps another one, which does the telling.</summary>
internal sealed class SilentDisplay : IRunDisplay
{
    public void Begin(string pipeline, string description, string folder) { }

    public void Skipped(string stage, string line) { }

    public T Stage<T>(string stage, Func<T> work, Func<T, (double Seconds, string Line)> result) => work();

    public void Note(string text) { }

    public void Training(TrainingTick tick) { }

    public void Progress(string what, long done, long total) { }

    public void End(double seconds, IReadOnlyList<(string What, string Where)> files) { }
}
