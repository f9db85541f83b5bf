using System.Text.Json;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>The runs of a folder, a folder each, as they are on disk. Nothing is written or locked: trainings may go on in them.</summary>
/// <param name="folder">The folder of all runs; it need not exist.</param>
/// <param name="started">The processes of some of them.</param>
internal sealed class RunCatalog(string folder, StartedRuns started)
{
    private const int MostPoints = 500, TailBytes = 8192;

    // A run writes a line every few seconds, or a checkpoint at least.
    private static readonly TimeSpan _activeTime = TimeSpan.FromMinutes(2);

    // What is written later than that after a process's end is another one's.
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(2);

    private static readonly string[] _curves =
    [
        "smoothedDiscriminatorLoss", "smoothedGeneratorLoss", "loss", "accuracy", "metric",
    ];

    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;

    /// <summary>All runs, the one that changed last first.</summary>
    public IReadOnlyList<RunFacts> List() =>
    [
        .. Names().Select(name => Facts(name, new RunFolder(Path.Combine(Folder, name), name))).OrderByDescending(run => run.Changed),
    ];

    /// <summary>The folder of a run.</summary>
    /// <returns>Null where there is no run of that name.</returns>
    public RunFolder? Find(string name) => Names().Contains(name) ? new RunFolder(Path.Combine(Folder, name), name) : null;

    /// <summary>What a run's page shows.</summary>
    public RunState State(RunFolder run)
    {
        var lines = Lines(run.Training.Metrics);
        // The last one is always among them.
        var every = (lines.Count + MostPoints - 1) / MostPoints;
        var shown = lines.Where((_, i) => (lines.Count - 1 - i) % Math.Max(every, 1) == 0).ToArray();
        // Metrics are measured so seldom that none may be left out.
        var measured = lines.Where(line => Number(line, "metric") is not null);
        var curves = _curves.ToDictionary(key => key, key => (key == "metric" ? measured : shown)
            .Select(line => (Step: Number(line, "step"), Value: Number(line, key)))
            .Where(point => point.Step is not null && point.Value is not null)
            .Select(point => new[] { point.Step!.Value, point.Value!.Value }).ToArray());
        var facts = Facts(run.Shown, run);
        return new(
            facts,
            curves.Where(curve => curve.Value.Length > 0).ToDictionary(),
            [.. run.Training.SampleGrids().Select(grid => grid.Step)],
            File.Exists(run.Report),
            Log(run))
        {
            Errors = facts.Phase == RunPhase.Failed ? started.Find(run.Shown)?.Errors ?? [] : [],
            CanResume = !facts.IsActive && Options(run.Root) is { } options && !IsDone(run, options),
        };
    }

    private IReadOnlyList<string> Names()
    {
        string[] folders = !Directory.Exists(Folder) ? [] :
        [
            .. new DirectoryInfo(Folder).EnumerateDirectories()
                // A link may lead out of the folder.
                .Where(run => run.LinkTarget is null && RunSettings.Exist(run.FullName)).Select(run => run.Name),
        ];
        return [.. folders.Union(started.Names.Where(name => new DirectoryInfo(Path.Combine(Folder, name)).LinkTarget is null))];
    }

    private RunFacts Facts(string name, RunFolder run)
    {
        var last = LastLine(run.Training.Metrics);
        var options = Options(run.Root);
        long? steps = options?.Kind == PipelineOptions.Gan ? options.Train.Steps : null;
        string[] files = [run.Training.Metrics, run.Log, run.Summary, Path.Combine(run.Root, RunSettings.Name)];
        var process = started.Find(name);
        var changed = files.Select(File.GetLastWriteTimeUtc).Append(process?.StartTime ?? default).Max();
        var phase = process?.EndTime is { } end && changed > end + _clockTolerance ? null : process?.Phase;
        var step = last is null ? null : Number(last, "step");
        var seconds = last is null ? null : Number(last, "seconds");
        var isActive = phase is null ? DateTime.UtcNow - changed < _activeTime : phase <= RunPhase.Stopping;
        return new()
        {
            Name = name,
            Pipeline = options?.Name,
            Step = (long?)step,
            Steps = steps,
            Seconds = seconds,
            SecondsLeft = isActive && step is > 0 && seconds is not null && steps > step ? seconds / step * (steps - step) : null,
            Phase = phase,
            IsActive = isActive,
            Changed = changed,
            Conditions = last?["conditions"] is JsonArray conditions ? [.. conditions.Select(c => c?.ToString() ?? "")] : [],
            LastSample = run.Training.SampleGrids() is [.., var grid] ? grid.Step : null,
        };
    }

    /// <summary>A run's pipeline as it was last run; null where its settings do not say.</summary>
    private static PipelineOptions? Options(string run)
    {
        try { return RunSettings.Load(run)?.Resolve([], runs: false); }
        catch (Exception e) when (e is RequestException or WorkException or IOException or JsonException)
        {
            // Of another version, or being written.
            return null;
        }
    }

    private static bool IsDone(RunFolder run, PipelineOptions options)
    {
        var summary = Summary.Load(run.Summary);
        return Stages.Of(options).All(stage => summary.Stage(stage.Name) is not null);
    }

    private static IReadOnlyList<string> Log(RunFolder run)
    {
        const int Most = 12;
        return File.Exists(run.Log) ? [.. Tail(run.Log).TakeLast(Most)] : [];
    }

    private static double? Number(JsonObject line, string key) =>
        line[key] is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : null;

    private static List<JsonObject> Lines(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = Open(path);
        using var reader = new StreamReader(stream);
        var lines = new List<JsonObject>();
        while (reader.ReadLine() is { } line)
            if (Parse(line) is { } parsed) lines.Add(parsed);
        return lines;
    }

    private static JsonObject? LastLine(string path) =>
        File.Exists(path) ? Tail(path).Select(Parse).LastOrDefault(line => line is not null) : null;

    private static IEnumerable<string> Tail(string path)
    {
        using var stream = Open(path);
        stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        // Its beginning may be the middle of a line.
        if (stream.Length > TailBytes) reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A line of metrics; null where it is not whole yet.</summary>
    private static JsonObject? Parse(string line)
    {
        try { return JsonNode.Parse(line) as JsonObject; }
        catch (JsonException) { return null; }
    }
}
