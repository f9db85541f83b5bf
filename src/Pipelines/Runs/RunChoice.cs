namespace GanPipeline.Pipelines;

/// <summary>Which run a command means, and its settings: those that its folder remembers, with --set over them.</summary>
/// <param name="Options">The pipeline as it runs.</param>
/// <param name="Folder">The run's folder, as the user would type it.</param>
/// <param name="Remembered">The --set values of earlier commands that count again, as --set takes them.</param>
internal sealed record RunChoice(PipelineOptions Options, string Folder, IReadOnlyList<string> Remembered)
{
    /// <summary>Finds the run of a pipeline's name or of a run's folder.</summary>
    /// <param name="name">A pipeline of the file, or a run's folder; null for the file's first pipeline.</param>
    /// <param name="file">The pipelines file.</param>
    /// <param name="output">The run's folder where a pipeline is named; null for the usual one.</param>
    /// <param name="sets">What --set says.</param>
    /// <param name="runs">Whether it is to run: its data must be where it says.</param>
    /// <exception cref="RequestException">There is no such pipeline or run, or a value is wrong.</exception>
    public static RunChoice Of(string? name, Func<string> file, string? output, IReadOnlyList<string> sets,
        bool runs = true)
    {
        if (name is not null && IsFolder(name)) return OfFolder(name, output, sets, runs);
        var pipelines = PipelineFile.Load(file());
        if (name is not null && !pipelines.Has(name) && Directory.Exists(name)) return OfFolder(name, output, sets, runs);
        var pipeline = name ?? pipelines.Pipelines.First().Name;
        var folder = output ?? Usual(pipeline);
        return pipelines.Has(pipeline) && RunSettings.Load(folder) is { } settings && settings.Pipeline == pipeline
            ? new(settings.Resolve(pipelines, sets, runs), folder, settings.Remembered(sets))
            : new(pipelines.Resolve(name, sets, runs: runs), folder, []);
    }

    /// <summary>The run in a folder.</summary>
    /// <exception cref="RequestException">It is no run's folder, or a value is wrong.</exception>
    public static RunChoice OfFolder(string folder, string? output, IReadOnlyList<string> sets, bool runs = true)
    {
        if (output is not null)
            throw new RequestException($"{folder} is a run's folder already: --out goes with a pipeline's name.");
        if (!Directory.Exists(folder) && Directory.Exists(Usual(folder))) folder = Usual(folder);
        if (!Directory.Exists(folder))
            throw new RequestException($"There is no folder {folder}. Name a run's folder, as runs/PIPELINE is.");
        var settings = RunSettings.Load(folder)
            ?? throw new RequestException($"{folder} is not a run's folder: there is no settings.json in it.");
        return new(settings.Resolve(sets, runs), folder, []);
    }

    /// <summary>Where a pipeline's run lies unless --out says otherwise.</summary>
    private static string Usual(string pipeline) => Path.Combine("runs", pipeline);

    /// <summary>A name that is written as a path is one.</summary>
    private static bool IsFolder(string name) => name is "." or ".." || name.AsSpan().ContainsAny(['/', Path.DirectorySeparatorChar]);
}
