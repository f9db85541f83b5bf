using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace GanPipeline.Compat.Tests.ML.Training;

public class MaximumEntropyTests
{
    private readonly MLContext context = new(seed: 1);

    // A gradient of this length, beside those of about the number of rows at the start, is a minimum found to float's precision.
    private const double Stationary = 2e-3;

    private static LbfgsMaximumEntropyMulticlassTrainer.Options Options(float l1, float l2) =>
        new() { L1Regularization = l1, L2Regularization = l2, OptimizationTolerance = 1e-9f, NumberOfThreads = 2 };

    private MaximumEntropyModelParameters Fit(IDataView view, LbfgsMaximumEntropyMulticlassTrainer.Options options) =>
        context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options).Fit(view).Model;

    /// <summary>Numbers of classes, features and rows that fill the trainer's blocks and that do not.</summary>
    [Theory]
    [InlineData(2, 1, 30)]
    [InlineData(3, 7, 41)]
    [InlineData(5, 16, 64)]
    [InlineData(6, 19, 300)]
    [InlineData(11, 33, 1100)]
    [InlineData(3, 2100, 23)]
    public void The_minimum_of_the_objective_is_found(int classes, int features, int rows)
    {
        var data = new Clusters(classes, features, rows);
        var model = Fit(data.View(context), Options(0, 0.5f));
        var (_, gradient) = new SoftmaxReference(data, 0.5).Evaluate(SoftmaxReference.Point(model));
        Assert.True(Length(gradient) < Stationary, $"the gradient at the minimum has length {Length(gradient)}");
    }

    [Fact]
    public void An_independent_minimiser_finds_the_same()
    {
        var data = new Clusters(4, 9, 200);
        var reference = new SoftmaxReference(data, 2);
        var objective = ObjectiveFunction.Gradient(x => reference.Evaluate([.. x]) is var (value, gradient)
            ? (value, Vector<double>.Build.Dense(gradient)) : default);
        var minimum = new LimitedMemoryBfgsMinimizer(1e-8, 1e-12, 1e-14, 10).FindMinimum(objective, Vector<double>.Build.Dense(4 + 4 * 9));
        var point = SoftmaxReference.Point(Fit(data.View(context), Options(0, 2)));
        Assert.Equal(minimum.FunctionInfoAtMinimum.Value, reference.Evaluate(point).Value, 1e-6);
        // The biases share a constant that changes nothing; the weights are determined, to the square root of the value's precision.
        for (var i = 4; i < point.Length; i++) Assert.Equal(minimum.MinimizingPoint[i], point[i], 2e-4);
    }

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Torch_finds_the_same()
    {
        const string Script = """
            import json, sys, torch
            torch.set_num_threads(1)
            d = json.load(open(sys.argv[1]))
            x = torch.tensor(d["x"], dtype=torch.float64); y = torch.tensor(d["y"]); k = d["k"]
            w = torch.zeros(k, x.shape[1], dtype=torch.float64, requires_grad=True)
            b = torch.zeros(k, dtype=torch.float64, requires_grad=True)
            def loss(): return torch.nn.functional.cross_entropy(x @ w.T + b, y, reduction="sum") + 0.5 * d["l2"] * (w * w).sum()
            o = torch.optim.LBFGS([w, b], max_iter=500, tolerance_grad=1e-9, tolerance_change=1e-14, line_search_fn="strong_wolfe")
            def closure():
                o.zero_grad(); l = loss(); l.backward(); return l
            o.step(closure)
            print(json.dumps({"loss": loss().item(), "w": w.flatten().tolist()}))
            """;
        var data = new Clusters(5, 12, 150, seed: 7);
        var asked = new { x = data.Examples.Select(e => e.Features), y = data.Examples.Select(e => e.Label - 1), k = 5, l2 = 0.7 };
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["data.json"], JsonSerializer.Serialize(asked));
        var (exitCode, output, error) = Peers.Run(Peers.Python, "-c", Script, folder["data.json"]);
        Assert.True(exitCode == 0, error);
        var answer = JsonDocument.Parse(output).RootElement;
        var point = SoftmaxReference.Point(Fit(data.View(context), Options(0, 0.7f)));
        Assert.Equal(answer.GetProperty("loss").GetDouble(), new SoftmaxReference(data, 0.7).Evaluate(point).Value, 1e-5);
        var weights = answer.GetProperty("w").EnumerateArray().Select(w => w.GetDouble()).ToArray();
        for (var i = 0; i < weights.Length; i++) Assert.Equal(weights[i], point[5 + i], 5e-4);
    }

    /// <summary>At the minimum with L1 each weight has no slope, or is 0 with a slope that L1 outweighs.</summary>
    [Fact]
    public void L1_makes_weights_zero_and_the_others_optimal()
    {
        var data = new Clusters(4, 12, 200);
        var point = SoftmaxReference.Point(Fit(data.View(context), Options(3, 0.1f)));
        var (_, gradient) = new SoftmaxReference(data, 0.1f).Evaluate(point);
        var zeros = 0;
        for (var i = 0; i < point.Length; i++)
        {
            if (i >= 4 && point[i] == 0)
            {
                zeros++;
                Assert.True(Math.Abs(gradient[i]) <= 3 + Stationary, $"weight {i} is 0 where its slope is {gradient[i]}");
            }
            else Assert.Equal(i < 4 ? 0 : -3 * Math.Sign(point[i]), gradient[i], Stationary);
        }
        Assert.InRange(zeros, 4, 47);
    }

    [Fact]
    public void Weights_can_be_kept_from_being_negative()
    {
        var data = new Clusters(3, 6, 120);
        var options = Options(0, 0.5f);
        options.EnforceNonNegativity = true;
        var point = SoftmaxReference.Point(Fit(data.View(context), options));
        var (_, gradient) = new SoftmaxReference(data, 0.5).Evaluate(point);
        for (var i = 3; i < point.Length; i++)
        {
            Assert.True(point[i] >= 0);
            if (point[i] > 0) Assert.Equal(0, gradient[i], Stationary);
            else Assert.True(gradient[i] > -Stationary);
        }
        Assert.Contains(point[3..], weight => weight == 0);
        Assert.Contains(point[3..], weight => weight > 0);
    }

    [Fact]
    public void A_weight_counts_as_that_many_rows()
    {
        var data = new Clusters(3, 4, 60);
        var doubled = data.Examples.SelectMany((example, i) => i % 2 == 0 ? [example] : new[] { example, example }).ToList();
        foreach (var (example, i) in data.Examples.Select((example, i) => (example, i))) example.Weight = i % 2 == 0 ? 1 : 2;
        var options = Options(0, 1);
        var twice = SoftmaxReference.Point(Fit(data.View(context, doubled), options));
        options.ExampleWeightColumnName = "Weight";
        AssertClose(twice, SoftmaxReference.Point(Fit(data.View(context), options)));
    }

    [Fact]
    public void Rows_without_a_label_or_with_a_missing_feature_do_not_count()
    {
        var data = new Clusters(3, 4, 60);
        var with = data.Examples.ToList();
        with.Insert(7, new Example { Label = 0, Features = [9, 9, 9, 9] });
        with.Insert(20, new Example { Label = 1, Features = [1, float.NaN, 1, 1] });
        with.Add(new Example { Label = 2, Features = [1, 1, 1, float.PositiveInfinity] });
        AssertClose(SoftmaxReference.Point(Fit(data.View(context), Options(0, 1))),
            SoftmaxReference.Point(Fit(data.View(context, with), Options(0, 1))));
    }

    [Fact]
    public void Sparse_vectors_are_taken_as_what_they_are()
    {
        var data = new Clusters(3, 6, 60);
        foreach (var example in data.Examples) (example.Features[1], example.Features[4]) = (0, 0);
        var view = data.View(context);
        AssertClose(SoftmaxReference.Point(Fit(view, Options(0, 1))), SoftmaxReference.Point(Fit(new SparseView(view), Options(0, 1))));
    }

    [Fact]
    public void Any_number_of_threads_finds_the_same()
    {
        var data = new Clusters(3, 6, 500);
        var one = Options(0, 1);
        one.NumberOfThreads = 1;
        var many = Options(0, 1);
        many.NumberOfThreads = 5;
        var view = data.View(context);
        AssertClose(SoftmaxReference.Point(Fit(view, one)), SoftmaxReference.Point(Fit(view, many)));
    }

    [Fact]
    public void Training_goes_on_from_a_model()
    {
        var data = new Clusters(3, 6, 200);
        var (view, reference) = (data.View(context), new SoftmaxReference(data, 0.01));
        var solution = Fit(view, Options(0, 0.01f));
        var few = Options(0, 0.01f);
        few.MaximumNumberOfIterations = 2;
        var trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(few);
        double Value(MaximumEntropyModelParameters model) => reference.Evaluate(SoftmaxReference.Point(model)).Value;
        Assert.True(Value(trainer.Fit(view).Model) > Value(solution) + 1);
        Assert.Equal(Value(solution), Value(trainer.Fit(view, solution).Model), 1e-3);

        var other = Fit(new Clusters(3, 5, 30).View(context), Options(0, 1));
        Assert.Contains("5 features", Assert.Throws<ArgumentException>(() => trainer.Fit(view, other)).Message);
    }

    private static double Length(double[] gradient) => Math.Sqrt(gradient.Sum(g => g * g));

    // Both searches end within the tolerance of the same minimum.
    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-3);
    }
}
