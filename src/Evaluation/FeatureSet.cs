
namespace GanPipeline.Evaluation;

/// <summary>Images as a feature space sees them.</summary>
/// <param name="Statistics">Over all of them.</param>
/// <param name="Vectors">The first ones' features, row-major [n, F], for figures that compare single images.</param>
/// <param name="Labels">The first ones' labels, -1 where there is none; empty where the images have no labels.</param>
public sealed record FeatureSet(GaussianStatistics Statistics, ReadOnlyMemory<float> Vectors, IReadOnlyList<int> Labels)
{
    /// <summary>Neighbours are sought among so many images at most: the work grows with the square.</summary>
    public const int MostVectors = 10_000;

    /// <summary>Naeem et al. 2020 take 5 neighbours.</summary>
    private const int Neighbours = 5;

    private int FeatureCount => Statistics.FeatureCount;

    private int Kept => Vectors.Length / FeatureCount;

    /// <summary>The Frechet distance to other images.</summary>
    public double FrechetDistance(FeatureSet other) => Evaluation.FrechetDistance.Between(Statistics, other.Statistics);

    /// <summary>Precision, recall, density and coverage of other images, these being the real ones; null where either has too few.</summary>
    public NeighbourMetrics? Compare(FeatureSet generated) => Compare(Vectors, generated.Vectors);

    /// <summary>The same among the images of one label.</summary>
    public NeighbourMetrics? Compare(FeatureSet generated, int label) => Compare(OfLabel(label), generated.OfLabel(label));

    private NeighbourMetrics? Compare(ReadOnlyMemory<float> real, ReadOnlyMemory<float> generated) =>
        Math.Min(real.Length, generated.Length) / FeatureCount > Neighbours
            ? NeighbourMetrics.Compute(real, generated, FeatureCount, Neighbours)
            : null;

    private ReadOnlyMemory<float> OfLabel(int label)
    {
        int[] rows = [.. Enumerable.Range(0, Kept).Where(i => Labels[i] == label)];
        var vectors = new float[rows.Length * FeatureCount];
        for (var i = 0; i < rows.Length; i++) Vectors.Span.Slice(rows[i] * FeatureCount, FeatureCount).CopyTo(vectors.AsSpan(i * FeatureCount));
        return vectors;
    }
}
