using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The processor threads that a training computes with, and why: a clause for its log.</summary>
/// <param name="Threads">At least 1.</param>
/// <param name="Reason">As in <c>1.4 times as fast as with all 16 here</c>.</param>
internal sealed record ThreadChoice(int Threads, string Reason)
{
    // In a step that takes longer, every operator has work for all processors.
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

        double Seconds(int threads)
        {
            Devices.UseThreads(threads);
            step(); // What is allocated once.
            return Enumerable.Range(0, Rounds).Min(_ => trial.Seconds(step));
        }
    }

    private static string All(int? share) => share is null ? "all processors" : "the process's share of the processors";

    /// <summary>Halves the threads as long as a step becomes faster.</summary>
    internal static ThreadChoice Measure(int processors, Func<int, double> seconds)
    {
        var all = seconds(processors);
        if (all >= LongStep) return new(processors, "all processors, for a step takes long");
        var (threads, best) = (processors, all);
        for (var fewer = processors / 2; fewer >= 1; fewer /= 2)
        {
            var time = seconds(fewer);
            if (time * LeastGain > best) break;
            (threads, best) = (fewer, time);
        }
        return threads == processors ? new(processors, "all processors, with which a step is fastest")
            : new(threads, FormattableString.Invariant($"{all / best:0.0} times as fast as with all {processors} here"));
    }
}
