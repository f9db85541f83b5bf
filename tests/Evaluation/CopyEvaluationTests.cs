using GanPipeline.Data;

namespace GanPipeline.Evaluation.Tests;

/// <summary>Copies of training pictures are told from new pictures of the same kind.</summary>
public sealed class CopyEvaluationTests : IDisposable
{
    private readonly Evaluator _evaluator = Evaluator.Load(TestModels.Features);
    private readonly IImageSource _training = Bricks(seed: 1, count: 400), _heldOut = Bricks(seed: 2, count: 300);

    public void Dispose()
    {
        _evaluator.Dispose();
        _training.Dispose();
        _heldOut.Dispose();
    }

    [Fact]
    public void A_generator_that_repeats_eight_training_pictures_is_suspected()
    {
        var report = CopyEvaluation.Evaluate(_evaluator, Copies(300), _heldOut, _training, count: 300);
        var metrics = report.Metrics;
        Assert.True(metrics.IsSuspected);
        Assert.Equal((300, 300, 400L), (metrics.Samples, metrics.HeldOut, metrics.Training));
        foreach (var distances in new[] { metrics.Features, metrics.Pixels })
        {
            Assert.True(distances.Nearer > 200, distances.ToString());
            Assert.True(distances.Chance < 1e-9 && distances.MannWhitney < -10, distances.ToString());
        }
        // Each is found to be of its own picture: sample i is picture 7 (i mod 8), up to equal bricks.
        var own = report.Pairs(pixels: true).Count(pair => pair.Training == 7 * (pair.Sample % 8));
        Assert.True(own > 250, $"{own}");
        // Noise of 2 of 255 is 1 on average.
        Assert.InRange(metrics.Pixels.SampleQuantiles[4], 0.2, 1.5);
    }

    [Fact]
    public void A_generator_of_new_pictures_of_the_same_kind_is_not()
    {
        using var fresh = Bricks(seed: 3, count: 300);
        var metrics = CopyEvaluation.Evaluate(_evaluator, fresh.ReadBatches(300).Select(b => b.Images), _heldOut, _training).Metrics;
        Assert.False(metrics.IsSuspected);
        foreach (var distances in new[] { metrics.Features, metrics.Pixels })
        {
            Assert.InRange(distances.Nearer, 0, 15);
            Assert.InRange(distances.MannWhitney, -4, 4);
        }
    }

    [Fact]
    public void One_sample_of_ten_that_is_a_copy_is_enough()
    {
        using var fresh = Bricks(seed: 3, count: 270);
        var metrics = CopyEvaluation.Evaluate(
            _evaluator, fresh.ReadBatches(270).Select(b => b.Images).Concat(Copies(30)), _heldOut, _training).Metrics;
        Assert.Equal(300, metrics.Samples);
        Assert.True(metrics.IsSuspected);
        Assert.True(metrics.Pixels.MannWhitney > -3, "as a whole they are hardly nearer");
    }

    [Fact]
    public void The_nearest_pictures_are_those_of_a_plain_search()
    {
        using var fresh = Bricks(seed: 3, count: 150);
        int read = 0, wanted = 140; // not whole batches
        var samples = fresh.ReadBatches(150, batch: 100).Select(b => { read += b.Images.Count; return b.Images; });
        var progress = new List<long>();
        var report = CopyEvaluation.Evaluate(_evaluator, samples, _heldOut, _training, wanted, progress.Add);
        Assert.Equal((wanted, wanted, 150), (report.Metrics.Samples, report.Metrics.HeldOut, read));
        Assert.Equal([128, 256, 384, 400], progress);

        var training = Enumerable.Range(0, 400).Select(i => Pixels(_training, i)).ToArray();
        var order = fresh.ReadBatches(150).SelectMany(b => b.Indices).ToArray();
        var pairs = report.Pairs(pixels: true);
        Assert.Equal(pairs.OrderBy(p => p.Distance), pairs);
        foreach (var pair in pairs)
        {
            var sample = Pixels(fresh, order[pair.Sample]);
            double[] distances = [.. training.Select(t => t.Zip(sample, (a, b) => Math.Abs(a - b)).Sum() / 192.0)];
            Assert.Equal(distances.Min(), pair.Distance, 1e-12);
            Assert.Equal(pair.Distance, distances[pair.Training], 1e-12);
        }
        var features = _evaluator.Extract(_training.ReadBatches(400).Select(b => b.Images)).Vectors.ToArray().Chunk(5).ToArray();
        int[] places = [.. _training.ReadBatches(400).SelectMany(b => b.Indices)];
        var own = _evaluator.Extract(fresh.ReadBatches(150).Select(b => b.Images)).Vectors.ToArray().Chunk(5).ToArray();
        foreach (var pair in report.Pairs(pixels: false))
        {
            double[] distances = [.. features.Select(t => Math.Sqrt(t.Zip(own[pair.Sample], (a, b) => (a - b) * (a - b)).Sum()))];
            Assert.Equal(distances.Min(), pair.Distance, 1e-4); // batches of other sizes add in another order
            Assert.Equal(pair.Distance, distances[Array.IndexOf(places, pair.Training)], 1e-4);
        }
    }

