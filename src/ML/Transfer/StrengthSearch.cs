using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.ML;

/// <summary>
/// Trains linear classifiers of several regularisations on a part of the training rows, compares them on the rest, and trains the best one
/// on all. The test set is never seen. Features are brought to mean 0 and variance 1 first, by the statistics of the rows trained on.
/// </summary>
/// <param name="options">Trainer and strengths.</param>
/// <param name="seed">Decides which rows are held out.</param>
/// <param name="threads">Threads of a training.</param>
/// <param name="inMemory">
/// Whether the rows may be copied into memory. Without that each pass reads and normalises them again, and logistic regression takes one
/// thread: on several, ML.NET copies the rows.
/// </param>
/// <param name="trained">Is told after each training how many are done, and of how many so far: the search may go on beyond the
/// grid.</param>
/// <param name="stop">Ends the work, also in the midst of a training.</param>
internal sealed class StrengthSearch(
    TransferOptions options, int seed, int threads, bool inMemory, Action<int, int>? trained, CancellationToken stop)
{
    /// <summary>How often the search goes on beyond an end of the grid at most.</summary>
    private const int Extensions = 4;

    /// <summary>
    /// Fewer rows held out than this tell accuracies apart too coarsely: of 200, a picture is half a percent, and the spread of chance
    /// several. There the log-loss decides, to which every row adds.
    /// </summary>
    private const int AccurateFrom = 2000;

    /// <summary>Platt's calibration has two parameters for each class.</summary>
    private const int CalibrationRows = 10_000;

    private const string Features = FeatureTable.FeaturesColumn, Label = FeatureTable.LabelColumn;

    private readonly MLContext _ml = new(seed);

    private int RegressionThreads => inMemory ? threads : 1;

    public LinearFit Run(FeatureTable table, IReadOnlyList<int> rows)
    {
        var (train, validation) = LabelledDraws.HoldOut(rows, table.Labels, options.ValidationShare, seed);
        var byLoss = IsByLoss(options.Trainer, validation.Length);
        var trials = Compare(table, train, validation, byLoss);
        var best = Best(trials, byLoss);
        stop.ThrowIfCancellationRequested();
        var all = Normalize(table, [.. rows.Order()]);
        var fit = new LinearFit(all.Normalizer, Train(all, best.Strength, null).Model, best.Strength, trials);
        trained?.Invoke(trials.Length + 1, trials.Length + 1);
        return fit;
    }

    // The rows that it holds in memory are free when it returns.
    private StrengthTrial[] Compare(FeatureTable table, int[] train, int[] validation, bool byLoss)
    {
        var part = Normalize(table, train);
        var held = part.Normalizer.Transform(table.Select(validation));
        var trials = new SortedDictionary<double, StrengthTrial>();
        MaximumEntropyModelParameters? near = null;
        var grid = options.StrengthsInUse;
        // From the strongest on: each solution is near the next one's, and starts it.
        foreach (var strength in grid.Reverse()) Try(strength);
        for (var i = 0; i < Extensions && Beyond(trials, grid, byLoss) is { } next; i++) Try(next);
        return [.. trials.Values];

        void Try(double strength)
        {
            stop.ThrowIfCancellationRequested();
            (var model, near) = Train(part, strength, near);
            var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(held), labelColumnName: Label);
            trials[strength] = new StrengthTrial(strength, metrics.MicroAccuracy, metrics.LogLoss);
            trained?.Invoke(trials.Count, Math.Max(grid.Count, trials.Count) + 1);
        }
    }

    /// <summary>
    /// Whether few held-out rows make the log-loss decide. Of support vector machines it never does: their scores are no probabilities,
    /// and the weakest, whose scores are near each other, would have the least of it.
    /// </summary>
    internal static bool IsByLoss(LinearTrainer trainer, int heldOut) =>
        trainer == LinearTrainer.LogisticRegression && heldOut < AccurateFrom;

    /// <summary>The most accurate, or the one of the least log-loss; among equals the other measure decides, then the strength.</summary>
    internal static StrengthTrial Best(IEnumerable<StrengthTrial> trials, bool byLoss) => trials
        .OrderBy(t => byLoss ? t.LogLoss : -t.Accuracy).ThenBy(t => byLoss ? -t.Accuracy : t.LogLoss).ThenByDescending(t => t.Strength)
        .First();

    /// <summary>The next strength to try where the best one stands at an end of those tried; null where it does not.</summary>
    internal static double? Beyond(SortedDictionary<double, StrengthTrial> trials, IReadOnlyList<double> grid, bool byLoss)
    {
        double[] tried = [.. trials.Keys];
        var best = Best(trials.Values, byLoss).Strength;
        // A grid of one is a choice, not a search.
        if (grid.Count < 2) return null;
        if (best == tried[0]) return tried[0] * (grid[0] / grid[1]);
        return best == tried[^1] ? tried[^1] * (grid[^1] / grid[^2]) : null;
    }

    private (ITransformer Model, MaximumEntropyModelParameters? Parameters) Train(Normalized rows, double strength,
        MaximumEntropyModelParameters? start)
    {
        if (options.Trainer == LinearTrainer.LinearSvm) return (Stoppable(() => VectorMachines(rows, strength)), null);
        var regression = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = Features,
            LabelColumnName = Label,
            L1Regularization = 0,
            L2Regularization = (float)strength,
            MaximumNumberOfIterations = options.MaximumIterations,
            OptimizationTolerance = (float)options.Tolerance,
            NumberOfThreads = RegressionThreads,
        });
        var fitted = Stoppable(() => start is null ? regression.Fit(rows.Data) : regression.Fit(rows.Data, start));
        return (fitted, fitted.Model);
    }

    /// <summary>A support vector machine for each class, each on one thread; their scores are calibrated on some of the rows.</summary>
    private MulticlassPredictionTransformer<OneVersusAllModelParameters> VectorMachines(Normalized rows, double strength)
    {
        var labels = ((KeyDataViewType)rows.Data.Schema[Label].Type).Count;
        var machines = new BinaryPredictionTransformer<LinearBinaryModelParameters>[labels];
        Parallel.For(0, machines.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            label => machines[label] = Trainer().Fit(new OneClassView(rows.Data, label)));
        var trained = new TrainedByClass(Trainer(), machines, [.. rows.Some.GetColumn<uint>(Label)]);
        return _ml.MulticlassClassification.Trainers.OneVersusAll(trained, Label).Fit(rows.Some);

        // Of a context of its own: what it draws is the same in whatever order trainings begin.
        LinearSvmTrainer Trainer() => new MLContext(seed).BinaryClassification.Trainers.LinearSvm(new LinearSvmTrainer.Options
        {
            FeatureColumnName = Features,
            LabelColumnName = Label,
            Lambda = (float)strength,
            NumberOfIterations = options.MaximumIterations,
        });
    }

    /// <summary>Waits for a training, and leaves it where the work is to end: a trainer of ML.NET cannot be told to.</summary>
    /// <remarks>
    /// It goes on by itself then, in a thread that keeps no process alive, until it is done or reads of the table, which is closed.
    /// </remarks>
    private T Stoppable<T>(Func<T> training) =>
        Task.Factory.StartNew(training, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(stop).GetAwaiter().GetResult();

    /// <summary>Rows at mean 0 and variance 1.</summary>
    private Normalized Normalize(FeatureTable table, int[] rows)
    {
        var view = table.Select(rows);
        var normalizer = _ml.Transforms.NormalizeMeanVariance(Features, fixZero: false).Fit(view);
        var data = normalizer.Transform(view);
        // Support vector machines pass over the rows for each class. Logistic regression on several threads copies them by itself.
        var cached = inMemory && (options.Trainer == LinearTrainer.LinearSvm || RegressionThreads == 1);
        var shuffled = rows.ToArray();
        new Random(seed).Shuffle(shuffled);
        // With one of each class at least.
        var some = shuffled.Take(CalibrationRows).Union(rows.DistinctBy(row => table.Labels[row])).Order();
        return new Normalized(
            normalizer, cached ? _ml.Data.Cache(data, Features, Label) : data, normalizer.Transform(table.Select([.. some])));
    }

    /// <summary>Normalised rows.</summary>
    /// <param name="Normalizer">What normalised them.</param>
    /// <param name="Data">The rows.</param>
    /// <param name="Some">Enough of them to calibrate scores on, chosen at random.</param>
    private sealed record Normalized(ITransformer Normalizer, IDataView Data, IDataView Some);
}
