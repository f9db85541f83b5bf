namespace Microsoft.ML.Trainers;

/// <summary>
/// Probabilities from scores: 1 / (1 + exp(slope x score + offset)) (Platt 1999, "Probabilistic outputs for support vector machines"), fitted to
/// the labels by Newton's method with the line search of Lin, Lin and Weng 2007 ("A note on Platt's probabilistic outputs").
/// </summary>
internal readonly record struct PlattSigmoid(double Slope, double Offset)
{
    private const int MaximumIterations = 100;
    private const double Ridge = 1e-12;

    internal float Probability(float score) => (float)(1 / (1 + Math.Exp(Slope * score + Offset)));

    /// <summary>Fits the sigmoid to scores and their classes.</summary>
    internal static PlattSigmoid Fit(IReadOnlyList<(float Score, bool IsPositive)> examples)
    {
        double positives = examples.Count(example => example.IsPositive), negatives = examples.Count - positives;

        // Targets a little inside 0 and 1: those of a uniform prior over the probabilities.
        double high = (positives + 1) / (positives + 2), low = 1 / (negatives + 2);
        var here = new PlattSigmoid(0, Math.Log((negatives + 1) / (positives + 1)));
        var loss = here.Loss(examples, high, low);
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            var (slopeStep, offsetStep, promised) = here.NewtonStep(examples, high, low);
            if (!(promised < -1e-10)) break;
            var step = 1.0;
            for (; step >= 1e-10; step /= 2)
            {
                var next = new PlattSigmoid(here.Slope + step * slopeStep, here.Offset + step * offsetStep);
                var nextLoss = next.Loss(examples, high, low);
                if (!(nextLoss < loss + 1e-4 * step * promised)) continue;
                (here, loss) = (next, nextLoss);
                break;
            }
            if (step < 1e-10) break;
        }
        return here;
    }

    private double Loss(IReadOnlyList<(float Score, bool IsPositive)> examples, double high, double low)
    {
        var loss = 0.0;
        foreach (var (score, isPositive) in examples)
        {
            var argument = Slope * score + Offset;
            var target = isPositive ? high : low;
            loss += argument >= 0 ? target * argument + double.LogP1(Math.Exp(-argument))
                : (target - 1) * argument + double.LogP1(Math.Exp(argument));
        }
        return loss;
    }

    private (double Slope, double Offset, double Promised) NewtonStep(IReadOnlyList<(float Score, bool IsPositive)> examples, double high,
        double low)
    {
        double h11 = Ridge, h22 = Ridge, h21 = 0, g1 = 0, g2 = 0;
        foreach (var (score, isPositive) in examples)
        {
            var probability = 1 / (1 + Math.Exp(Slope * score + Offset));
            var curvature = probability * (1 - probability);
            var difference = (isPositive ? high : low) - probability;
            h11 += score * score * curvature;
            h22 += curvature;
            h21 += score * curvature;
            g1 += score * difference;
            g2 += difference;
        }
        var determinant = h11 * h22 - h21 * h21;
        double slope = -(h22 * g1 - h21 * g2) / determinant, offset = -(h11 * g2 - h21 * g1) / determinant;
        return (slope, offset, g1 * slope + g2 * offset);
    }
}
