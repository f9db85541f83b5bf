using MathNet.Numerics.LinearAlgebra;

namespace GanPipeline.Evaluation;

/// <summary>
/// The distance of two sets of images in a feature space: the Frechet distance of the Gaussians with their means and covariances (Dowson
/// and Landau 1982), with which Heusel et al. 2017, section 2, measure generators. With Inception's features it is called FID.
/// </summary>
public static class FrechetDistance
{
    private const int Groups = 10;

    // Singular values come as roots of eigenvalues, whose rounding is about 1e-16 of the largest one.
    private const double SmallestValue = 1e-7;

    private const int InfluenceRows = 512;

    /// <summary>The squared distance |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)).</summary>
    /// <remarks>
    /// The trace of the root is the sum of the singular values of S1^(1/2) S2^(1/2), from the symmetric eigendecompositions of S1 and S2.
    /// It also exists for singular covariances, such as those of fewer images than features. With few images the distance is biased
    /// upwards, so compare only distances of equally many images.
    /// </remarks>
    /// <param name="a">Mean m1 and covariance S1.</param>
    /// <param name="b">Mean m2 and covariance S2.</param>
    /// <returns>0 or more; 0 for equal statistics, up to rounding.</returns>
    /// <exception cref="ArgumentException">Different numbers of features.</exception>
    /// <exception cref="InvalidOperationException">Fewer than two vectors in one of them.</exception>
    public static double Between(GaussianStatistics a, GaussianStatistics b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Between(new Gaussian(a), new Gaussian(b));
    }

    /// <summary>
    /// The standard error of the distance of a sample over other samples of the same size from the same generator, with the real images
    /// taken as they are: the jackknife over ten disjoint groups of the sample, each left out once.
    /// </summary>
    /// <remarks>
    /// Not the bootstrap: a resample repeats images, so that its covariance is of about 63 % as many different ones, and its distances lie
    /// above the one that they should surround, the more so the more features there are. Groups that are left out see every image nearly
    /// as often as the distance itself does, and need ten distances instead of hundreds.
    /// </remarks>
    /// <param name="real">Mean and covariance of the real images.</param>
    /// <param name="sample">Row-major [n, F].</param>
    /// <returns>Not a number if a group would have fewer than two vectors.</returns>
    internal static double Error(GaussianStatistics real, ReadOnlySpan<float> sample)
    {
        var features = real.FeatureCount;
        var count = sample.Length / features;
        if (count < 2 * Groups) return double.NaN;
        var groups = new GaussianStatistics[Groups];
        for (var g = 0; g < Groups; g++)
        {
            int first = (int)((long)count * g / Groups), end = (int)((long)count * (g + 1) / Groups);
            groups[g] = new GaussianStatistics(features);
            groups[g].Add(sample[(first * features)..(end * features)]);
        }
        var reference = new Gaussian(real);
        var distances = new double[Groups];
        Parallel.For(0, Groups, left =>
        {
            var rest = new GaussianStatistics(features);
            for (var g = 0; g < Groups; g++)
                if (g != left) rest.Merge(groups[g]);
            distances[left] = Between(reference, new Gaussian(rest));
        });
        var mean = distances.Average();
        return Math.Sqrt((Groups - 1.0) / Groups * distances.Sum(d => (d - mean) * (d - mean)));
    }

