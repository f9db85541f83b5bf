using System.Runtime.CompilerServices;

namespace GanPipeline;

/// <summary>
/// Keeps finalizers from running while libtorch computes. TorchSharp 0.107 frees the numbers that are given to operations, such as the 2 of
/// <c>tensor * 2</c>, in finalizers, and does not keep them alive during the call: a garbage collection on another thread at that moment
/// frees what libtorch is about to read. Then the operation fails ("Unknown scalar type"), or computes with another number.
/// </summary>
/// <remarks>
/// The process has one thread for finalizers; here it stands in a finalizer of ours. About once a second, between steps, it may run what
/// waits. Several pauses, each of a thread of its own, are in effect together; finalizers run when all of them are between steps. Code
/// that waits for finalizers waits for the end of a pause, or ten seconds: <see cref="Release"/> goes before calls to foreign code.
/// TorchSharp itself waits for them where libtorch has no memory for a new tensor, before it tries again.
/// </remarks>
internal sealed class FinalizerPause : IDisposable
{
    private const int LongestMilliseconds = 1000;
    private const int Tries = 20;
    private const int TryMilliseconds = 50;
    private const int GateMilliseconds = 10_000;

    private static readonly object _lock = new();
    private static Gate? _gate;
    private static int _holders, _sweeps;
    private static long _closed;
    private static bool _isForProcess;

    private bool _isHeld;

    /// <summary>
    /// No finalizer runs any more in this process, whatever other pauses do. For programs that end soon and do not guard their own use of
    /// TorchSharp, such as hosts of tests: what they do not dispose stays in memory, and who waits for finalizers waits for ever.
    /// </summary>
    public static void HoldForProcess()
    {
        lock (_lock)
        {
            if (_isForProcess) return;
            _isForProcess = true;
            _holders++;
            // One that opens by itself does not do.
            Open();
            Close();
        }
        // The runtime, when it ends, waits for the finalizer thread.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ReleaseProcess();
    }

    private static void ReleaseProcess()
    {
        lock (_lock)
        {
            _isForProcess = false;
            if (--_holders == 0) Open();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No finalizer runs from here on. Between steps of work, called again and again, it lets them run when it is time.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            if (_isForProcess) return;
            if (_isHeld)
            {
                if (Environment.TickCount64 - _closed < LongestMilliseconds) return;
                StepAside();
            }
            if (_holders == 0) Close();
            _holders++;
            _isHeld = true;
        }
    }

    /// <summary>Finalizers may run, unless another pause is in effect.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (!_isHeld) return;
            _isHeld = false;
            if (--_holders == 0) Open();
            Monitor.PulseAll(_lock);
        }
    }

    public void Dispose() => Release();

    /// <summary>Waits until all pauses are between steps; the last to come lets finalizers run.</summary>
    private void StepAside()
    {
        _isHeld = false;
        _holders--;
        var before = _sweeps;
        while (_holders > 0 && _sweeps == before) Monitor.Wait(_lock);
        if (_sweeps != before) return;
        Open();
        // All that waits: of two objects the finalizer thread may take the newer one, the next gate, first.
        GC.WaitForPendingFinalizers();
        Close();
        _sweeps++;
        Monitor.PulseAll(_lock);
    }

    private static void Open()
    {
        _gate?.Open();
        _gate = null;
    }

    private static void Close()
    {
        _closed = Environment.TickCount64;
        if (_gate is not null) return;
        var gate = new Gate(_isForProcess ? Timeout.Infinite : GateMilliseconds);
        MakeFinalizable(gate);
        for (var i = 0; i < Tries && !gate.IsReached(i == 0 ? 0 : TryMilliseconds); i++)
            GC.Collect(i == 0 ? 0 : GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        if (gate.IsReached(TryMilliseconds)) _gate = gate;
        // The finalizer thread is busy elsewhere; it is not worth waiting for.
        else gate.Open();
    }

    // Not inlined, so that no register or place on the stack keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeFinalizable(Gate gate) => _ = new Keeper(gate);

    /// <param name="openAfter">It opens by itself after so many milliseconds.</param>
    private sealed class Gate(int openAfter)
    {
        private readonly object _changes = new();
        private bool _isReached, _isOpen;

        /// <summary>Whether the finalizer thread stands here, or comes within that time.</summary>
        public bool IsReached(int milliseconds)
        {
            lock (_changes)
            {
                if (!_isReached) Monitor.Wait(_changes, milliseconds);
                return _isReached;
            }
        }

        public void Open()
        {
            lock (_changes)
            {
                _isOpen = true;
                Monitor.PulseAll(_changes);
            }
        }

        /// <summary>Stands until it is open.</summary>
        public void Enter()
        {
            lock (_changes)
            {
                _isReached = true;
                Monitor.PulseAll(_changes);
                while (!_isOpen && Monitor.Wait(_changes, openAfter)) ;
            }
        }
    }

    private sealed class Keeper(Gate gate)
    {
        ~Keeper() => gate.Enter();
    }
}
