namespace GanPipeline.Training;

/// <summary>The objectives that come with the project.</summary>
public static class Objectives
{
    private static readonly Dictionary<string, Func<ObjectiveOptions, Objective>> Builders = new(StringComparer.Ordinal)
    {
        ["cross-entropy"] = options => new CrossEntropyObjective(options),
    };

    /// <summary>Their names, as <see cref="ObjectiveOptions.Name"/> gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Builders.Keys];

    /// <summary>The objective of these options.</summary>
    /// <exception cref="ArgumentException">The name is unknown, or a value is out of its range.</exception>
    public static Objective Create(ObjectiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Builders.TryGetValue(options.Name, out var build)
            ? build(options)
            : throw new ArgumentException($"Unknown objective '{options.Name}'; there are: {string.Join(", ", Names)}.", nameof(options));
    }
}
