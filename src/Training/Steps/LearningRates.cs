namespace GanPipeline.Training;

/// <summary>The learning rates' course, a function of the step's number alone.</summary>
internal static class LearningRates
{
    /// <summary>The share of the learning rates that a step has.</summary>
    /// <param name="options">The kind of decay and where it begins.</param>
    /// <param name="number">Steps done before this one.</param>
    public static double Factor(TrainingOptions options, long number) =>
        BurnIn.Value(options, options.LearningRate, options.LearningRateEnd, number) / options.LearningRate * Decay(options, number);

    private static double Decay(TrainingOptions options, long number) => options.LearningRateDecay switch
    {
        LearningRateDecay.Linear when number > options.DecayFrom =>
            1 - (double)(number - options.DecayFrom) / (options.Steps - options.DecayFrom),
        LearningRateDecay.Exponential when number > options.DecayFrom =>
            Math.Pow(0.5, (double)(number - options.DecayFrom) / options.DecayHalfLife),
        _ => 1,
    };
}
