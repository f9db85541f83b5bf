using System.Runtime.ExceptionServices;
using GanPipeline.Data;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// The transfer experiment of Radford, Metz and Chintala 2016, sections 5.1 and 5.2: how well a linear classifier tells images apart by
/// the features of a network that was trained without labels, beside the same classifier, found by the same search, on other
/// representations.
/// </summary>
/// <param name="options">Classifier and search.</param>
/// <param name="progress">Is told the representation's name, how much of it is done, and of how much: after each draw, or, where one
/// classifier is trained on all labels, after each training of its search.</param>
public sealed class TransferExperiment(TransferOptions options, Action<string, int, int>? progress = null)
{
    private readonly TransferOptions _options = options.Checked();

    /// <summary>Runs it.</summary>
    /// <param name="features">What is examined.</param>
    /// <param name="controls">What it is compared with.</param>
    /// <param name="draws">Indices of training images, as <see cref="LabelledDraws.Draw"/> gives them; null trains one classifier on all
    /// labelled images.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="DataSetException">No labels, a class of one image, tables of different images.</exception>
    public TransferResult Run(Representation features, IReadOnlyList<Representation> controls, IReadOnlyList<int[]>? draws,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(controls);
        if (draws is { Count: < 2 })
            throw new ArgumentException($"An interval over draws needs at least 2 of them; {draws.Count} given.", nameof(draws));
        var main = Classify(features, draws, stop);
        var others = controls.Select(c => Classify(c, draws, stop) with { Classifier = null }).ToArray();
        foreach (var other in others)
            if (!other.Actual.SequenceEqual(main.Actual))
                throw new DataSetException($"The tables '{features.Name}' and '{other.Name}' hold other test images: no comparison.");
        return new TransferResult(main.Summarize(null), [.. others.Select(o => o.Summarize(main))], main.Classifier!);
    }

    private Outcome Classify(Representation representation, IReadOnlyList<int[]>? draws, CancellationToken stop)
    {
        using var train = representation.Train();
        using var test = representation.Test();
        if (train.Columns != test.Columns)
            throw new DataSetException($"Training images of '{representation.Name}' have {train.Columns} values, others {test.Columns}.");
        var subsets = draws is null ? [Labelled(train)] : Rows(train, draws);
        foreach (var subset in subsets)
            LabelledDraws.RequireTwo(LabelledDraws.Rows([.. subset.Select(r => train.Labels[r])], train.Info.Classes.Count),
                train.Info.Classes, train.Info.DataSet);
        var examined = Labelled(test);
        if (examined.Length == 0) throw new DataSetException($"No test image of {test.Info.DataSet} has a label to compare with.");

        var fits = new LinearFit[subsets.Length];
        var predicted = new int[subsets.Length][];
        var processors = _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount;
        // Draws side by side first; what is left of the threads goes to each.
        var sideBySide = Math.Min(processors, subsets.Length);
        var inMemory = TrainingMemory.Holds(sideBySide * subsets.Max(s => s.LongLength) * train.Columns * sizeof(float), train, test);
        var each = processors / sideBySide;
        var done = 0;
        try
        {
            Parallel.For(0, subsets.Length, new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = stop }, i =>
            {
                fits[i] = new StrengthSearch(_options, LabelledDraws.HashCode(_options.Seed, i), each, inMemory,
                    draws is null ? Trained : null, stop).Run(train, subsets[i]);
                predicted[i] = Predict(fits[i], test, examined);
                if (draws is not null) progress?.Invoke(representation.Name, Interlocked.Increment(ref done), subsets.Length);
            });
        }
        catch (AggregateException e)
        {
            // What stopped one draw stops them all; one of them says it.
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
        return new Outcome(representation.Name, train.Columns, train.Info.Classes.Count, [.. examined.Select(r => test.Labels[r])],
            predicted, [.. fits.Select(f => (f.Strength, f.Trials))], fits[0]);

        void Trained(int count, int known) => progress?.Invoke(representation.Name, count, known);
    }

    private static int[] Predict(LinearFit fit, FeatureTable test, int[] rows)
    {
        var scored = fit.Classifier.Transform(fit.Normalizer.Transform(test.Select(rows)));
        return [.. scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1)];
    }

    private static int[] Labelled(FeatureTable table) => [.. Enumerable.Range(0, table.Count).Where(r => table.Labels[r] >= 0)];

    /// <summary>The rows of the draws' images.</summary>
    private static int[][] Rows(FeatureTable table, IReadOnlyList<int[]> draws)
    {
        var rows = new Dictionary<int, int>();
        for (var row = 0; row < table.Count; row++) rows[table.Images[row]] = row;
        return [.. draws.Select(draw => draw.Select(image => rows.TryGetValue(image, out var row) ? row
            : throw new DataSetException($"The table '{table.Folder}' has no row for image {image}, which was drawn.")).ToArray())];
    }
}
