using Microsoft.ML;
using Microsoft.ML.Data;
using GanPipeline.Compat.Tests.ML.Training;

namespace GanPipeline.Compat.Tests.ML;

public class NormalizationTests
{
    private sealed class Row
    {
        [VectorType(4)]
        public float[] Values = [];

        public float Scalar;

        [VectorType(3)]
        public float[] Others = [0, 0, 0];
    }

    private readonly MLContext context = new(seed: 1);

    private IDataView View(params float[][] rows) =>
        context.Data.LoadFromEnumerable(rows.Select(row => new Row { Values = row, Scalar = row[0] }));

    private IDataView Known => View([1, 1, 3, 0], [2, 2, 2, 0], [0, 0, 1, 0], [-1, -1, -1, 1]);

    private static void AssertRows(float[][] expected, IEnumerable<float[]> actual, float tolerance = 5e-5f) =>
        Assert.Equal(expected, actual, (a, b) => a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance));

    private float[][] Normalized(IEstimator<ITransformer> estimator, IDataView view) =>
        [.. estimator.Fit(view).Transform(view).GetColumn<float[]>("Values")];

    [Fact]
    public void MinMax_divides_by_the_largest_magnitude_or_maps_the_range()
    {
        AssertRows([[0.5f, 0.5f, 1, 0], [1, 1, 2 / 3f, 0], [0, 0, 1 / 3f, 0], [-0.5f, -0.5f, -1 / 3f, 1]],
            Normalized(context.Transforms.NormalizeMinMax("Values"), Known));
        AssertRows([[2 / 3f, 2 / 3f, 1, 0], [1, 1, 0.75f, 0], [1 / 3f, 1 / 3f, 0.5f, 0], [0, 0, 0, 1]],
            Normalized(context.Transforms.NormalizeMinMax("Values", fixZero: false), Known));
    }

    /// <summary>
    /// With 0 fixed by the root mean square, else by mean and standard deviation: of 1, 2, 0, -1 they are 1.2247, 0.5 and 1.1180.
    /// </summary>
    [Fact]
    public void MeanVariance_divides_by_the_root_mean_square_or_standardises()
    {
        AssertRows([[0.8165f, 0.8165f, 1.5492f, 0], [1.6330f, 1.6330f, 1.0328f, 0], [0, 0, 0.5164f, 0], [-0.8165f, -0.8165f, -0.5164f, 2]],
            Normalized(context.Transforms.NormalizeMeanVariance("Values"), Known));
        AssertRows([[0.4472f, 0.4472f, 1.1832f, -0.5774f], [1.3416f, 1.3416f, 0.5071f, -0.5774f], [-0.4472f, -0.4472f, -0.1690f, -0.5774f],
            [-1.3416f, -1.3416f, -1.5213f, 1.7321f]],
            Normalized(context.Transforms.NormalizeMeanVariance("Values", fixZero: false), Known));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Slots_without_spread_become_zero(bool fixZero)
    {
        var view = View([0, float.NaN, 7, 7], [0, float.NaN, 7, 7]);
        foreach (var estimator in new IEstimator<ITransformer>[] { context.Transforms.NormalizeMinMax("Values", fixZero: fixZero),
            context.Transforms.NormalizeMeanVariance("Values", fixZero: fixZero) })
        {
            var row = Normalized(estimator, view)[1];
            Assert.Equal([0, fixZero ? 1 : 0, fixZero ? 1 : 0], [row[0], row[2], row[3]]);
            Assert.True(float.IsNaN(row[1]));
        }
    }

    [Fact]
    public void Missing_values_are_left_out_of_the_statistics()
    {
        var view = View([float.NaN, 0, 0, 0], [1, 0, 0, 0], [float.NaN, 0, 0, 0], [3, 0, 0, 0]);
        Assert.Equal([float.NaN, -1, float.NaN, 1], Normalized(context.Transforms.NormalizeMeanVariance("Values", fixZero: false), view)
            .Select(row => row[0]));
        Assert.Equal([float.NaN, 0, float.NaN, 1], Normalized(context.Transforms.NormalizeMinMax("Values", fixZero: false), view)
            .Select(row => row[0]));
    }

    /// <summary>Around 100,000 floats lie 1/128 apart: a spread of some of these steps is not lost beside the mean.</summary>
    [Fact]
    public void A_small_spread_beside_a_large_mean_keeps_its_digits()
    {
        var view = View([.. Enumerable.Range(0, 1000).Select(i => new[] { 100_000 + (i % 2 == 0 ? 1 / 64f : -1 / 64f), 0, 0, 0 })]);
        var row = Normalized(context.Transforms.NormalizeMeanVariance("Values", fixZero: false), view)[0];
        Assert.Equal(1, row[0], 1e-4f);
    }

    [Fact]
    public void So_many_rows_are_learned_from_as_is_asked_for()
    {
        var view = View([1, 0, 0, 0], [-2, 0, 0, 0], [8, 0, 0, 0]);
        Assert.Equal([0.5f, -1, 4], Normalized(context.Transforms.NormalizeMinMax("Values", maximumExampleCount: 2), view)
            .Select(row => row[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Transforms.NormalizeMinMax("Values", maximumExampleCount: 1));
    }

    [Fact]
    public void Several_columns_scalars_and_saved_models()
    {
        var view = Known;
        InputOutputColumnPair[] pairs = [new("A", "Values"), new("B", "Scalar")];
        var model = context.Transforms.NormalizeMinMax(pairs)
            .Append(context.Transforms.NormalizeMeanVariance([new("C", "Scalar")], fixZero: false)).Fit(view);
        using var file = new MemoryStream();
        context.Model.Save(model, view.Schema, file);
        foreach (var mapped in new[] { model.Transform(view), context.Model.Load(file, out _).Transform(view) })
        {
            Assert.Equal([0.5f, 1, 0, -0.5f], mapped.GetColumn<float>("B"));
            Assert.Equal([0.4472f, 1.3416f, -0.4472f, -1.3416f], mapped.GetColumn<float>("C"), (a, b) => Math.Abs(a - b) < 5e-5);
            AssertRows([[0.5f, 0.5f, 1, 0]], mapped.GetColumn<float[]>("A").Take(1));
            Assert.True(mapped.Schema["A"].IsNormalized());
            Assert.False(mapped.Schema["Values"].IsNormalized());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sparse_vectors_give_what_dense_ones_give(bool fixZero)
    {
        var estimator = context.Transforms.NormalizeMeanVariance("Values", fixZero: fixZero);
        var sparse = estimator.Fit(new SparseView(Known)).Transform(new SparseView(Known));
        Assert.Equal(Normalized(estimator, Known), sparse.GetColumn<float[]>("Values"));
        Assert.Equal(!fixZero, sparse.GetColumn<VBuffer<float>>("Values").First().IsDense);
    }

    [Fact]
    public void Wrong_columns_are_refused_at_Fit()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(3));
        foreach (var column in new[] { "Missing", "Any", "Label", "Weight" })
            Assert.Contains($"'{column}'", Assert.Throws<ArgumentOutOfRangeException>(() =>
                context.Transforms.NormalizeMeanVariance(column).Fit(view)).Message);
        var model = context.Transforms.NormalizeMinMax("Values").Fit(Known);
        var other = context.Transforms.CopyColumns("Values", "Others").Fit(Known).Transform(Known);
        Assert.Contains("expected Vector<Single, 4>, got Vector<Single, 3>",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(other)).Message);
        Assert.Throws<ArgumentException>(() => context.Transforms.NormalizeMeanVariance("Values", useCdf: true));
    }
}
