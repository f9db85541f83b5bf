using GanPipeline.Data;

namespace GanPipeline.ML.Tests;

/// <summary>
/// Pictures of three classes that a linear classifier tells apart, clean ones in the place of good features, noisy ones in that of
/// bad ones.
/// </summary>
public sealed class TransferExperimentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The pictures of a class differ by noise alone; with the larger noise some are mistaken.
    private Representation Pixels(string name, double noise, Func<int, int>? testLabels = null, long memory = 1 << 24)
    {
        var options = new FeatureTableOptions { MemoryBytes = memory };
        return new Representation(name,
            () => FeatureTables.Make(_folder[name + "-train"], new ShapesSource(240, noise: noise), null, null, options),
            () => FeatureTables.Make(_folder[name + "-test"], new ShapesSource(300, seed: 1, noise: noise) { Labels = testLabels }, null,
                null, options));
    }

    private static readonly TransferOptions _quick = new() { Strengths = [0.1, 1, 10], MaximumIterations = 30, Threads = 2 };

    private static IReadOnlyList<int[]> Draws() => LabelledDraws.Draw(new ShapesSource(240), 8, 5, 0);

    [Fact]
    public void With_all_labels_the_intervals_are_of_the_test_images()
    {
        var told = new List<(string Name, int Done, int Of)>();
        var result = new TransferExperiment(_quick, (name, done, of) => told.Add((name, done, of)))
            .Run(Pixels("clean", 60), [Pixels("noisy", 200)], null);
        var own = result.Features;
        // Each strength tried, and the training on all rows that comes last.
        var trained = own.Draws.Single().Trials.Count + 1;
        Assert.Equal(Enumerable.Range(1, trained), told.Where(t => t.Name == "clean").Select(t => t.Done));
        Assert.All(told.Where(t => t.Name == "clean"), t => Assert.InRange(t.Of, Math.Max(t.Done, 4), trained));
        Assert.Single(own.Draws);
        Assert.InRange(own.Accuracy.Value, 0.97, 1);
        Assert.Equal(Interval.Wilson((long)Math.Round(own.Accuracy.Value * 300), 300), own.Accuracy.Interval);
        Assert.Equal(300, own.Confusion.Sum(row => row.Sum()));
        Assert.All(own.Confusion, row => Assert.Equal(100, row.Sum()));
        Assert.Equal(own.Accuracy.Value, own.Recall.Average(), 1e-9);

        var control = result.Controls.Single();
        Assert.InRange(control.Accuracy.Value, 0.34, 0.95);
        var difference = control.Difference!.Value;
        Assert.Equal(own.Accuracy.Value - control.Accuracy.Value, difference.Value, 1e-9);
        Assert.InRange(difference.Interval.Low, 0, difference.Value);
        Assert.InRange(difference.Interval.High, difference.Value, 1);
    }

    [Fact]
    public void Support_vector_machines_are_the_same_side_by_side_and_one_after_the_other()
    {
        var options = _quick with { Trainer = LinearTrainer.LinearSvm, Strengths = [1e-4, 1e-3, 1e-2, 0.1], MaximumIterations = 5 };
        var told = new List<int>();
        var pixels = Pixels("noisy", 160);
        var together = new TransferExperiment(options, (_, done, _) => told.Add(done)).Run(pixels, [], null).Features;
        var alone = new TransferExperiment(options with { Threads = 1 }).Run(pixels, [], null).Features;
        Assert.Equal(alone.Draws.Single().Trials, together.Draws.Single().Trials);
        Assert.Equal(alone.Draws.Single().Strength, together.Draws.Single().Strength);
        Assert.Equal(alone.Confusion.SelectMany(row => row), together.Confusion.SelectMany(row => row));
        Assert.Equal(Enumerable.Range(1, together.Draws.Single().Trials.Count + 1), told);
        Assert.Equal(4, together.Draws.Single().Trials.Select(trial => trial.Strength).Intersect(options.Strengths).Count());
    }

    /// <summary>A training that would go on for minutes.</summary>
    [Fact]
    public async Task A_training_is_left_where_the_work_is_to_end()
    {
        var slow = _quick with { Trainer = LinearTrainer.LinearSvm, Strengths = [0.01], MaximumIterations = 100_000 };
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var pixels = Pixels("clean", 60);
        var representation = pixels with { Test = () => { begun.SetResult(); return pixels.Test(); } };
        var work = Task.Run(() => new TransferExperiment(slow).Run(representation, [], null, stop.Token));
        await await Task.WhenAny(begun.Task, work);
        // Time for the training to begin, before which the work ended anyway.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(work.IsCompleted);
        stop.Cancel();
        // A test that fails is done sooner than the training.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void With_draws_the_intervals_are_of_the_draws()
    {
        var told = new List<string>();
        var result = new TransferExperiment(_quick, (name, done, of) => { lock (told) told.Add($"{name} {of}"); }).Run(Pixels("clean", 90),
            [Pixels("noisy", 160)], Draws());
        double[] own = [.. result.Features.Draws.Select(d => d.Accuracy)], other = [.. result.Controls[0].Draws.Select(d => d.Accuracy)];
        Assert.Equal(5, own.Length);
        Assert.Equal(own.Average(), result.Features.Accuracy.Value, 1e-9);
        Assert.Equal(Interval.OfMean(own), result.Features.Accuracy.Interval);
        Assert.Equal(Interval.OfMean([.. own.Zip(other, (o, c) => o - c)]), result.Controls[0].Difference!.Value.Interval);
        Assert.Equal(5 * 300, result.Features.Confusion.Sum(row => row.Sum()));
        Assert.Equal(5, told.Count(t => t == "clean 5"));
        Assert.Equal(5, told.Count(t => t == "noisy 5"));
    }

    [Fact]
    public void The_same_representation_differs_by_nothing()
    {
        var same = Pixels("clean", 150);
        var difference = new TransferExperiment(_quick).Run(same, [same], null).Controls[0].Difference!.Value;
        Assert.Equal(new Estimate(0, new Interval(0, 0)), difference);
    }

    [Fact]
    public void The_test_set_chooses_nothing()
    {
        var (fair, shuffled) = (new TransferExperiment(_quick).Run(Pixels("clean", 150), [], Draws()),
            new TransferExperiment(_quick).Run(Pixels("wrong", 150, i => (i + 1 + i / 3) % 3), [], Draws()));
        Assert.NotEqual(fair.Features.Accuracy.Value, shuffled.Features.Accuracy.Value);
        Assert.Equal(fair.Features.Draws.SelectMany(d => d.Trials.Prepend(new(d.Strength, 0, 0))),
            shuffled.Features.Draws.SelectMany(d => d.Trials.Prepend(new(d.Strength, 0, 0))));
    }

    [Fact]
    public void The_memory_ceiling_and_the_threads_of_draws_change_nothing()
    {
        var inMemory = new TransferExperiment(_quick).Run(Pixels("clean", 150), [], Draws());
        var onDisk = new TransferExperiment(_quick with { Threads = 1 }).Run(Pixels("clean", 150, memory: 0), [], Draws());
        Assert.Equal(inMemory.Features.Confusion, onDisk.Features.Confusion);
        Assert.Equal(inMemory.Features.Draws.SelectMany(d => d.Trials), onDisk.Features.Draws.SelectMany(d => d.Trials));
    }

    [Fact]
    public void Support_vector_machines_are_a_choice()
    {
        var result = new TransferExperiment(new() { Trainer = LinearTrainer.LinearSvm, Strengths = [1e-3, 1e-2],
            MaximumIterations = 10 }).Run(Pixels("clean", 60), [], null);
        Assert.InRange(result.Features.Accuracy.Value, 0.95, 1);
    }

    [Fact]
    public void A_search_goes_on_beyond_the_end_that_is_best()
    {
        double[] grid = [1, 10, 100];
        SortedDictionary<double, StrengthTrial> Trials(params double[] accuracies) =>
            new(accuracies.Select((a, i) => new StrengthTrial(Math.Pow(10, i), a, 0)).ToDictionary(t => t.Strength));
        Assert.Equal(0.1, StrengthSearch.Beyond(Trials(0.9, 0.8, 0.7), grid, false)!.Value, 1e-12);
        Assert.Equal(1000, StrengthSearch.Beyond(Trials(0.7, 0.8, 0.9), grid, false)!.Value, 1e-9);
        Assert.Null(StrengthSearch.Beyond(Trials(0.7, 0.9, 0.8), grid, false));
        Assert.Null(StrengthSearch.Beyond(Trials(0.7), [1], false));
    }

    [Fact]
    public void Few_rows_are_judged_by_their_loss_and_many_by_their_accuracy()
    {
        StrengthTrial[] trials = [new(1, 0.91, 0.5), new(10, 0.91, 0.4), new(100, 0.90, 0.3)];
        Assert.Equal(10, StrengthSearch.Best(trials, byLoss: false).Strength);
        Assert.Equal(100, StrengthSearch.Best(trials, byLoss: true).Strength);
        Assert.Equal(10, StrengthSearch.Best([new(1, 0.9, 0.5), new(10, 0.9, 0.5)], byLoss: false).Strength);
        Assert.True(StrengthSearch.IsByLoss(LinearTrainer.LogisticRegression, 200));
        Assert.False(StrengthSearch.IsByLoss(LinearTrainer.LogisticRegression, 2000));
        // A margin's score is no probability.
        Assert.False(StrengthSearch.IsByLoss(LinearTrainer.LinearSvm, 200));
    }

    [Fact]
    public void Logistic_regression_is_the_same_on_rows_in_memory_and_on_rows_read_in_each_pass()
    {
        var (memory, read) = (Search(_quick, inMemory: true), Search(_quick, inMemory: false));
        Assert.Equal(read.Trials, memory.Trials);
        Assert.Equal(read.Strength, memory.Strength);
    }

    /// <summary>In another order: the rows are shuffled by ML.NET's cache in the one case, and by the table in the other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Support_vector_machines_learn_from_rows_in_memory_and_from_rows_read_in_each_pass(bool inMemory)
    {
        var fit = Search(_quick with { Trainer = LinearTrainer.LinearSvm, Strengths = [1e-3, 1e-2] }, inMemory);
        Assert.InRange(fit.Trials.Single(trial => trial.Strength == fit.Strength).Accuracy, 0.95, 1);
    }

    private LinearFit Search(TransferOptions options, bool inMemory)
    {
        using var table = Pixels("clean", 60).Train();
        return new StrengthSearch(options, 0, 1, inMemory, null, CancellationToken.None).Run(table, [.. Enumerable.Range(0, table.Count)]);
    }

    [Theory]
    [InlineData(5, 10, true)]
    [InlineData(5, 9, false)]
    [InlineData(5, -1, false)]
    public void Rows_lie_in_memory_where_they_fit_twice(long rows, long free, bool held) =>
        Assert.Equal(held, TrainingMemory.Holds(rows, free));

    [Fact]
    public void A_class_of_one_image_and_tables_of_other_images_are_errors()
    {
        var lonely = new Representation("lonely",
            () => FeatureTables.Make(_folder["lonely"], new ShapesSource(30) { Labels = i => i == 0 ? 2 : i % 2 }, null, null),
                Pixels("clean", 60).Test);
        Assert.Contains("'class 2' of shapes has one image",
            Assert.Throws<DataSetException>(() => new TransferExperiment(_quick).Run(lonely, [], null)).Message, StringComparison.Ordinal);
        var others = Pixels("others", 60, i => i / 100);
        Assert.Contains("'clean' and 'others'",
            Assert.Throws<DataSetException>(() => new TransferExperiment(_quick).Run(Pixels("clean", 60), [others], null)).Message,
                StringComparison.Ordinal);
        Assert.Contains("no row for image",
            Assert.Throws<DataSetException>(() => new TransferExperiment(_quick).Run(Pixels("clean", 60), [], [[0, 1], [0, 999]])).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Strengths_that_do_not_grow_are_errors()
    {
        Assert.Throws<ArgumentException>(() => new TransferExperiment(_quick with { Strengths = [1, 1] }));
        Assert.Throws<ArgumentException>(() => new TransferExperiment(_quick with { Strengths = [0, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransferExperiment(_quick with { ValidationShare = 0 }));
    }
}
