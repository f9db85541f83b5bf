using GanPipeline.Pipelines;
using GanPipeline.Training;

namespace GanPipeline.Cli;

/// <summary>
/// A run in one of several processes that mpirun or srun started: the first one does the run and tells of it, the others help it to train.
/// </summary>
internal static class RunProcesses
{
    /// <summary>Joins them, and settles how an error in one of them ends all.</summary>
    public static ProcessGroup Join(Shell shell)
    {
        var processes = ProcessGroup.FromEnvironment();
        if (processes.Size == 1) return processes;
        if (!processes.IsFirst) shell.Silence($"rank {processes.Rank} of {processes.Size}: ");
        shell.Failing = e => Fail(shell, processes, e);
        return processes;
    }

    /// <summary>The run and its settings, which must be the same in all.</summary>
    public static RunChoice Choose(ProcessGroup processes, Func<RunChoice> choose, RunRequest request, bool dry)
    {
        var choice = processes.Together(() =>
        {
            var chosen = choose();
            Runner.Check(chosen.Options, request);
            if (processes.Size > 1 && chosen.Options.Kind != PipelineOptions.Gan)
                throw new RequestException($"{chosen.Options.Name} is a {chosen.Options.KindName}, which one process trains: start it " +
                    "without mpirun or srun.");
            if (processes.Size > 1 && dry)
                throw new RequestException("--dry-run measures the training of one process: start it without mpirun or srun.");
            return chosen;
        });
        var settings = Json.Print(choice.Options.ToJson());
        var first = processes.Broadcast(settings);
        return processes.Together(() => settings == first ? choice : throw new RequestException(
            $"{choice.Options.Name} has other settings here than in rank 0. All processes need the same pipelines file and run folder."));
    }

    private static int Fail(Shell shell, ProcessGroup processes, Exception e)
    {
        if (processes.HasFailedTogether)
        {
            // All know of it. An exit code other than 0 would have the launcher end the first before it has told it.
            var code = processes.IsFirst ? shell.Fail(e) : Shell.Done;
            processes.Dispose();
            return code;
        }
        var exit = shell.Fail(e);
        processes.Abort(exit);
        return exit;
    }
}
