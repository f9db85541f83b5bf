using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>A run that a visitor asks for.</summary>
internal sealed record NewRun
{
    private const int LongestName = 100;

    // Addresses of the studio.
    private static readonly string[] _taken = ["new", "list"];

    /// <summary>A pipeline of the file.</summary>
    public string Pipeline { get; init; } = "";

    /// <summary>One of the pipeline's presets; empty for the pipeline as it stands.</summary>
    public string Preset { get; init; } = "";

    /// <summary>The name of the run's folder among the runs.</summary>
    public string Name { get; init; } = "";

    /// <summary>The options that differ from the pipeline's: key and value, as --set takes them.</summary>
    public IReadOnlyList<NewRunSetting> Settings { get; init; } = [];

    private IEnumerable<string> Sets =>
        [.. Preset.Length == 0 ? [] : new[] { RunForm.PresetSet(Preset) }, .. Settings.Select(setting => $"{setting.Key}={setting.Value}")];

    /// <summary>What gan is started with.</summary>
    /// <param name="file">The pipelines file; null for the one that gan takes by itself.</param>
    /// <param name="runs">The folder of all runs.</param>
    public IReadOnlyList<string> Arguments(string? file, string runs) =>
    [
        "run", Pipeline, .. file is null ? [] : new[] { "--file", file }, "--out", Path.Combine(runs, Name),
        .. Sets.SelectMany(set => new[] { "--set", set }),
    ];

    /// <summary>Finds what is wrong with it, as gan itself does.</summary>
    /// <param name="file">As for <see cref="Arguments"/>.</param>
    /// <param name="runs">The folder of all runs.</param>
    public IReadOnlyList<FormProblem> Check(string? file, string runs)
    {
        var problems = new List<FormProblem>();
        if (NameProblem(runs) is { } name) problems.Add(new("name", name));
        // No argument of a process can hold all of them.
        problems.AddRange(Settings.Where(setting => setting.Value.Any(char.IsControl))
            .Select(setting => new FormProblem(setting.Key, "A value is one line without control characters.")));
        try
        {
            var options = PipelineFile.Load(PipelineFile.Find(file)).Resolve(Pipeline, [.. Sets]);
            Runner.Check(options, new RunRequest(null, null, false));
        }
        catch (RequestException e)
        {
            if (e.Problems.Count == 0) problems.Add(new("", e.Message));
            for (var i = 0; i < e.Problems.Count; i++) problems.Add(FormProblem.Of(e.Keys.ElementAtOrDefault(i) ?? "", e.Problems[i]));
        }
        return problems;
    }

    private string? NameProblem(string runs)
    {
        if (!IsPlain(Name))
            return $"A run's name has from 1 to {LongestName} letters, digits and . _ = + -, with a letter or digit at both ends.";
        if (_taken.Contains(Name, StringComparer.OrdinalIgnoreCase)) return $"{Name} is the name of a page of the studio. Take another.";
        var folder = new DirectoryInfo(Path.Combine(runs, Name));
        // What a run leaves that failed before it began is no run.
        var isFree = folder.LinkTarget is null && (!Path.Exists(folder.FullName) || (folder.Exists && RunFolder.IsUnused(folder.FullName)));
        return isFree ? null : $"There is a {Path.Combine(runs, Name)} already. Take another name.";
    }

    private static bool IsPlain(string name) => name.Length is > 0 and <= LongestName
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || "._=+-".Contains(c, StringComparison.Ordinal));
}

/// <summary>An option and its value, as --set takes them.</summary>
internal sealed record NewRunSetting(string Key, string Value);

/// <summary>Something wrong with what a visitor asks for.</summary>
/// <param name="Key">The option; "name" for the run's name; empty where it is of none.</param>
/// <param name="Text">What is wrong, and what would be right.</param>
internal sealed record FormProblem(string Key, string Text)
{
    /// <summary>A problem of a key, whose text need not say where it was found: behind the key it says what it is.</summary>
    public static FormProblem Of(string key, string text)
    {
        var at = key.Length == 0 ? -1 : text.IndexOf($"{key}: ", StringComparison.Ordinal);
        return new(key, at < 0 ? text : text[(at + key.Length + 2)..]);
    }
}

/// <summary>What becomes of what a visitor asks for.</summary>
/// <param name="Command">The equal command line.</param>
/// <param name="Problems">What is wrong with it; none where it can be started.</param>
internal sealed record NewRunCheck(string Command, IReadOnlyList<FormProblem> Problems);
