using System.Diagnostics;

namespace GanPipeline.Pipelines;

/// <param name="Until">The last stage to run, or null for all.</param>
/// <param name="From">This stage and all after it run even where nothing changed; null for none.</param>
/// <param name="Force">Every stage runs, and a training starts from its first step.</param>
internal sealed record RunRequest(string? Until, string? From, bool Force)
{
    /// <summary>The stage that trains.</summary>
    public const string Train = "train";

    /// <summary>Whether the request trains. Any other takes the training as it stands.</summary>
    public bool Trains => Until is null or Train;

    /// <summary>Whether the training starts from its first step.</summary>
    public bool TrainsAnew => Force && Trains;

    /// <summary>Whether a stage runs though nothing changed, by itself.</summary>
    public bool Asks(string stage) => stage == From || (Force && (Trains || stage != Train));

    /// <summary>
    /// Whether a stage's result counts without the files that it left: a training's, whose checkpoints were deleted, for what needs only
    /// its models.
    /// </summary>
    public bool NeedsNoFilesOf(RunContext run, string stage) => !Trains && stage == Train && run.Folder.Training.LastStep is null;
}

/// <param name="Ran">Stages that ran, in order.</param>
/// <param name="Skipped">Stages that were still good.</param>
internal sealed record RunOutcome(IReadOnlyList<string> Ran, IReadOnlyList<string> Skipped);

/// <summary>Runs a pipeline's stages in order and leaves out those whose results are still good.</summary>
internal static class Runner
{
    /// <summary>Finds what is wrong with a request before anything is written.</summary>
    public static void Check(PipelineOptions options, RunRequest request)
    {
        var stages = Stages.Of(options);
        foreach (var name in new[] { request.From, request.Until }.OfType<string>())
            if (stages.All(s => s.Name != name)) throw Unknown(name, stages, options.Name);
        var last = stages.TakeWhile(s => s.Name != request.Until).Count();
        var measures = stages.Take(last + 1).Any(s => s is EvaluateStage or PairEvaluateStage) && options.Evaluate.Classifier.Length > 0;
        if (measures && EvaluatorFile.Find(options.Evaluate.Classifier) is var file && !File.Exists(file))
        {
            throw new RequestException($"evaluate.classifier: there is no {file}, in whose features samples are measured. " +
                "A pipeline of kind classifier makes one (gan list); --set evaluate.classifier= leaves measuring out.");
        }
    }

    /// <summary>Checks a request as <see cref="Run"/> does, and measures a few steps of its training. Writes nothing.</summary>
    public static Trial Try(RunContext run, CancellationToken stop)
    {
        CheckStages(run, Stages.Of(run.Options));
        return Trial.Run(run, stop);
    }

    /// <summary>Runs the stages; of several processes, the first one does.</summary>
    public static RunOutcome Run(RunContext run, CancellationToken stop)
    {
        try
        {
            return RunStages(run, stop);
        }
        catch (Exception e) when (run.Call.IsAwaited)
        {
            run.Call.Fail(e);
            throw;
        }
    }

    /// <summary>What a process does that is not the first: trains with it, where it trains, and ends.</summary>
    public static void Assist(RunContext run, CancellationToken stop)
    {
        if (run.Call.Await(() => run.Source(RunRequest.Train))) TrainStage.Assist(run, stop);
    }

