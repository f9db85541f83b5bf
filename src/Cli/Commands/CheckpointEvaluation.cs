using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;

namespace GanPipeline.Cli;

/// <summary>gan evaluate RUN --checkpoints: a table, a JSON file and a curve of the distances of the checkpoints it keeps.</summary>
internal static class CheckpointEvaluation
{
    private const string Name = "checkpoints";

    /// <param name="choose">The run.</param>
    /// <param name="count">Samples of each; null takes evaluate.samples.</param>
    /// <param name="output">The folder for both files; null is the run's.</param>
    public static JsonObject Run(Shell shell, Func<RunChoice> choose, int? count, string? output)
    {
        var started = Stopwatch.GetTimestamp();
        var choice = choose();
        if (choice.Options.Kind != PipelineOptions.Gan)
            throw new RequestException($"{choice.Options.Name} trains a {choice.Options.KindName}: checkpoints are measured of a GAN.");
        // No lock is taken and the summary is not saved: a training may be in progress.
        using var folder = new RunFolder(choice.Folder, choice.Folder);
        using var run = new RunContext(choice, new RunRequest("evaluate", null, false), folder, Summary.Load(folder.Summary),
            shell.Display(), NullLogger.Instance);
        var metrics = CheckpointCurve.Measure(run, count ?? choice.Options.Evaluate.Samples, shell.Stop);
        if (metrics.Checkpoints.Count == 0) throw new WorkException($"No checkpoint could be measured. {metrics.Notes[0]}");
        Consoles.Rows(shell.Console, [.. metrics.Checkpoints.Select(Row).Prepend(["step", "", "Frechet distance", "kernel distance"])]);
        foreach (var note in metrics.Notes) shell.Say(note);
        var answer = MetricsJson.Write(metrics);
        answer["seconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);
        var place = output ?? choice.Folder;
        string json = Path.Combine(place, Name + ".json"), chart = Path.Combine(place, Name + ".svg");
        AtomicFile.WriteAllText(json, Json.Print(answer) + "\n");
        AtomicFile.WriteAllText(chart, CheckpointChart.Draw(metrics, choice.Options.Name));
        shell.Say($"Written to {json} and {chart}");
        return answer;
    }

    private static string[] Row(CheckpointDistance c) =>
    [
        TextFormat.Count(c.Step),
        (c.IsBest ? "best" : "") + (c.IsAveraged ? c.IsBest ? ", averaged" : "averaged" : ""),
        TextFormat.Number(c.Frechet.Value) + (c.Frechet.Error is { } error ? $" +- {TextFormat.Number(error)}" : ""),
        c.Kernel is { } kernel ? KernelText.Distance(kernel) : "too few pictures",
    ];
}
