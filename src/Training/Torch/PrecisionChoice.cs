using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The precision that a training computes with, and why: a clause for its log.</summary>
/// <param name="Precision">Never <see cref="TrainingPrecision.Auto"/>.</param>
/// <param name="Reason">As in <c>1.8 times as fast as float32 here</c>.</param>
internal sealed record PrecisionChoice(TrainingPrecision Precision, string Reason)
{
    // Less is not worth the digits.
    private const double LeastGain = 1.1;
    private const int Rounds = 3;

    /// <summary>Chooses.</summary>
    /// <param name="asked">What the options say.</param>
    /// <param name="kept">What the training began with; null at its beginning.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="trial">Measures.</param>
    /// <param name="step">A training step at a precision.</param>
    /// <exception cref="TrainingException">It is asked for what this libtorch cannot do.</exception>
    public static PrecisionChoice Make(TrainingPrecision asked, TrainingPrecision? kept, Device device, StepTrial trial,
        Action<TrainingPrecision> step)
    {
        var choice = (asked, kept) switch
        {
            (TrainingPrecision.Auto, { } before) => new(before, "as the training began"),
            (TrainingPrecision.Auto, null) => Obstacle(device) is { } obstacle
                ? new(TrainingPrecision.Float32, obstacle) : trial.Measure(() => Measure(trial, step)),
            _ => new PrecisionChoice(asked, "as asked for"),
        };
        if (choice.Precision != TrainingPrecision.Float32 && !Autocast.IsAvailable)
            throw new TrainingException($"The precision {Name(choice.Precision)} ({choice.Reason}) needs autocast, which this libtorch " +
                "does not export; take float32, or a libtorch for Linux or macOS.");
        if (choice.Precision == TrainingPrecision.Float16 && device.type != DeviceType.CUDA)
            throw new TrainingException($"The precision float16 ({choice.Reason}) is for CUDA, and this training computes on " +
                $"{device.type}; take auto, float32 or bfloat16.");
        return choice;
    }

    private static string Name(TrainingPrecision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>Why bfloat16 cannot be faster; null where it may be.</summary>
    public static string? Obstacle(Device device)
    {
        if (!Autocast.IsAvailable) return "this libtorch exports no autocast";
        return device.type != DeviceType.CPU || ProcessorHasBfloat16()
            ? null : "this processor has no instructions for bfloat16 (AVX512_BF16, AMX)";
    }

    /// <summary>CPUID leaf 7: AMX-BF16 is bit 22 of EDX in subleaf 0, AVX512_BF16 bit 5 of EAX in subleaf 1.</summary>
    private static bool ProcessorHasBfloat16() => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
        && ((X86Base.CpuId(7, 0).Edx & (1 << 22)) != 0 || (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0);

    /// <summary>Times both, and takes bfloat16 where that is worth it.</summary>
    internal static PrecisionChoice Measure(StepTrial trial, Action<TrainingPrecision> step)
    {
        var (single, half) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round <= Rounds; round++)
        {
            var (first, second) = (trial.Seconds(() => step(TrainingPrecision.Float32)),
                trial.Seconds(() => step(TrainingPrecision.Bfloat16)));
            if (round == 0) continue; // What is compiled and allocated once.
            (single, half) = (Math.Min(single, first), Math.Min(half, second));
        }
        var gain = single / half;
        return gain >= LeastGain
            ? new(TrainingPrecision.Bfloat16, FormattableString.Invariant($"{gain:0.0} times as fast as float32 here"))
            : new(TrainingPrecision.Float32, FormattableString.Invariant($"bfloat16 is {gain:0.00} times as fast here"));
    }
}
