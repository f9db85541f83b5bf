using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.Compat.Tests.ML.Training;

public class LinearSvmTests
{
    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features = [];

        public bool Label;

        public float Weight = 1;
    }

    private readonly MLContext context = new(seed: 5);

    // Two clouds that overlap, either side of a line through the origin's neighbourhood.
    private static List<Point> Clouds(int count)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(i => new Point
        {
            Label = i % 2 == 0,
            Features = [(i % 2 == 0 ? 0.8f : -0.8f) + 2 * random.NextSingle() - 1, 0.3f + 2 * random.NextSingle() - 1],
        })];
    }

    private LinearBinaryModelParameters Fit(IEnumerable<Point> points, LinearSvmTrainer.Options options) =>
        context.BinaryClassification.Trainers.LinearSvm(options).Fit(context.Data.LoadFromEnumerable(points)).Model;

    private static double Objective(List<Point> points, double lambda, double w0, double w1, double bias) =>
        0.5 * lambda * (w0 * w0 + w1 * w1) + points.Average(p =>
            Math.Max(0, 1 - (p.Label ? 1 : -1) * (w0 * p.Features[0] + w1 * p.Features[1] + bias)));

    /// <summary>
    /// Smaller steps and batches come as near to the best of a fine grid of weights as the last step's length, 1 / (1 + Lambda t),
    /// allows.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(20, false)]
    [InlineData(1, true)]
    public void The_mean_hinge_loss_comes_to_its_minimum(int batch, bool project)
    {
        const float Lambda = 0.1f;
        var points = Clouds(400);
        var options = new LinearSvmTrainer.Options { Lambda = Lambda, BatchSize = batch, NumberOfIterations = 200 * batch, PerformProjection = project };
        var model = Fit(points, options);
        var best = double.PositiveInfinity;
        for (var w0 = 0.0; w0 < 2; w0 += 0.02)
            for (var w1 = -0.5; w1 < 0.5; w1 += 0.02)
                for (var bias = -0.5; bias < 0.5; bias += 0.02) best = Math.Min(best, Objective(points, Lambda, w0, w1, bias));
        Assert.Equal(best, Objective(points, Lambda, model.Weights[0], model.Weights[1], model.Bias), 2e-3);
    }

    /// <summary>
    /// One weight, one example on each side: half Lambda w² + max(0, 1 - w) has its minimum at 1 / Lambda, or where the margin is kept,
    /// at 1.
    /// </summary>
    [Theory]
    [InlineData(4f, 0.25)]
    [InlineData(0.5f, 1)]
    public void Known_minima_are_found(float lambda, double weight)
    {
        var points = Enumerable.Range(0, 100).Select(i => new Point { Label = i % 2 == 0, Features = [i % 2 == 0 ? 1 : -1, 0] });
        var model = Fit(points, new() { Lambda = lambda, NoBias = true, NumberOfIterations = 100 });
        Assert.Equal(weight, model.Weights[0], 1e-3);
        Assert.Equal(0, model.Weights[1]);
        Assert.Equal(0, model.Bias);
    }

    [Fact]
    public void Weights_and_missing_features_count_as_they_should()
    {
        var points = Clouds(50);
        points.Add(new Point { Label = true, Features = [float.NaN, 1] });
        points.Add(new Point { Label = false, Features = [5, 5], Weight = 0 });
        var options = new LinearSvmTrainer.Options { Lambda = 0.1f, Shuffle = false, ExampleWeightColumnName = "Weight" };
        Assert.Equal(Fit(points.Take(50), options).Weights, Fit(points, options).Weights);
        foreach (var point in points) point.Weight = 3;
        Assert.NotEqual(Fit(points.Take(50), new() { Lambda = 0.1f, Shuffle = false }).Weights, Fit(points.Take(50), options).Weights);
    }

    [Fact]
    public void The_order_comes_from_the_contexts_seed()
    {
        var points = Clouds(60);
        float[] Weights(int seed) =>
            [.. new MLContext(seed).BinaryClassification.Trainers.LinearSvm().Fit(context.Data.LoadFromEnumerable(points)).Model.Weights];
        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void Predictions_are_the_scores_sign_and_survive_saving()
    {
        var view = context.Data.LoadFromEnumerable(Clouds(60));
        var model = context.BinaryClassification.Trainers.LinearSvm(numberOfIterations: 3).Fit(view);
        var scored = model.Transform(view);
        Assert.Equal(["Features", "Label", "Weight", "PredictedLabel", "Score"], scored.Schema.Select(column => column.Name));
        Assert.Equal(scored.GetColumn<float>("Score").Select(score => score > 0), scored.GetColumn<bool>("PredictedLabel"));
        using var file = new MemoryStream();
        context.Model.Save(model, view.Schema, file);
        Assert.Equal(scored.GetColumn<float>("Score"), context.Model.Load(file, out _).Transform(view).GetColumn<float>("Score"));
    }
}
