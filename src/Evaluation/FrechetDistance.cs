using MathNet.Numerics.LinearAlgebra;

namespace GanPipeline.Evaluation;

/// <summary>
/// The distance of two sets of images in a feature space: the Frechet distance of the Gaussians with their means and covariances (Dowson
/// and Landau 1982), with which Heusel et al. 2017, section 2, measure generators. With Inception's features it is called FID.
/// </summary>
public static class FrechetDistance
{
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
        if (a.FeatureCount != b.FeatureCount)
            throw new ArgumentException($"{a.FeatureCount} and {b.FeatureCount} features cannot be compared.", nameof(b));
        var n = a.FeatureCount;
        double[] covarianceA = a.Covariance(), covarianceB = b.Covariance();
        double distance = 0;
        for (var i = 0; i < n; i++)
        {
            var shift = a.Mean[i] - b.Mean[i];
            distance += shift * shift + covarianceA[i * n + i] + covarianceB[i * n + i];
        }
        return Math.Max(0, distance - 2 * TraceOfRoot(covarianceA, covarianceB, n));
    }

    private static double TraceOfRoot(double[] a, double[] b, int n)
    {
        // With S = V L V', the roots' product is V1 L1^(1/2) (V1' V2) L2^(1/2) V2'; the outer rotations do not change singular values.
        (var vectorsA, var rootsA) = Decompose(a, n);
        (var vectorsB, var rootsB) = Decompose(b, n);
        var inner = vectorsA.TransposeThisAndMultiply(vectorsB);
        inner.MapIndexedInplace((i, j, value) => value * rootsA[i] * rootsB[j]);
        return inner.Svd(computeVectors: false).S.Sum();
    }

    // The eigenvalues of a covariance are not negative. One that rounding made negative is zero.
    private static (Matrix<double> Vectors, Vector<double> Roots) Decompose(double[] symmetric, int n)
    {
        var evd = Matrix<double>.Build.Dense(n, n, symmetric).Evd(Symmetricity.Symmetric);
        return (evd.EigenVectors, evd.EigenValues.Map(value => Math.Sqrt(Math.Max(0, value.Real))));
    }
}
