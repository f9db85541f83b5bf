using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>Runs beside each other: what they differ in, and what they have in common.</summary>
internal sealed class RunComparison
{
    /// <summary>More do not fit beside each other.</summary>
    public const int MostRuns = 8;

    private RunComparison(IReadOnlyList<ComparedRun> runs)
    {
        Runs = runs;
        var settings = runs.Select(run => Settings(run.Options)).ToArray();
        string[] keys = [.. settings.SelectMany(values => values.Keys).Distinct()];
        OptionDifference[] all = [.. keys.Select(key => new OptionDifference(key, [.. settings.Select(s => s.GetValueOrDefault(key))]))];
        Differences = [.. all.Where(option => option.Values.Distinct().Count() > 1)];
        EqualOptions = all.Length - Differences.Count;
        Metrics = ComparedMetric.Of(runs);
        CommonSteps = [.. runs.Select(run => run.Folder.Training.SampleGrids().Select(grid => grid.Step))
            .Aggregate((common, steps) => common.Intersect(steps)).Order()];
    }

    /// <summary>Two to <see cref="MostRuns"/>, in the order that was asked for.</summary>
    public IReadOnlyList<ComparedRun> Runs { get; }

    /// <summary>The options that are not the same in all runs.</summary>
    public IReadOnlyList<OptionDifference> Differences { get; }

    /// <summary>How many others there are.</summary>
    public int EqualOptions { get; }

    /// <summary>What was measured of one run at least.</summary>
    public IReadOnlyList<ComparedMetric> Metrics { get; }

    /// <summary>The steps of which all have a sample grid.</summary>
    public IReadOnlyList<long> CommonSteps { get; }

    public bool IsOfClassifiers => Runs[0].IsClassifier;

    /// <summary>Reads the runs of some folders.</summary>
    /// <param name="folders">Runs' folders, or pipelines' names where they are runs/PIPELINE.</param>
    /// <exception cref="RequestException">
    /// Too few or too many, one that is no run's or has no metrics yet, one folder twice, or runs of different kinds.
    /// </exception>
    public static RunComparison Of(IReadOnlyList<string> folders)
    {
        if (folders.Count is < 2 or > MostRuns)
            throw new RequestException($"gan compare takes the folders of 2 to {MostRuns} runs, but got {folders.Count}: as in gan " +
                "compare runs/ONE runs/OTHER.");
        RunChoice[] choices = [.. folders.Select(folder => RunChoice.OfFolder(folder, null, [], runs: false))];
        var paths = choices.Select(choice => Path.TrimEndingDirectorySeparator(Path.GetFullPath(choice.Folder))).ToArray();
        if (paths.GroupBy(path => path).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new RequestException($"{choices[Array.IndexOf(paths, twice.Key)].Folder} stands there twice; name each run once.");
        if (choices.FirstOrDefault(choice => choice.Options.Kind != choices[0].Options.Kind) is { } other)
            throw new RequestException($"{choices[0].Folder} is the run of a {Kind(choices[0])}, {other.Folder} that of a {Kind(other)}, " +
                "which have no metric in common. Compare runs of one kind.");
        if (choices[0].Options.Kind == PipelineOptions.TextEncoder)
            throw new RequestException($"{choices[0].Folder} is the run of a text encoder; runs of GANs and of classifiers can be " +
                "compared.");
        return new([.. choices.Zip(Names(paths), ComparedRun.Read)]);

        static string Kind(RunChoice choice) => choice.Options.KindName;
    }

    /// <summary>Of each path so many of its last parts that no two are the same.</summary>
    internal static IReadOnlyList<string> Names(IReadOnlyList<string> paths)
    {
        for (var parts = 1; ; parts++)
        {
            string[] names = [.. paths.Select(path => string.Join('/', path.Split('/', '\\').TakeLast(parts)))];
            if (names.Distinct().Count() == names.Length) return names;
        }
    }

    private static Dictionary<string, string> Settings(PipelineOptions options)
    {
        Dictionary<string, string> settings = new() { ["pipeline"] = options.Name };
        foreach (var setting in SettingSource.Of(options)) settings[$"{setting.Section}.{setting.Key}"] = Text(setting.Value);
        return settings;
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(", ", list.Select(Text)),
        JsonObject map => map.ToJsonString(),
        _ => value.ToString(),
    };
}

/// <summary>An option that runs differ in.</summary>
/// <param name="Key">As --set takes it; <c>pipeline</c> for the pipeline's name.</param>
/// <param name="Values">Of each run; null where its pipeline has no such option.</param>
internal sealed record OptionDifference(string Key, IReadOnlyList<string?> Values);
