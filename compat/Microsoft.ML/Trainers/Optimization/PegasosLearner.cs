using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>
/// The steps of Pegasos. At step t the weights take, times the rate, the mean of the batch's examples within the margin, each with its sign, and
/// shrink by rate x Lambda. As in ML.NET the rate is 1 / (1 + Lambda t), not the paper's 1 / (Lambda t), whose first steps are very long where
/// Lambda is small. The weights are kept with a common factor, so that shrinking them costs nothing.
/// </summary>
internal sealed class PegasosLearner(int features, LinearSvmTrainer.Options options)
{
    private readonly float[] weights = new float[features];
    private readonly float[] batch = options.BatchSize > 1 ? new float[features] : null;
    private double scale = 1;
    private double bias;
    private double batchBias;
    private int examples;
    private long steps;

    /// <summary>Learns from an example, unless a feature is missing.</summary>
    public bool Learn(in VBuffer<float> row, bool isPositive, float weight)
    {
        var dot = ModelParametersBase<float>.Dot(weights, row);
        var score = dot * scale + bias;
        if (!double.IsFinite(score) && TensorPrimitives.SumOfMagnitudes(row.GetValues()) is not <= float.MaxValue) return false;
        var sign = isPositive ? 1 : -1;
        var isWithinMargin = sign * score < 1;
        if (batch is null)
        {
            if (isWithinMargin) Step(row, sign * weight, sign * weight, 1);
            else Step();
            return true;
        }
        if (isWithinMargin)
        {
            Add(row, sign * weight, batch);
            batchBias += sign * weight;
        }
        if (++examples == options.BatchSize) FinishBatch();
        return true;
    }

    /// <summary>The model, after what is left of a batch.</summary>
    public LinearBinaryModelParameters Finish()
    {
        if (examples > 0) FinishBatch();
        TensorPrimitives.Multiply(weights, (float)scale, weights);
        return new(weights, (float)bias);
    }

    private void FinishBatch()
    {
        Step(new VBuffer<float>(batch.Length, batch), 1, batchBias, examples);
        Array.Clear(batch);
        (batchBias, examples) = (0, 0);
    }

    /// <summary>Shrinks the weights.</summary>
    /// <returns>The step's rate.</returns>
    private double Step()
    {
        var rate = 1 / (1 + options.Lambda * (double)++steps);
        scale *= 1 - rate * options.Lambda;
        if (scale < 1e-6)
        {
            // Too small for what is added beside it.
            TensorPrimitives.Multiply(weights, (float)scale, weights);
            scale = 1;
        }
        return rate;
    }

    private void Step(in VBuffer<float> direction, float factor, double biasDirection, int count)
    {
        var rate = Step() / count;
        Add(direction, (float)(factor * rate / scale), weights);
        if (!options.NoBias) bias += rate * biasDirection;
        if (options.PerformProjection) Project();
    }

    private void Project()
    {
        var norm = scale * TensorPrimitives.Norm<float>(weights);
        var radius = 1 / Math.Sqrt(options.Lambda);
        if (norm > radius) scale *= radius / norm;
    }

    private static void Add(in VBuffer<float> row, float factor, float[] sum)
    {
        var values = row.GetValues();
        if (row.IsDense)
        {
            TensorPrimitives.MultiplyAdd(values, factor, sum, sum);
            return;
        }
        var indices = row.GetIndices();
        for (var i = 0; i < values.Length; i++) sum[indices[i]] += factor * values[i];
    }
}
