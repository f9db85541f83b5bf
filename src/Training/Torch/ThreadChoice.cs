using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The processor threads that a training computes with, and why: a clause for its log.</summary>
/// <param name="Threads">At least 1.</param>
/// <param name="Reason">As in <c>1.4 times as fast as with all 16 here</c>.</param>
internal sealed record ThreadChoice(int Threads, string Reason)
{
    // A step that takes longer is tried with fewer threads only once.
    private const double LongStep = 0.1;

    // Less is not worth it, and may be chance.
    private const double LeastGain = 1.1;
    private const int Rounds = 3;

    /// <summary>Chooses, and has Torch compute with as many.</summary>
    /// <param name="asked">What the options say; null measures.</param>
    /// <param name="kept">What the training began with; null at its beginning.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="trial">Measures.</param>
    /// <param name="step">A training step.</param>
    /// <param name="share">The processors that are this process's share; null where it shares them with no other.</param>
    public static ThreadChoice Make(int? asked, int? kept, Device device, StepTrial trial, Action step, int? share = null)
    {
        var processors = share ?? Environment.ProcessorCount;
        var choice = (asked, kept) switch
        {
            ({ } threads, _) => new(threads > 0 ? threads : processors, "as asked for"),
            (null, { } before) => new(before, "as the training began"),
            _ when processors == 1 || device.type != DeviceType.CPU => new(processors, All(share)),
            _ => trial.Measure(() => Measure(processors, Seconds)),
        };
        Devices.UseThreads(choice.Threads);
        return choice;

        double Seconds(int threads, int rounds)
        {
            Devices.UseThreads(threads);
            if (rounds > 1) step(); // What is allocated once.
            // The median: the least time is that of a lucky moment, where other programs compute.
            return Enumerable.Range(0, rounds).Select(_ => trial.Seconds(step)).Order().ElementAt(rounds / 2);
        }
    }

    private static string All(int? share) => share is null ? "all processors" : "the process's share of the processors";

    /// <summary>
    /// Halves the threads as long as a step becomes faster. Small steps have no work for many threads. Beside other programs any step
    /// may be slow with all: threads wait for one that the system has put aside, at each operator.
    /// </summary>
    /// <param name="processors">The most.</param>
    /// <param name="seconds">The median time of a step with so many threads, over so many rounds.</param>
    internal static ThreadChoice Measure(int processors, Func<int, int, double> seconds)
    {
        var all = seconds(processors, Rounds);
        var rounds = all < LongStep ? Rounds : 1;
        var (threads, best) = (processors, all);
        for (var fewer = processors / 2; fewer >= 1; fewer /= 2)
        {
            var time = seconds(fewer, rounds);
            if (time * LeastGain > best) break;
            (threads, best) = (fewer, time);
        }
        return threads == processors ? new(processors, "all processors, with which a step is fastest")
            : new(threads, FormattableString.Invariant($"{all / best:0.0} times as fast as with all {processors} here"));
    }
}