    /// <summary>
    /// The distance with its standard error over other samples of the same size, by two eigendecompositions instead of the jackknife's
    /// ten distances: for many features.
    /// </summary>
    /// <remarks>
    /// The delta method (van der Vaart 1998, chapter 20): the error is the deviation of the vectors' influences over the root of their
    /// number. With S1 = A A', A' S2 A = U D^2 U' and z = x - m2, the influence of x is 2 (m2 - m1) z + z z - |D^(-1/2) U' A' z|^2, less
    /// its mean. It is of the first order: where vectors are hardly more than features, the true error is larger.
    /// </remarks>
    /// <param name="real">Mean m1 and covariance S1 of the real images.</param>
    /// <param name="generated">Mean m2 and covariance S2 of the sample.</param>
    /// <param name="sample">Vectors of the sample, row-major [n, F], at least two.</param>
    internal static (double Distance, double Error) Measure(
        GaussianStatistics real, GaussianStatistics generated, ReadOnlyMemory<float> sample)
    {
        var features = real.FeatureCount;
        var first = new Gaussian(real);
        var root = first.Vectors.Clone();
        root.MapIndexedInplace((i, j, value) => value * first.Roots[j]);
        var second = Matrix<double>.Build.Dense(features, features, generated.Covariance());
        var inner = root.TransposeThisAndMultiply(second * root);
        var evd = ((inner + inner.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        double[] values = [.. evd.EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real)))];
        var means = Vector<double>.Build.Dense(generated.Mean.ToArray());
        var shift = means - Vector<double>.Build.Dense(first.Mean);
        var distance = Math.Max(0, shift * shift + first.Trace + second.Trace() - 2 * values.Sum());

        // What is 0 but for rounding has no influence.
        var least = values.Max() * SmallestValue;
        var weights = root * evd.EigenVectors;
        weights.MapIndexedInplace((i, j, value) => values[j] > least ? value / Math.Sqrt(values[j]) : 0);
        var count = sample.Length / features;
        var influences = new double[count];
        for (var at = 0; at < count; at += InfluenceRows)
        {
            var rows = Matrix<double>.Build.Dense(Math.Min(InfluenceRows, count - at), features,
                (i, j) => sample.Span[(at + i) * features + j] - means[j]);
            var moved = rows * weights;
            for (var i = 0; i < rows.RowCount; i++)
            {
                Vector<double> z = rows.Row(i), w = moved.Row(i);
                influences[at + i] = 2 * (shift * z) + z * z - w * w;
            }
        }
        var mean = influences.Average();
        var variance = influences.Sum(x => (x - mean) * (x - mean)) / (count - 1);
        return (distance, Math.Sqrt(variance / generated.Count));
    }

    private static double Between(Gaussian a, Gaussian b)
    {
        if (a.Count != b.Count) throw new ArgumentException($"{a.Count} and {b.Count} features cannot be compared.", nameof(b));
        var distance = a.Trace + b.Trace;
        for (var i = 0; i < a.Count; i++)
        {
            var shift = a.Mean[i] - b.Mean[i];
            distance += shift * shift;
        }
        // With S = V L V', the roots' product is V1 L1^(1/2) (V1' V2) L2^(1/2) V2'; the outer rotations do not change singular values.
        var inner = a.Vectors.TransposeThisAndMultiply(b.Vectors);
        inner.MapIndexedInplace((i, j, value) => value * a.Roots[i] * b.Roots[j]);
        return Math.Max(0, distance - 2 * inner.Svd(computeVectors: false).S.Sum());
    }

    /// <summary>A mean, and a covariance by its eigenvectors and the roots of its eigenvalues.</summary>
    private sealed class Gaussian
    {
        public Gaussian(GaussianStatistics statistics)
        {
            Count = statistics.FeatureCount;
            Mean = statistics.Mean.ToArray();
            var covariance = statistics.Covariance();
            for (var i = 0; i < Count; i++) Trace += covariance[i * Count + i];
            var evd = Matrix<double>.Build.Dense(Count, Count, covariance).Evd(Symmetricity.Symmetric);
            Vectors = evd.EigenVectors;
            // The eigenvalues of a covariance are not negative. One that rounding made negative is zero.
            Roots = evd.EigenValues.Map(value => Math.Sqrt(Math.Max(0, value.Real)));
        }

        public int Count { get; }

        public double[] Mean { get; }

        public double Trace { get; }

        public Matrix<double> Vectors { get; }

        public Vector<double> Roots { get; }
    }
}
