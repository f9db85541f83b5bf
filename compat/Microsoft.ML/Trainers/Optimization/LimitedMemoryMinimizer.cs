using System.Numerics.Tensors;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Minimises f(x) + c |w| by limited-memory BFGS, w being x without its first entries (the biases): two-loop recursion (Nocedal 1980,
/// "Updating quasi-Newton matrices with limited storage"), and where c is above 0 or w may not be negative, orthant by orthant (Andrew
/// and Gao 2007, "Scalable training of L1-regularized log-linear models", OWL-QN).
/// </summary>
/// <remarks>
/// MathNet's LimitedMemoryBfgsMinimizer finds the same minimum where c is 0 (a test compares them), but c is 1 unless told otherwise, which it
/// has no means for, and it ends where the gradient is short, not by the relative improvement that ML.NET's tolerance is about.
/// </remarks>
internal sealed partial class LimitedMemoryMinimizer
{
    /// <summary>The decrease that a step must bring, as a share of what the slope promises.</summary>
    private const double SufficientDecrease = 1e-4;

    /// <summary>How often a step is shortened before the current point counts as the best within the rounding of f.</summary>
    private const int MaximumBacktracks = 20;

    /// <summary>Over how many iterations the improvement is averaged that ends the search.</summary>
    private const int AveragedIterations = 5;

    /// <summary>Writes the gradient of f at a point.</summary>
    /// <returns>f there.</returns>
    public delegate double Objective(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>The pairs of step and change of gradient that are remembered.</summary>
    public int HistorySize { get; init; } = 20;

    /// <summary>The search ends where the mean improvement of five iterations, relative to the value, is at most this.</summary>
    public double Tolerance { get; init; } = 1e-7;

    public int MaximumIterations { get; init; } = int.MaxValue;

    /// <summary>c, the weight of the absolute values.</summary>
    public double L1 { get; init; }

    /// <summary>Whether w stays at or above 0.</summary>
    public bool NonNegative { get; init; }

    /// <summary>How many first entries of x are free of L1 and of signs.</summary>
    public int Biases { get; init; }

    private bool HasOrthants => L1 > 0 || NonNegative;

    /// <summary>A point, with f + c |w| and the gradient of f there.</summary>
    private sealed class Point(double[] x)
    {
        public readonly double[] X = x;
        public readonly double[] Gradient = new double[x.Length];
        public double Value;
    }

    /// <summary>Finds the minimum.</summary>
    /// <param name="objective">f.</param>
    /// <param name="start">Where to begin. The array is written over.</param>
    /// <returns>The minimum, and the iterations made.</returns>
    /// <exception cref="InvalidOperationException">f is not a finite number at the start.</exception>
    public (double[] Minimum, int Iterations) Minimize(Objective objective, double[] start)
    {
        var (here, next) = (new Point(start), new Point(new double[start.Length]));
        Evaluate(objective, here);
        if (!double.IsFinite(here.Value)) throw new InvalidOperationException($"The loss is {here.Value} before the first iteration.");
        double[] slope = new double[start.Length], direction = new double[start.Length];
        var history = new CurvatureHistory(HistorySize);
        var past = new Queue<double>([here.Value]);
        var iteration = 0;
        while (iteration < MaximumIterations)
        {
            WriteSlope(here, slope);
            var steepness = TensorPrimitives.Norm<double>(slope);
            if (steepness == 0) break;
            TensorPrimitives.Negate(slope, direction);
            history.ApplyInverse(direction);
            if (HasOrthants) KeepDescending(direction, slope);
            if (!Search(objective, here, slope, direction, history.IsEmpty ? Math.Min(1, 1 / steepness) : 1, next))
            {
                // What is remembered of the curvature may be what is wrong: once more along the slope itself.
                if (history.IsEmpty) break;
                history.Clear();
                continue;
            }
            history.Add(here.X, next.X, here.Gradient, next.Gradient);
            (here, next) = (next, here);
            iteration++;
            past.Enqueue(here.Value);
            if (past.Count <= AveragedIterations) continue;
            var improvement = (past.Dequeue() - here.Value) / AveragedIterations;
            if (improvement <= Tolerance * Math.Abs(here.Value)) break;
        }
        return (here.X, iteration);
    }

    /// <summary>Shortens the step until it brings the decrease that its slope promises.</summary>
    /// <returns>Whether it did; then <paramref name="next"/> is evaluated.</returns>
    private bool Search(Objective objective, Point here, double[] slope, double[] direction, double step, Point next)
    {
        for (var attempt = 0; attempt < MaximumBacktracks; attempt++)
        {
            TensorPrimitives.MultiplyAdd(direction, step, here.X, next.X);
            if (HasOrthants) StayInOrthant(next.X, here.X, slope);
            var promised = Change(slope, here.X, next.X);
            if (promised >= 0) return false;
            Evaluate(objective, next);
            var change = next.Value - here.Value;
            if (change <= SufficientDecrease * promised) return true;

            // Where the parabola through both values and the slope has its minimum.
            var parabola = -0.5 * promised / (change - promised);
            step *= double.IsFinite(parabola) ? Math.Clamp(parabola, 0.1, 0.5) : 0.1;
        }
        return false;
    }

    private void Evaluate(Objective objective, Point point)
    {
        point.Value = objective(point.X, point.Gradient);
        if (L1 > 0) point.Value += L1 * TensorPrimitives.SumOfMagnitudes<double>(point.X.AsSpan(Biases));
    }

    private static double Change(double[] slope, double[] from, double[] to)
    {
        double change = 0;
        for (var i = 0; i < slope.Length; i++) change += slope[i] * (to[i] - from[i]);
        return change;
    }
}