    private static RunOutcome RunStages(RunContext run, CancellationToken stop)
    {
        var request = run.Request;
        var started = Stopwatch.GetTimestamp();
        var stages = Stages.Of(run.Options);
        run.Summary.Describe(run.Options.Name, About.Version, run.Options.ToJson());
        run.Display.Begin(run.Options.Name, run.Options.Description, run.Folder.Shown);
        List<string> ran = [], skipped = [];
        Dictionary<string, string> hashes = [];
        var forced = false;
        if (run.Remembered.Count > 0)
            run.Display.Note($"With the settings of before: {string.Join(", ", run.Remembered)}. --set KEY=VALUE changes one.");
        if (!request.Trains) run.TakeTrainingAsItStands();
        CheckStages(run, stages);
        if (request.Trains) RunSettings.Save(run.Folder.Root, run.Options);
        foreach (var stage in stages)
        {
            stop.ThrowIfCancellationRequested();
            forced |= request.Asks(stage.Name);
            var hash = StageHash.Of(
                stage.Name,
                About.Version,
                stage.Depends(run),
                stage.Upstream.Where(hashes.ContainsKey).Select(u => hashes[u]));
            hashes[stage.Name] = hash;
            var withoutFiles = request.NeedsNoFilesOf(run, stage.Name);
            var isGood = !forced && IsGood(run, stage, hash, withoutFiles);
            if (stage.Name == RunRequest.Train) run.Call.Make(trains: !isGood);
            if (isGood)
            {
                run.Display.Skipped(stage.Name, stage.Line(run.Summary.Stage(stage.Name)!));
                skipped.Add(stage.Name);
            }
            else
            {
                if (withoutFiles)
                    throw new RequestException($"{run.Folder.Shown}/train has no checkpoint any more, and was trained with other " +
                        $"settings: gan {request.Until} {run.Folder.Shown} takes its models with those.");
                Do(run, stage, stages, hash, stop);
                ran.Add(stage.Name);
            }
            if (stage.Name == request.Until) break;
        }
        run.Summary.Save();
        run.Display.End(Stopwatch.GetElapsedTime(started).TotalSeconds, Files(run));
        return new RunOutcome(ran, skipped);
    }

    /// <summary>What does not go together is told before the first stage writes anything.</summary>
    private static void CheckStages(RunContext run, IReadOnlyList<Stage> stages)
    {
        if (run.Options.Kind == PipelineOptions.Gan) _ = run.Architecture;
        foreach (var stage in stages.Take(stages.TakeWhile(s => s.Name != run.Request.Until).Count() + 1)) stage.Check(run);
    }

    private static bool IsGood(RunContext run, Stage stage, string hash, bool withoutFiles) =>
        run.Summary.Hash(stage.Name) == hash && (withoutFiles || stage.Outputs(run).All(o => File.Exists(run.Folder[o])));

    private static void Do(RunContext run, Stage stage, IReadOnlyList<Stage> stages, string hash, CancellationToken stop)
    {
        // From here on the old results of this stage, and of all that read them, are no longer claimed.
        HashSet<string> stale = [stage.Name];
        foreach (var s in stages)
            if (s.Upstream.Any(stale.Contains)) stale.Add(s.Name);
        foreach (var name in stale) run.Summary.Remove(name);
        run.Summary.Save();
        run.Display.Stage(stage.Name, () =>
        {
            var started = Stopwatch.GetTimestamp();
            var metrics = stage.Run(run, stop);
            var stored = run.Summary.Set(stage.Name, hash, Stopwatch.GetElapsedTime(started).TotalSeconds, metrics);
            run.Summary.Save();
            return stored;
        }, metrics => (metrics["seconds"]!.GetValue<double>(), stage.Line(metrics)));
    }

    private static List<(string, string)> Files(RunContext run) =>
    [
        .. new[] {
            ("Pictures", "samples/grid.png"),
            ("Evolution", "train/evolution.gif"),
            ("Models", "models"),
            ("Classifier", "classifier"),
            ("Metrics", "summary.json"),
            ("Report", "report.html") }
            .Where(f => Path.Exists(run.Folder[f.Item2])).Select(f => (f.Item1, run.Folder.ShownPath(f.Item2))),
    ];

    private static RequestException Unknown(string name, IReadOnlyList<Stage> stages, string pipeline)
    {
        var names = stages.Select(s => s.Name).ToArray();
        if (name == "evaluate")
            return new RequestException($"{pipeline} names no classifier to measure samples with: --set evaluate.classifier=FOLDER, or " +
                $"write evaluate.classifier in the file.");
        var near = TextFormat.Nearest(name, names) is { } n ? $" Did you mean {n}?" : "";
        return new RequestException($"{pipeline} has no stage \"{TextFormat.Shorten(name)}\".{near} It has {TextFormat.List(names)}.");
    }
}
