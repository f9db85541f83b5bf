namespace GanPipeline.Training;

/// <summary>The objectives that come with the project.</summary>
public static class Objectives
{
    private static readonly Dictionary<string, Func<ObjectiveOptions, Objective>> Builders = new(StringComparer.Ordinal)
    {
        ["cross-entropy"] = options => new CrossEntropyObjective(options),
        ["least-squares"] = options => new LeastSquaresObjective(options),
        ["hinge"] = options => new HingeObjective(options),
        ["wasserstein"] = options => new WassersteinObjective(options),
    };

    /// <summary>Their names, as <see cref="ObjectiveOptions.Name"/> gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Builders.Keys];

    /// <summary>The objective of these options.</summary>
    /// <exception cref="ArgumentException">The name is unknown, a value is out of its range, or two do not go together.</exception>
    public static Objective Create(ObjectiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Builders.TryGetValue(options.Name, out var build))
            throw new ArgumentException($"Unknown objective '{options.Name}'; there are: {string.Join(", ", Names)}.", nameof(options));
        Require(options.GradientPenalty >= 0 && double.IsFinite(options.GradientPenalty), $"The gradient penalty's weight is at least 0 (off); got {options.GradientPenalty}.");
        Require(options.R1 >= 0 && double.IsFinite(options.R1), $"R1's weight is at least 0 (off); got {options.R1}.");
        Require(options.R1Every >= 1, $"There is at least 1 step between R1 penalties; got {options.R1Every}.");
        Require(options is not { GradientPenalty: > 0, R1: > 0 }, "The gradient penalty wants gradients of norm 1 and R1 wants none; keep one of them.");
        return build(options);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
