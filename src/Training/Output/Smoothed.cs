namespace GanPipeline.Training;

/// <summary>A value averaged over log intervals with weights that halve every 500 steps; it goes on from the last line of a log.</summary>
internal readonly record struct Smoothed(long Step, double Value)
{
    private const double HalfLife = 500;

    /// <summary>The average with the next interval's value in it.</summary>
    /// <param name="before">The average so far; null where this is the first interval.</param>
    /// <param name="step">Steps done at the interval's end.</param>
    /// <param name="value">The interval's value.</param>
    public static double Next(Smoothed? before, long step, double value) => before is { } past
        ? value + (past.Value - value) * Math.Pow(0.5, (step - past.Step) / HalfLife)
        : value;
}
