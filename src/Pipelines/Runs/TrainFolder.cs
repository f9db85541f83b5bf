using GanPipeline.Training;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>
/// Decides whether the train/ folder belongs to the training that is about to run. Where it does, the trainer goes on in it; where it
/// does not, it is moved aside, because hours of work are not to be lost to a changed option.
/// </summary>
internal static class TrainFolder
{
    private const string Previous = "train.previous";

    /// <param name="run">The run.</param>
    /// <param name="identity">The training that is about to run.</param>
    /// <param name="steps">Its steps.</param>
    public static void Prepare(RunContext run, TrainingIdentity identity, long steps)
    {
        var folder = run.Folder.Training;
        if (Directory.Exists(folder.Path) && ReasonToStartAnew(run, folder, identity, steps) is { } reason) SetAside(run, folder, reason);
    }

    private static string? ReasonToStartAnew(RunContext run, TrainingFolder folder, TrainingIdentity identity, long steps)
    {
        if (run.StartAnew) return "as asked";
        if (folder.ReadIdentity() is not { } earlier) return "because the options of the last one cannot be read";
        if (identity.DifferenceFrom(earlier) is { } difference) return $"because its options or data have changed ({difference})";
        return folder.LastStep > steps ? $"because the last one went beyond {TextFormat.Count(steps, "step")}" : null;
    }

    private static void SetAside(RunContext run, TrainingFolder folder, string reason)
    {
        // A folder without a checkpoint holds nothing that anybody would miss.
        if (folder.LastStep is null)
        {
            Directory.Delete(folder.Path, recursive: true);
            return;
        }
        var previous = run.Folder[Previous];
        if (Directory.Exists(previous)) Directory.Delete(previous, recursive: true);
        Directory.Move(folder.Path, previous);
        run.Logger.LogWarning("The training starts from its first step, {Reason}; the last one is kept in {Previous}.", reason, Previous);
    }
}
