using GanPipeline.Evaluation;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Distances of a training's checkpoints to test pictures, the averaged generator's where there is one.</summary>
/// <param name="Classifier">The file whose features they are taken in.</param>
/// <param name="Samples">Samples of each, and test pictures, at most.</param>
/// <param name="Checkpoints">By step.</param>
/// <param name="Notes">Checkpoints that could not be read, and why.</param>
internal sealed record CheckpointMetrics(
    string Classifier, int Samples, IReadOnlyList<CheckpointDistance> Checkpoints, IReadOnlyList<string> Notes);

/// <summary>One checkpoint.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="IsBest">Whether it is one of the best generators that were kept, and not a checkpoint that training goes on from.</param>
/// <param name="IsAveraged">Whether its generator is the averaged one.</param>
/// <param name="Frechet">The Frechet distance and its standard error.</param>
/// <param name="Kernel">The kernel distance; null where there are too few pictures.</param>
internal sealed record CheckpointDistance(long Step, bool IsBest, bool IsAveraged, Measured Frechet, KernelDistance? Kernel);

/// <summary>
/// Measures every checkpoint that a training keeps. Nothing in the training's folder is changed, and no lock is taken, so that a training
/// in progress goes on undisturbed; a checkpoint that it deletes meanwhile is left out.
/// </summary>
internal static class CheckpointCurve
{
    private const int Batch = 128;

    /// <summary>Whether a checkpoint lies in best/, its folder; by step.</summary>
    public static IReadOnlyList<(bool IsBest, string Path)> Find(TrainingFolder training) =>
    [
        .. new[] { (IsBest: false, Folder: training.Checkpoints), (IsBest: true, Folder: training.Best) }
            .Where(kind => Directory.Exists(kind.Folder))
            .SelectMany(kind => Directory.GetDirectories(kind.Folder).Select(path => (kind.IsBest, Path: path)))
            .Where(checkpoint => TrainingFolder.StepOf(checkpoint.Path) is not null && !Path.HasExtension(checkpoint.Path))
            .OrderBy(checkpoint => TrainingFolder.StepOf(checkpoint.Path)).ThenBy(checkpoint => checkpoint.IsBest),
    ];

    /// <summary>Measures them.</summary>
    /// <param name="run">The run, whose folder is only read.</param>
    /// <param name="count">Samples of each checkpoint.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="RequestException">The run keeps no checkpoint, or names no classifier.</exception>
    public static CheckpointMetrics Measure(RunContext run, int count, CancellationToken stop)
    {
        if (run.Options.Architecture.Translates)
            throw new RequestException($"{run.Options.Name} makes images of images: its checkpoints are measured while it trains " +
                "(train.evaluate-every), by the difference from the targets.");
        var checkpoints = Find(run.Folder.Training);
        if (checkpoints.Count == 0)
            throw new RequestException($"{run.Folder.Shown} has no checkpoints: a training of gan train {run.Options.Name} makes them.");
        if (run.Options.Evaluate.Classifier.Length == 0)
            throw new RequestException($"{run.Options.Name} names no classifier to measure samples with: --set " +
                "evaluate.classifier=FOLDER does.");
        var test = run.Source("test");
        using var evaluator = EvaluatorFile.Open(run, test.Shape.Channels);
        var reference = evaluator.Extract(test.ReadBatches(count, Batch, stop).Select(read => read.Images),
            progress: done => run.Display.Progress("test images", done, Math.Min(count, test.Count)), cancellationToken: stop);
        if (reference.Statistics.Count < 2)
            throw new RequestException($"{test.Name} has {TextFormat.Count(reference.Statistics.Count, "test picture")}; 2 are needed.");
        var scratch = Directory.CreateTempSubdirectory("gan-checkpoints-");
        List<CheckpointDistance> found = [];
        List<string> notes = [];
        try
        {
            foreach (var (isBest, path) in checkpoints)
            {
                stop.ThrowIfCancellationRequested();
                try
                {
                    found.Add(OfCheckpoint(path, isBest));
                }
                catch (CheckpointException e)
                {
                    notes.Add($"Left out: {(Directory.Exists(path) ? e.Message : $"{path} is there no more.")}");
                }
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
        return new(EvaluatorFile.Find(run.Options.Evaluate.Classifier), count, found, notes);

        CheckpointDistance OfCheckpoint(string path, bool isBest)
        {
            // Samples are made as those of the run are, from an ONNX file, so that the figures are those of the evaluate stage.
            var file = Path.Combine(scratch.FullName, "generator.onnx");
            var info = Checkpoint.ReadInfo(path);
            using (var networks = Checkpoint.LoadNetworks(path)) ModelFiles.ExportGenerator(run, networks, file);
            using var generator = GeneratorModel.Load(file, new ModelOptions { BatchSize = Batch });
            var seed = run.Options.Evaluate.Seed;
            var what = $"step {TextFormat.Count(info.Step)}";
            var samples = evaluator.Extract(generator.SampleBatches(count, seed, reuse: true, cancellationToken: stop),
                progress: done => run.Display.Progress(what, done, count), cancellationToken: stop);
            var (distance, error) = reference.FrechetWithError(samples);
            // The best ones are kept with the averaged weights in the place of their own.
            var averaged = info.Averaged || (isBest && run.Options.Train.AverageDecay > 0);
            return new(info.Step, isBest, averaged, new(distance, error), reference.KernelDistance(samples, seed, stop));
        }
    }
}
