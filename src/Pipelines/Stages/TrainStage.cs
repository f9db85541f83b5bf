using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Training;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>Trains the networks, from the first step or from where an earlier run of the same training stopped.</summary>
internal sealed class TrainStage : Stage<TrainMetrics>
{
    public override string Name => "train";

    public override IReadOnlyList<string> Upstream => [];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["train/metrics.jsonl", "train/options.json",
            $"train/checkpoints/{TrainingFolder.StepName(run.TrainedStep)}/checkpoint.json"];

    public override JsonObject Depends(RunContext run)
    {
        var depends = new JsonObject(Identity(run).Options.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value)));
        depends["steps"] = run.Options.Train.Steps;
        // It changes no weights, but which of them are exported.
        depends["evaluate-every"] = run.Options.Train.EvaluateEvery;
        // They decide how far it goes.
        if (run.Options.Train.Patience > 0) depends["patience"] = run.Options.Train.Patience;
        if (run.Options.Train.MaxMinutes > 0) depends["max-minutes"] = run.Options.Train.MaxMinutes;
        return depends;
    }

    public override void Check(RunContext run) => TrainFolder.Check(run, Identity(run), run.Options.Train.Steps);

    protected override TrainMetrics Execute(RunContext run, CancellationToken stop)
    {
        var source = run.Source("train");
        var options = run.Options;
        using var networks = Architectures.Create(run.Architecture, options.Train.Seed);
        var skipped = new SkippedPictures(run, source);
        var observer = new Observer(run, skipped);
        using var evaluator = run.Processes.Together(() =>
            options.Train.EvaluateEvery > 0 && !networks.Translates ? new FrechetEvaluator(run, stop) : null);
        var pairs = run.Processes.Together(() =>
            options.Train.EvaluateEvery > 0 && networks.Translates ? new PairEvaluator(run, stop) : null);
        using var probe = run.Processes.Together(() =>
            options.Train.DiagnoseEvery > 0 && !networks.Translates ? GeneratorProbe.Open(run, stop) : null);
        var trainer = run.Processes.Together(() => Trainer(run, networks, observer, (IGeneratorEvaluator?)evaluator ?? pairs, probe));
        TrainFolder.Prepare(run);
        LeftOutFiles.Tell(run, source);
        run.Summary.Version("libtorch", TorchSharp.torch.__version__);
        var result = trainer.Run(stop);
        // The stages after this one are the first process's alone.
        run.Processes.Dispose();
        skipped.Finish();
        if (!result.Finished)
            throw new WorkException($"Stopped after {TextFormat.Count(result.Step)} of {TextFormat.Count(options.Train.Steps)} steps. " +
                $"The same command goes on from there, and so does gan resume {run.Folder.Shown}.");
        if (result.EndedBy is { } why)
            run.Display.Note($"Ended after {TextFormat.Count(result.Step)} of {TextFormat.Count(options.Train.Steps)} steps: {why}.");
        return MetricsOf(run, source, result, observer);
    }

    /// <summary>In a process that is not the first: trains as it does, and leaves the rest to it.</summary>
    public static void Assist(RunContext run, CancellationToken stop)
    {
        // The evaluators' and the probe's places: what the first process alone has.
        run.Processes.Together(() => true);
        run.Processes.Together(() => true);
        run.Processes.Together(() => true);
        using var networks = run.Processes.Together(() => Architectures.Create(run.Architecture, run.Options.Train.Seed));
        Trainer(run, networks, observer: null, evaluator: null, probe: null).Run(stop);
        run.Processes.Dispose();
    }

    protected override string Describe(TrainMetrics m) =>
        $"{TextFormat.Count(m.Steps, "step")}, {TextFormat.Count((long)m.ImagesPerSecond)} images/s" +
        (double.IsFinite(m.DiscriminatorLoss) && double.IsFinite(m.GeneratorLoss)
            ? $", loss D {TextFormat.Number(m.DiscriminatorLoss)}, G {TextFormat.Number(m.GeneratorLoss)}"
            : "");

    private static TrainingIdentity Identity(RunContext run)
    {
        var training = Adapters.Training(run.Options, run.Folder.Train, run.Labels);
        try { return Training.Trainer.Identity(run.Architecture, training, run.Source("train"), run.Texts); }
        catch (CheckpointException e) { throw new RequestException($"train.from: {e.Message}", e); }
    }

    /// <summary>Options that do not go with each other, the networks or the data are the request's mistake.</summary>
    private static Trainer Trainer(
        RunContext run, GanNetworks networks, Observer? observer, IGeneratorEvaluator? evaluator, GeneratorProbe? probe)
    {
        try { return new Trainer(
            networks,
            run.Source("train"),
            Adapters.Training(run.Options, run.Folder.Train, run.Labels),
            observer,
            evaluator,
            run.Processes,
            run.Texts)
            {
                Probe = probe,
                HeldOut = probe is null && (!networks.Translates || observer is null) ? null : GeneratorProbe.HeldOut(run),
            }; }
        catch (Exception e) when (e is ArgumentException or DataSetException)
        { throw new RequestException($"{run.Options.Name}: this training cannot run: {e.Message}", e); }
    }

    private static TrainMetrics MetricsOf(RunContext run, IImageSource source, TrainingResult result, Observer observer)
    {
        // A training that was already complete has no interval of its own; its log has.
        var lines = run.Folder.Training.ReadMetrics<GanMetrics>();
        var last = lines is [.., var end] ? end : null;
        return new TrainMetrics
        {
            Seconds = result.Elapsed.TotalSeconds,
            Steps = result.Step,
            EndedBy = result.EndedBy,
            ResumedFrom = observer.ResumedFrom,
            Device = result.Device,
            Precision = OptionMember.KeyOf(result.Precision.ToString()),
            Threads = result.Threads,
            Processes = result.Processes > 1 ? result.Processes : null,
            Images = source.Count,
            SkippedImages = source.Skipped,
            Parameters = new(observer.Generator?.Total, observer.Discriminator?.Total),
            ImagesPerSecond = result.ImagesPerSecond > 0 ? result.ImagesPerSecond : last?.ImagesPerSecond ?? 0,
            DiscriminatorLoss = last?.DiscriminatorLoss ?? double.NaN,
            GeneratorLoss = last?.GeneratorLoss ?? double.NaN,
            RealAccuracy = last?.RealAccuracy ?? double.NaN,
            GeneratedAccuracy = last?.GeneratedAccuracy ?? double.NaN,
            Planned = Checkpoint.ReadInfo(result.Checkpoint).Planned is { Count: > 1 } planned ? planned : null,
            Conditions = [.. Diagnosis.Of(run.Options.Objective.Loss, lines)
                .Select(span => new TrainingConditionMetrics(span.Condition.Key(), span.From, span.To))],
            Best = result.Best is not { } best ? null
                : run.Architecture.Translates ? new(best.Step, null, best.Metric) : new(best.Step, best.Metric),
            Checkpoint = Path.GetRelativePath(run.Folder.Root, result.Checkpoint),
        };
    }

    /// <summary>Passes the trainer's events to the display and the log.</summary>
    private sealed class Observer(RunContext run, SkippedPictures skipped) : ITrainingObserver
    {
        public long? ResumedFrom { get; private set; }
        public ParameterCount? Generator { get; private set; }
        public ParameterCount? Discriminator { get; private set; }

        public void Started(TrainingStarted e)
        {
            (Generator, Discriminator) = (e.Generator, e.Discriminator);
            run.Logger.LogInformation(
                "Training on {Device}, {Processes} x {Threads} threads ({Why}), in {Precision} ({Reason}): {Images} images, " +
                "steps {First} to {Steps}.",
                e.Device,
                e.Processes,
                e.Threads,
                e.ThreadsReason,
                OptionMember.KeyOf(e.Precision.ToString()),
                e.PrecisionReason,
                e.Images,
                e.FirstStep,
                e.Steps);
            if (e.Precision != TrainingPrecision.Float32)
                run.Display.Note($"Computes in {OptionMember.KeyOf(e.Precision.ToString())}: {e.PrecisionReason}.");
            if (e.Processes > 1)
                run.Display.Note($"{e.Processes} processes train together over {run.Processes.Library}, each with " +
                    $"{TextFormat.Count(e.Threads, "thread")} and {run.Options.Train.BatchSize / e.Processes} images of a batch.");
            else if (e.Threads < Environment.ProcessorCount && run.Options.Train.Threads is null)
                run.Display.Note($"Computes with {e.Threads} threads: {e.ThreadsReason}.");
            if (e.ResumedFrom is null) return;
            ResumedFrom = e.FirstStep;
            run.Display.Note(e.FirstStep >= e.Steps
                ? $"All {TextFormat.Count(e.Steps)} steps are done already."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Goes on from step {TextFormat.Count(e.FirstStep)} of {TextFormat.Count(e.Steps)}, where an earlier run stopped."));
        }

        public void Progress(TrainingProgress p)
        {
            skipped.Tell();
            run.Display.Training(new(p.Step, p.Steps, p.ImagesPerSecond, p.DiscriminatorLoss, p.GeneratorLoss, p.RealAccuracy,
                p.GeneratedAccuracy, p.Remaining.TotalSeconds));
        }

        public void Evaluated(TrainingEvaluated e)
        {
            if (!e.IsBest) return;
            var metric = run.Architecture.Translates ? "L1" : "Frechet distance";
            run.Display.Note($"{metric} {TextFormat.Number(e.Metric)} after {TextFormat.Count(e.Step, "step")}, the best so far.");
        }

        public void Diagnosed(TrainingDiagnosed e)
        {
            var at = $"Step {TextFormat.Count(e.Step)}, {e.Condition.Name()}";
            run.Display.Note(e.Begins
                ? $"{at}: {e.Condition.Meaning()} What helps: {string.Join("; ", e.Condition.Remedies())}."
                : $"{at}: over.");
        }

        public void Warned(string message) => run.Logger.LogWarning("{Message}", message);
    }
}
