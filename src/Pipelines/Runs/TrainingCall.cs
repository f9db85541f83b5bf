using System.Runtime.ExceptionServices;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// How the first of several processes calls the others to a training. It alone does the rest of the run, and alone knows whether there is
/// anything to train.
/// </summary>
internal sealed class TrainingCall(ProcessGroup processes)
{
    private bool _isMade;

    /// <summary>Whether the others are still waiting for the call.</summary>
    public bool IsAwaited => processes.Size > 1 && !_isMade;

    /// <summary>In the first process: calls the others, or lets them go.</summary>
    public void Make(bool trains)
    {
        _isMade = true;
        processes.Together(() => true);
        if (processes.Broadcast(trains ? 1 : 0) == 0) processes.Dispose();
    }

    /// <summary>In the first process: the run failed before there was a call, and the others fail with it.</summary>
    public void Fail(Exception error)
    {
        _isMade = true;
        try
        {
            processes.Together<bool>(() =>
            {
                ExceptionDispatchInfo.Throw(error);
                return false;
            });
        }
        catch (Exception e) when (ReferenceEquals(e, error))
        {
            // The caller throws it.
        }
    }

    /// <summary>In the others: waits for the call.</summary>
    /// <param name="prepare">What can be done meanwhile.</param>
    /// <returns>Whether there is a training.</returns>
    /// <exception cref="TrainingException">The first process failed before it called.</exception>
    public bool Await(Action prepare)
    {
        processes.Together(() =>
        {
            prepare();
            return true;
        });
        if (processes.Broadcast(0) != 0) return true;
        processes.Dispose();
        return false;
    }
}
