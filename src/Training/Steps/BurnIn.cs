namespace GanPipeline.Training;

/// <summary>What changes in <see cref="TrainingOptions.BurnInSteps"/>, as functions of the step's number alone.</summary>
internal static class BurnIn
{
    /// <summary>An option's value in a step.</summary>
    /// <param name="options">How long the burn-in is.</param>
    /// <param name="begin">The option's value at the beginning.</param>
    /// <param name="end">Its value after the burn-in; null where it stays.</param>
    /// <param name="number">Steps done before this one.</param>
    public static double Value(TrainingOptions options, double begin, double? end, long number) =>
        end is { } last ? last + (begin - last) * Left(options, number) : begin;

    /// <summary>What the averaged generator keeps of the past in a step.</summary>
    /// <param name="options">The average's decay, and how long the burn-in is.</param>
    /// <param name="number">Steps done before this one.</param>
    public static double AverageDecay(TrainingOptions options, long number) => options.BurnInSteps == 0
        ? Math.Min(options.AverageDecay, (1.0 + number) / (10 + number))
        // A half-life that is a share of another is the decay to the power of the share's reciprocal.
        : Left(options, number) is var left and < 1 ? Math.Pow(options.AverageDecay, 1 / (1 - left)) : 0;

    /// <summary>From 1 to 0 in half a period of a cosine.</summary>
    private static double Left(TrainingOptions options, long number) =>
        number >= options.BurnInSteps ? 0 : (1 + Math.Cos(Math.PI * number / options.BurnInSteps)) / 2;
}
