using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>The last steps and what they changed of the gradient, as an approximation of the inverse Hessian (Nocedal 1980).</summary>
/// <param name="capacity">How many pairs are kept.</param>
internal sealed class CurvatureHistory(int capacity)
{
    private readonly record struct Pair(double[] Step, double[] Change, double Curvature);

    private readonly List<Pair> pairs = [];

    public bool IsEmpty => pairs.Count == 0;

    public void Clear() => pairs.Clear();

    /// <summary>Remembers a step, unless the gradient did not grow along it, which rounding can bring about.</summary>
    public void Add(double[] from, double[] to, double[] gradientFrom, double[] gradientTo)
    {
        if (capacity == 0) return;
        double[] step, change;
        if (pairs.Count == capacity)
        {
            (step, change) = (pairs[0].Step, pairs[0].Change);
            pairs.RemoveAt(0);
        }
        else (step, change) = (new double[from.Length], new double[from.Length]);
        TensorPrimitives.Subtract(to, from, step);
        TensorPrimitives.Subtract(gradientTo, gradientFrom, change);
        var curvature = TensorPrimitives.Dot<double>(step, change);
        if (curvature > double.Epsilon) pairs.Add(new Pair(step, change, curvature));
    }

    /// <summary>Multiplies the vector by the approximate inverse Hessian.</summary>
    public void ApplyInverse(double[] vector)
    {
        if (IsEmpty) return;
        var shares = new double[pairs.Count];
        for (var i = pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = TensorPrimitives.Dot<double>(pairs[i].Step, vector) / pairs[i].Curvature;
            TensorPrimitives.MultiplyAdd(pairs[i].Change, -shares[i], vector, vector);
        }
        var last = pairs[^1];
        TensorPrimitives.Multiply(vector, last.Curvature / TensorPrimitives.SumOfSquares<double>(last.Change), vector);
        for (var i = 0; i < pairs.Count; i++)
        {
            var share = TensorPrimitives.Dot<double>(pairs[i].Change, vector) / pairs[i].Curvature;
            TensorPrimitives.MultiplyAdd(pairs[i].Step, shares[i] - share, vector, vector);
        }
    }
}
