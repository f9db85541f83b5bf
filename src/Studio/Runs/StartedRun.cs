using System.Diagnostics;

namespace GanPipeline.Studio;

/// <summary>What a run's process is at.</summary>
internal enum RunPhase
{
    /// <summary>It has said nothing yet.</summary>
    Starting,

    /// <summary>It works.</summary>
    Running,

    /// <summary>It was asked to end, and is writing a checkpoint.</summary>
    Stopping,

    /// <summary>It ended as it was asked to.</summary>
    Stopped,

    /// <summary>It did all that there was to do.</summary>
    Done,

    /// <summary>It ended with an error.</summary>
    Failed,
}

/// <summary>A gan process that does a run. Its output goes nowhere: the run's folder has it.</summary>
internal sealed class StartedRun
{
    private const int MostLines = 20, LongestLine = 2000;

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly Queue<string> _errors = new();
    private bool _hasSpoken, _isStopping;
    private int? _exitCode;

    private StartedRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => { if (line.Data is not null) Speak(); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) Keep(line.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        Ended = EndAsync();
    }

    /// <summary>Completes when it has ended.</summary>
    public Task Ended { get; }

    /// <summary>In UTC.</summary>
    public DateTime StartTime { get; } = DateTime.UtcNow;

    /// <summary>When it ended, in UTC; null while it goes on.</summary>
    public DateTime? EndTime { get; private set; }

    public bool IsAlive => !Ended.IsCompleted;

    public RunPhase Phase
    {
        get
        {
            lock (_gate) return _exitCode switch
            {
                null => _isStopping ? RunPhase.Stopping : _hasSpoken ? RunPhase.Running : RunPhase.Starting,
                0 => RunPhase.Done,
                _ => _isStopping ? RunPhase.Stopped : RunPhase.Failed,
            };
        }
    }

    /// <summary>The last lines of its errors where it failed.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_gate) return _exitCode is null or 0 || _isStopping ? [] : _errors.Count > 0 ? [.. _errors]
                : [$"gan ended with exit code {_exitCode}."];
        }
    }

    /// <summary>Starts a process.</summary>
    /// <param name="program">gan, or gan.dll, which dotnet runs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static StartedRun Start(string program, IReadOnlyList<string> arguments)
    {
        var isAssembly = Path.GetExtension(program) == ".dll";
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in isAssembly ? arguments.Prepend(program) : arguments) start.ArgumentList.Add(argument);
        return new(Process.Start(start)!);
    }

    /// <summary>Asks it to end as Ctrl-C does: it writes a checkpoint first, but on Windows, where it is killed.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            // Once more would end it at once.
            if (_isStopping || _exitCode is not null) return;
            _isStopping = true;
        }
        NativeProcess.Terminate(_process);
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    private async Task EndAsync()
    {
        // Waits for the last of its lines, too.
        await _process.WaitForExitAsync();
        lock (_gate) _exitCode = _process.ExitCode;
        EndTime = DateTime.UtcNow;
        _process.Dispose();
    }

    private void Speak()
    {
        lock (_gate) _hasSpoken = true;
    }

    private void Keep(string line)
    {
        lock (_gate)
        {
            _errors.Enqueue(line.Length <= LongestLine ? line : line[..LongestLine]);
            if (_errors.Count > MostLines) _errors.Dequeue();
        }
    }
}
