namespace GanPipeline.Studio;

/// <summary>
/// Compares generated points with a distribution by counts in the cells of a grid over [-1, 1] x [-1, 1]; all points outside it share one
/// more cell, so that every point counts.
/// </summary>
internal sealed class LabGrid
{
    private const int Side = 24, Cells = Side * Side + 1;

    // So many that the counts' own error does not show.
    private const int TruthPoints = 200_000;

    /// <summary>
    /// What each cell is taken to hold beside the generated points in it: half a point, Jeffreys' prior. Without it the Kullback-Leibler
    /// divergence is infinite as soon as one cell with data has no generated point.
    /// </summary>
    private const double Prior = 0.5;

    private readonly double[] _truth;

    /// <param name="data">What is compared with.</param>
    public LabGrid(LabData data) => _truth = Shares(data.Sample(seed: 0, TruthPoints), prior: 0);

    /// <summary>Kullback-Leibler divergence of the data from the generated points, in nats: the mean over the data of
    /// log (share of the data in a point's cell / share of the generated points there). 0 where they are distributed alike.</summary>
    /// <param name="points">Generated points, x and y by turns.</param>
    public double KullbackLeibler(ReadOnlySpan<float> points) => Divergence(_truth, Shares(points, Prior));

    /// <summary>
    /// Jensen-Shannon divergence in nats: the mean Kullback-Leibler divergence of either from the mean of both. 0 where they are
    /// distributed alike, log 2 where they have no cell in common.
    /// </summary>
    /// <param name="points">Generated points, x and y by turns.</param>
    public double JensenShannon(ReadOnlySpan<float> points)
    {
        var shares = Shares(points, prior: 0);
        double[] middle = [.. _truth.Zip(shares, (a, b) => (a + b) / 2)];
        return (Divergence(_truth, middle) + Divergence(shares, middle)) / 2;
    }

    private static double Divergence(double[] from, double[] to)
    {
        var sum = 0.0;
        for (var i = 0; i < Cells; i++)
            if (from[i] > 0) sum += from[i] * Math.Log(from[i] / to[i]);
        return sum;
    }

    private static double[] Shares(ReadOnlySpan<float> points, double prior)
    {
        var shares = new double[Cells];
        Array.Fill(shares, prior);
        for (var i = 0; i + 1 < points.Length; i += 2) shares[Cell(points[i], points[i + 1])]++;
        var total = points.Length / 2 + prior * Cells;
        for (var i = 0; i < Cells; i++) shares[i] /= total;
        return shares;
    }

    private static int Cell(float x, float y)
    {
        // False for numbers that are none, too.
        if (!(MathF.Abs(x) < 1 && MathF.Abs(y) < 1)) return Cells - 1;
        return (int)((y + 1) / 2 * Side) * Side + (int)((x + 1) / 2 * Side);
    }
}
