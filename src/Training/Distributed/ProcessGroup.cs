using System.Runtime.ExceptionServices;

namespace GanPipeline.Training;

/// <summary>
/// The processes that train one model together over MPI (data parallelism): each computes gradients on its part of every batch, and all
/// make the same update with the gradients' mean. <c>mpirun</c> starts them, or Slurm's <c>srun</c>.
/// </summary>
/// <remarks>
/// What a member does, all processes must call in the same order, and at no time from two threads. A process that throws while others
/// wait for it should end itself, or call <see cref="Abort"/>: the launcher then ends the others.
/// </remarks>
public sealed partial class ProcessGroup : IDisposable
{
    private static readonly TimeSpan _timeToRead = TimeSpan.FromMilliseconds(500);

    private static int _isJoined;

    private readonly Mpi? _mpi;
    private bool _isLeft;
    private Exception? _failure;

    private ProcessGroup(Mpi? mpi, int rank, int size)
    {
        (_mpi, Rank, Size, LocalSize, Processors) = (mpi, rank, size, 1, Environment.ProcessorCount);
        if (size > 1) (LocalRank, LocalSize, Processors) = Look();
    }

    /// <summary>One process by itself, for which nothing of MPI is loaded.</summary>
    public static ProcessGroup Alone { get; } = new(null, 0, 1);

    /// <summary>This process's number, 0 to <see cref="Size"/> - 1.</summary>
    public int Rank { get; }

    /// <summary>How many processes there are.</summary>
    public int Size { get; }

    /// <summary>Whether this is rank 0, the one that writes files and tells how the training goes.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>This process's number among those of the same machine, from 0; by it each takes a CUDA device of its own.</summary>
    public int LocalRank { get; }

    /// <summary>The library, as in <c>Open MPI (libmpi.so.40)</c>; empty where the process is alone.</summary>
    public string Library => _mpi?.Name ?? "";

    /// <summary>How many of the processes are on this machine.</summary>
    internal int LocalSize { get; }

    /// <summary>
    /// Processors that are this process's share, at least 1: those that it may use, divided among the processes of the machine that may
    /// use the same.
    /// </summary>
    internal int Processors { get; }

    /// <summary>Whether work failed in all processes alike, so that they can end without a call for help.</summary>
    internal bool HasFailedTogether { get; private set; }

    /// <summary>
    /// Joins the processes that <c>mpirun</c> (of Open MPI or MPICH) or <c>srun</c> (with <c>--mpi=pmix</c> for Open MPI,
    /// <c>--mpi=pmi2</c> for MPICH) started together with this one, as the environment says, and waits for them.
    /// <see cref="Alone"/> where the environment says nothing, or that there is one process, or where the variable <c>GAN_MPI_LIBRARY</c>
    /// is <c>none</c>; else that variable names the library's file where the usual one is not to be taken.
    /// </summary>
    /// <exception cref="TrainingException">There is no library of MPI, or it belongs to another launcher.</exception>
    /// <exception cref="InvalidOperationException">This process has joined before: MPI starts once in a process.</exception>
    public static ProcessGroup FromEnvironment()
    {
        if (Launch.FromEnvironment() is not { Size: > 1 } launch) return Alone;
        if (Interlocked.Exchange(ref _isJoined, 1) != 0)
            throw new InvalidOperationException("This process has joined the others before, and MPI starts once in a process.");
        var mpi = Mpi.Load(launch);
        mpi.Start();
        if (mpi.Size == launch.Size) return new(mpi, mpi.Rank, launch.Size);
        var size = mpi.Size;
        mpi.Leave();
        throw new TrainingException($"This process was started as one of {launch.Size} ({launch.Variable}), but {mpi.Name} sees {size}: " +
            "the launcher belongs to another MPI than the library. Open MPI's library goes with Open MPI's mpirun and srun --mpi=pmix, " +
            $"MPICH's with MPICH's mpirun and srun --mpi=pmi2; {Mpi.LibraryVariable} names the library's file.");
    }

    /// <summary>
    /// Does work in every process, different work in different ones if need be, and waits for all. Where it fails in one, it fails in all.
    /// </summary>
    /// <returns>This process's result.</returns>
    /// <exception cref="TrainingException">It failed in another process, which the message names.</exception>
    public T Together<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (Size == 1) return work();
        var result = default(T);
        Exception? error = null;
        try
        {
            result = work();
        }
        catch (Exception e)
        {
            error = e;
        }
        Meet();
        var failed = Array.FindIndex(Gather(error is null ? 0 : 1), flag => flag != 0);
        if (failed < 0) return result!;
        var message = Broadcast(error?.Message ?? "", failed);
        HasFailedTogether = true;
        if (error is not null) ExceptionDispatchInfo.Throw(error);
        throw new TrainingException($"Rank {failed} of {Size} processes failed: {message}");
    }

    /// <summary>Gives every process the first one's number.</summary>
    public long Broadcast(long number)
    {
        Broadcast(new Span<long>(ref number));
        return number;
    }

    /// <summary>Gives every process the first one's text.</summary>
    public string Broadcast(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Broadcast(text, 0);
    }

    /// <summary>
    /// Ends all processes with this exit code, as after an error that the others cannot know of. Alone, it does nothing.
    /// </summary>
    public void Abort(int exitCode)
    {
        if (_mpi is null || _isLeft) return;
        _isLeft = true;
        // MPICH's launcher ends at once, and with it what it has not read of the processes' output yet.
        Thread.Sleep(_timeToRead);
        _mpi.Abort(exitCode);
    }

    /// <summary>
    /// Leaves the group, and waits until the others leave too. After a training that failed in this process and not in the others, it
    /// says why on standard error, and ends them all with exit code 1.
    /// </summary>
    public void Dispose()
    {
        if (_mpi is null || _isLeft) return;
        if (_failure is not null && !HasFailedTogether)
        {
            // Nobody else comes to say it.
            Console.Error.WriteLine($"Rank {Rank} of {Size}: {_failure.Message}");
            Abort(1);
            return;
        }
        Meet();
        _isLeft = true;
        _mpi.Leave();
    }
}
