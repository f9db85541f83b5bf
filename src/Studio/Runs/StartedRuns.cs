using System.ComponentModel;
using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>The runs that this studio has started, which end with it.</summary>
/// <param name="program">gan or gan.dll; null where it is not known.</param>
internal sealed class StartedRuns(string? program) : IAsyncDisposable
{
    /// <summary>The most at once: each takes all processors.</summary>
    public const int Most = 2;

    // A step and a checkpoint of a large network.
    private static readonly TimeSpan _mostWait = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, StartedRun> _runs = [];
    private readonly Lock _gate = new();
    private bool _isEnding;

    /// <summary>Why nothing can be started; null where it can.</summary>
    public string? Problem =>
        program is null ? "This studio does not know the gan program, which runs are started with: ./gan studio names it, as --gan does."
        : !File.Exists(program) ? $"There is no {program}, which runs are started with. ./gan list builds it; --gan names another."
        : null;

    /// <summary>Runs that go on, or failed, be it before they had a folder.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate) return [.. _runs.Where(run => run.Value.IsAlive || run.Value.Phase == RunPhase.Failed).Select(run => run.Key)];
        }
    }

    /// <summary>The process that last did a run; null where this studio started none.</summary>
    public StartedRun? Find(string name)
    {
        lock (_gate) return _runs.GetValueOrDefault(name);
    }

    /// <summary>Starts a run.</summary>
    /// <param name="name">Of its folder.</param>
    /// <param name="arguments">Of gan.</param>
    /// <exception cref="WorkException">It cannot be started now; the message says what to do.</exception>
    public StartedRun Start(string name, IReadOnlyList<string> arguments)
    {
        if (Problem is { } problem) throw new WorkException(problem);
        lock (_gate)
        {
            if (_isEnding) throw new WorkException("This studio is about to end.");
            if (_runs.GetValueOrDefault(name) is { IsAlive: true }) throw new WorkException($"{name} is running already.");
            string[] others = [.. _runs.Where(run => run.Value.IsAlive).Select(run => run.Key)];
            if (others.Length >= Most)
                throw new WorkException($"This studio runs at most {Most} at once, and {TextFormat.List(others)} are going on. Stop one, " +
                    "or wait until it is done.");
            try { return _runs[name] = StartedRun.Start(program!, arguments); }
            catch (Win32Exception e) { throw new WorkException($"{program} cannot be started: {e.Message}", e); }
        }
    }

    /// <summary>Asks all to end, each with a checkpoint, and starts no more.</summary>
    public void StopAll()
    {
        lock (_gate)
        {
            _isEnding = true;
            foreach (var run in _runs.Values) run.Stop();
        }
    }

    /// <summary>Ends all, and waits for their checkpoints.</summary>
    public async ValueTask DisposeAsync()
    {
        StopAll();
        var all = Task.WhenAll(_runs.Values.Select(run => run.Ended));
        if (await Task.WhenAny(all, Task.Delay(_mostWait)) == all) return;
        foreach (var run in _runs.Values.Where(run => run.IsAlive)) run.Kill();
    }
}
