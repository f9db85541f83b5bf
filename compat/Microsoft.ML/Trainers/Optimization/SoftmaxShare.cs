using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>
/// One thread's share of a pass over the data: the summed cross-entropy of softmax(W x + b) and its gradient, from blocks of rows.
/// Within a block all is products of matrices, in parts of the features that stay in the processor's caches.
/// </summary>
/// <remarks>The gradient is summed in float over some thousand rows, and these sums in double.</remarks>
internal sealed class SoftmaxShare
{
    /// <summary>The floats of a block of rows, about; so much fits a core's cache.</summary>
    private const int BlockFloats = 1 << 19;

    /// <summary>The features that are gone over at a time.</summary>
    private const int PartFeatures = 2048;

    /// <summary>The rows of which the gradient is summed in float.</summary>
    private const int FloatRows = 1024;

    private readonly int classes;
    private readonly int features;
    private readonly int columns;
    private readonly VBuffer<float>[] rows;
    private readonly int[] labels;
    private readonly float[] weights;
    private readonly double[] scores;
    private readonly float[] factors;
    private readonly float[] recent;
    private int recentRows;
    private int count;

    /// <param name="classes">The number of classes.</param>
    /// <param name="features">The number of features.</param>
    public SoftmaxShare(int classes, int features)
    {
        this.classes = classes;
        this.features = features;
        columns = Padded(classes);
        var block = Math.Clamp(BlockFloats / features, 16, 256) / LinearKernels.Rows * LinearKernels.Rows;
        rows = new VBuffer<float>[block];
        labels = new int[block];
        weights = new float[block];
        scores = new double[block * columns];
        factors = new float[block * columns];
        recent = new float[columns * features];
        Gradient = new double[classes + classes * features];
    }

    /// <summary>The number of classes with the empty ones that fill the last tile.</summary>
    public static int Padded(int classes) => (classes + LinearKernels.Classes - 1) / LinearKernels.Classes * LinearKernels.Classes;

    /// <summary>The summed cross-entropy, in nats.</summary>
    public double Loss { get; private set; }

    /// <summary>The gradient by the biases, then by the weights, class by class.</summary>
    public double[] Gradient { get; }

    /// <summary>The rows that counted.</summary>
    public long Examples { get; private set; }

    /// <summary>Where the features of the next row are to be written.</summary>
    public ref VBuffer<float> Next => ref rows[count];

    public void Clear()
    {
        (Loss, Examples, count, recentRows) = (0, 0, 0, 0);
        Array.Clear(Gradient);
        Array.Clear(recent);
    }

    /// <summary>Takes the row whose features are in <see cref="Next"/>.</summary>
    /// <param name="label">Its class, from 0.</param>
    /// <param name="weight">How often it counts.</param>
    /// <param name="parameters">W and b.</param>
    public void Add(int label, float weight, SoftmaxParameters parameters)
    {
        if (!rows[count].IsDense)
        {
            VBuffer<float> dense = default;
            rows[count].CopyToDense(ref dense);
            rows[count] = dense;
        }
        labels[count] = label;
        weights[count] = weight;
        if (++count == rows.Length) Flush(parameters);
    }

    /// <summary>Goes over the rows that wait, and those whose gradient is summed in float.</summary>
    public void Finish(SoftmaxParameters parameters)
    {
        if (count > 0) Flush(parameters);
        FoldRecent();
    }

    private void Flush(SoftmaxParameters parameters)
    {
        Score(parameters);
        for (var row = 0; row < count; row++) Differentiate(row, parameters.Biases);
        AddGradient();
        recentRows += count;
        count = 0;
        if (recentRows >= FloatRows) FoldRecent();
    }

    // Where the rows end within a tile its last one stands in for those that lack: its own score comes out the same, its factors are 0.
    private ReadOnlySpan<float> Row(int row, int from, int length) => rows[Math.Min(row, count - 1)].GetValues().Slice(from, length);

    private void Score(SoftmaxParameters parameters)
    {
        Array.Clear(scores);
        for (var from = 0; from < features; from += PartFeatures)
        {
            var length = Math.Min(PartFeatures, features - from);
            for (var first = 0; first < columns; first += LinearKernels.Classes)
                for (var row = 0; row < count; row += 2)
                {
                    var weights = parameters.Weights.AsSpan(first * features + from);
                    LinearKernels.AddScores(Row(row, from, length), Row(row + 1, from, length), weights, features,
                        scores.AsSpan(row * columns + first), scores.AsSpan((row + 1) * columns + first));
                }
        }
    }

    /// <summary>Turns a row's scores into what its features are multiplied with in the gradient: probability minus truth.</summary>
    private void Differentiate(int row, double[] biases)
    {
        var score = scores.AsSpan(row * columns, classes);
        var factor = factors.AsSpan(row * columns, classes);
        TensorPrimitives.Add(score, biases, score);
        if (!double.IsFinite(TensorPrimitives.Sum<double>(score)) && !IsFinite(rows[row].GetValues()))
        {
            // As in ML.NET a row with a missing feature does not count.
            factor.Clear();
            rows[row] = new VBuffer<float>(features, new float[features]);
            return;
        }
        Examples++;
        var largest = TensorPrimitives.Max<double>(score);
        var ofLabel = score[labels[row]];
        TensorPrimitives.Subtract(score, largest, score);
        TensorPrimitives.Exp(score, score);
        var sum = TensorPrimitives.Sum<double>(score);
        Loss += weights[row] * (largest + Math.Log(sum) - ofLabel);
        for (var k = 0; k < score.Length; k++)
        {
            var difference = weights[row] * (score[k] / sum - (k == labels[row] ? 1 : 0));
            Gradient[k] += difference;
            factor[k] = (float)difference;
        }
    }

    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }

    private void AddGradient()
    {
        Array.Clear(factors, count * columns, factors.Length - count * columns);
        for (var from = 0; from < features; from += PartFeatures)
        {
            var length = Math.Min(PartFeatures, features - from);
            for (var first = 0; first < columns; first += LinearKernels.Classes)
                for (var row = 0; row < count; row += LinearKernels.Rows)
                {
                    LinearKernels.AddGradient(Row(row, from, length), Row(row + 1, from, length), Row(row + 2, from, length),
                        Row(row + 3, from, length), factors.AsSpan(row * columns + first), columns,
                        recent.AsSpan(first * features + from), features);
                }
        }
    }

    private void FoldRecent()
    {
        for (var i = 0; i < Gradient.Length - classes; i++) Gradient[classes + i] += recent[i];
        Array.Clear(recent);
        recentRows = 0;
    }
}
