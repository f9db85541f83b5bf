namespace GanPipeline.Training;

/// <summary>The objectives that come with the project.</summary>
public static class Objectives
{
    /// <summary>The objective of these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or two do not go together; see
    /// <see cref="ObjectiveOptions.Problems"/>.</exception>
    public static Objective Create(ObjectiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (_, problem) in options.Problems()) throw new ArgumentException(problem, nameof(options));
        return options.Loss switch
        {
            GanLoss.LeastSquares => new LeastSquaresObjective(options),
            GanLoss.Hinge => new HingeObjective(options),
            GanLoss.Wasserstein => new WassersteinObjective(options),
            GanLoss.Relativistic => new RelativisticObjective(options),
            _ => new CrossEntropyObjective(options),
        };
    }
}
