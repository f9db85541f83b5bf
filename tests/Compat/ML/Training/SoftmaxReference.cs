using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace GanPipeline.Compat.Tests.ML.Training;

/// <summary>The objective of multinomial logistic regression by the book, in double: what the trainer's results are held to.</summary>
internal sealed class SoftmaxReference(Clusters data, double l2)
{
    /// <summary>The biases, then the weights class by class.</summary>
    public static double[] Point(MaximumEntropyModelParameters model)
    {
        VBuffer<float>[] weights = [];
        model.GetWeights(ref weights, out var classes);
        Assert.Equal(classes, weights.Length);
        return [.. model.GetBiases().Select(bias => (double)bias), .. weights.SelectMany(row => row.DenseValues())
            .Select(weight => (double)weight)];
    }

    /// <summary>The summed cross-entropy and half the weighted squares of the weights, and the gradient.</summary>
    public (double Value, double[] Gradient) Evaluate(double[] point)
    {
        var (classes, features) = (data.Classes, data.Features);
        var gradient = new double[point.Length];
        var value = 0.0;
        foreach (var example in data.Examples)
        {
            var scores = Enumerable.Range(0, classes)
                .Select(k => point[k] + Enumerable.Range(0, features).Sum(j => point[classes + k * features + j] * example.Features[j]))
                .ToArray();
            var largest = scores.Max();
            var sum = scores.Sum(score => Math.Exp(score - largest));
            value += example.Weight * (largest + Math.Log(sum) - scores[example.Label - 1]);
            for (var k = 0; k < classes; k++)
            {
                var difference = example.Weight * (Math.Exp(scores[k] - largest) / sum - (k == example.Label - 1 ? 1 : 0));
                gradient[k] += difference;
                for (var j = 0; j < features; j++) gradient[classes + k * features + j] += difference * example.Features[j];
            }
        }
        for (var i = classes; i < point.Length; i++)
        {
            value += 0.5 * l2 * point[i] * point[i];
            gradient[i] += l2 * point[i];
        }
        return (value, gradient);
    }
}
