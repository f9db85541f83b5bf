namespace Microsoft.ML.Trainers;

internal sealed partial class LimitedMemoryMinimizer
{
    /// <summary>The gradient of f + c |w|; where a weight is 0, the one-sided derivative that descends, or 0 where neither does.</summary>
    private void WriteSlope(Point here, double[] slope)
    {
        here.Gradient.CopyTo(slope, 0);
        if (!HasOrthants) return;
        for (var i = Biases; i < slope.Length; i++)
        {
            double right = here.Gradient[i] + L1, left = here.Gradient[i] - L1;
            slope[i] = here.X[i] switch
            {
                > 0 => right,
                < 0 => left,
                _ when right < 0 => right,
                _ when left > 0 && !NonNegative => left,
                _ => 0,
            };
        }
    }

    /// <summary>Takes out of the direction what would ascend.</summary>
    private void KeepDescending(double[] direction, double[] slope)
    {
        for (var i = Biases; i < direction.Length; i++)
            if (direction[i] * slope[i] >= 0) direction[i] = 0;
    }

    /// <summary>A weight that changed its sign, or left 0 for the side that its slope does not point to, becomes 0.</summary>
    private void StayInOrthant(double[] next, double[] here, double[] slope)
    {
        for (var i = Biases; i < next.Length; i++)
        {
            var side = here[i] != 0 ? here[i] : -slope[i];
            if (next[i] * side <= 0) next[i] = 0;
        }
    }
}