    [Fact]
    public void The_nearest_percent_is_told_by_100_held_out_pictures_at_least()
    {
        var few = CopyEvaluation.Evaluate(_evaluator, Copies(50), _heldOut, _training, count: 10).Metrics;
        Assert.Equal((10, 100), (few.Samples, few.HeldOut));
        Assert.True(few.IsSuspected);
    }

    [Fact]
    public void The_grid_has_samples_over_their_nearest_training_pictures()
    {
        var report = CopyEvaluation.Evaluate(_evaluator, Copies(40), _heldOut, _training, count: 200);
        var grid = report.Grid(columns: 8, rows: 2);
        Assert.Equal((64, 3, 8), (grid.Count, grid.Channels, grid.Height));
        var nearest = report.Pairs(pixels: true)[0];
        // By pixels: the second half. The first row of its eight, and the row below.
        var (sample, training) = (grid.Image(32).ToArray(), grid.Image(40).ToArray());
        Assert.Equal(nearest.Distance, sample.Zip(training, (a, b) => Math.Abs(a - b) * 127.5).Average(), 1e-4);
        Assert.Equal(Pixels(_training, nearest.Training), Bytes(training));
        var byFeatures = report.Pairs(pixels: false)[8 + 3]; // the fourth of the second row
        Assert.Equal(Pixels(_training, byFeatures.Training), Bytes(grid.Image(8 + 8 + 8 + 3).ToArray()));
        Assert.Equal(16 * 2 * 2 * 2, report.Grid().Count); // two rows of 16 of the 40 samples
        Assert.Equal(0, report.Grid(columns: 41).Count);

        static IEnumerable<int> Bytes(float[] values) => values.Select(v => (int)MathF.Round((v + 1) * 127.5f));
    }

    [Fact]
    public void What_cannot_be_compared_is_told()
    {
        using var few = Bricks(seed: 2, count: 99);
        Assert.Contains("need 100 of them or more; there are 99", Fails(Copies(10), few), StringComparison.Ordinal);
        Assert.Contains("no sample", Fails([], _heldOut), StringComparison.Ordinal);
        Assert.Contains("The samples are 16 x 16 x 3, but the training pictures 8 x 8 x 3",
            Fails([new ImageTensor(4, 3, 16, 16)], _heldOut), StringComparison.Ordinal);
        Assert.ThrowsAny<OperationCanceledException>(() => CopyEvaluation.Evaluate(_evaluator, Copies(10), _heldOut, _training,
            cancellationToken: new CancellationToken(canceled: true)));

        string Fails(IEnumerable<ImageTensor> samples, IImageSource heldOut) =>
            Assert.Throws<ArgumentException>(() => CopyEvaluation.Evaluate(_evaluator, samples, heldOut, _training)).Message;
    }

    /// <summary>Training pictures 0, 7, 14, ... 49 again and again, with noise of up to 2 of 255.</summary>
    private IEnumerable<ImageTensor> Copies(int count)
    {
        var random = new Random(1);
        for (var first = 0; first < count; first += 50)
        {
            var batch = new ImageTensor(Math.Min(50, count - first), 3, 8, 8);
            for (var i = 0; i < batch.Count; i++)
            {
                var pixels = Pixels(_training, 7 * ((first + i) % 8));
                for (var p = 0; p < pixels.Length; p++) batch.Image(i)[p] = (pixels[p] + random.Next(-2, 3)) / 127.5f - 1;
            }
            yield return batch;
        }
    }

    private static int[] Pixels(IImageSource source, int index)
    {
        var bytes = new byte[source.Shape.Size];
        Assert.True(source.TryRead(index, bytes));
        return [.. bytes.Select(b => (int)b)];
    }

    private static IImageSource Bricks(long seed, int count) =>
        DataSets.Open(new DataOptions { Kind = "bricks", Size = 8, Channels = 3, Count = count, Seed = seed });
}
