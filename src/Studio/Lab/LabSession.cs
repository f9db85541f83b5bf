using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace GanPipeline.Studio;

/// <summary>A lab that trains on a thread of its own, for one page.</summary>
internal sealed class LabSession : IDisposable
{
    // 30 frames a second.
    private static readonly TimeSpan _frameTime = TimeSpan.FromSeconds(1 / 30.0);
    private static readonly TimeSpan _phaseTime = TimeSpan.FromSeconds(0.9);

    private readonly BlockingCollection<LabCommand> _commands = new(boundedCapacity: 100);
    private readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(3)
    {
        FullMode = BoundedChannelFullMode.DropOldest,
    });
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private LabSpeed _speed;
    private LabPhase _phase;
    private bool _isPlaying;

    /// <summary>Begins, standing still.</summary>
    public LabSession()
    {
        _thread = new(Run) { IsBackground = true, Name = "lab" };
        _thread.Start();
    }

    /// <summary>What the page is to be told, the newest; a slow page misses frames.</summary>
    public ChannelReader<byte[]> Messages => _messages.Reader;

    /// <summary>Takes a command.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool Post(LabCommand command) => !_commands.IsAddingCompleted && _commands.TryAdd(command);

    /// <summary>Tells the page that something was wrong.</summary>
    public void Complain(string problem) => Send(LabMessages.Problem(problem));

    private void Run()
    {
        try
        {
            using var finalizers = new FinalizerPause();
            using var lab = new LabTraining(LabPresets.All[0].Value);
            while (!_stop.IsCancellationRequested)
            {
                var clock = Stopwatch.StartNew();
                finalizers.Hold();
                var before = lab.Rounds;
                if (_isPlaying) Advance(lab, clock, finalizers);
                var rounds = lab.Rounds - before;
                var seconds = clock.Elapsed.TotalSeconds;
                Send(LabMessages.Frame(lab.Frame(), lab.Real, _isPlaying, _phase, rounds / seconds));
                finalizers.Release();
                Obey(lab, finalizers, clock);
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            _messages.Writer.TryComplete();
        }
    }

    /// <summary>Trains for the time of a frame; slowly, a phase.</summary>
    private void Advance(LabTraining lab, Stopwatch clock, FinalizerPause finalizers)
    {
        if (_speed == LabSpeed.Slow)
        {
            _phase = _phase == LabPhase.GeneratorUpdated ? LabPhase.Noise : _phase + 1;
            if (_phase == LabPhase.DiscriminatorUpdated) lab.StepDiscriminators();
            if (_phase == LabPhase.GeneratorUpdated) lab.StepGenerators();
            return;
        }
        _phase = LabPhase.None;
        do
        {
            finalizers.Hold();
            lab.StepRound();
        } while (_speed == LabSpeed.Fast && clock.Elapsed < _frameTime && _commands.Count == 0);
    }

    /// <summary>Does what was asked for; waits for it where nothing else is to be done.</summary>
    private void Obey(LabTraining lab, FinalizerPause finalizers, Stopwatch clock)
    {
        var frameTime = _speed == LabSpeed.Slow ? _phaseTime : _frameTime;
        var wait = !_isPlaying ? Timeout.InfiniteTimeSpan : frameTime > clock.Elapsed ? frameTime - clock.Elapsed : TimeSpan.Zero;
        if (!_commands.TryTake(out var command, (int)wait.TotalMilliseconds, _stop.Token)) return;
        finalizers.Hold();
        do
        {
            try
            {
                Obey(lab, command);
            }
            catch (ArgumentException e)
            {
                Send(LabMessages.Problem(e.Message));
            }
        } while (_commands.TryTake(out command));
    }

    private void Obey(LabTraining lab, LabCommand command)
    {
        switch (command.Action)
        {
            case LabAction.Play:
                (_isPlaying, _speed) = (true, command.Speed);
                break;
            case LabAction.Pause:
                _isPlaying = false;
                break;
            case LabAction.Restart:
                _phase = LabPhase.None;
                lab.Restart();
                break;
            case LabAction.Change:
                lab.Change(command.Settings!);
                break;
            case LabAction.StepDiscriminator:
                lab.StepDiscriminator();
                break;
            case LabAction.StepGenerator:
                lab.StepGenerator();
                break;
            case LabAction.StepRound:
                lab.StepRound();
                break;
        }
    }

    private void Send(byte[] message) => _messages.Writer.TryWrite(message);

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
        _commands.Dispose();
    }
}
