using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How well a translator works both ways, on test images.</summary>
/// <param name="Forth">From the first side to the second one.</param>
/// <param name="Back">From the second side to the first one.</param>
internal sealed record CycleStageMetrics(CycleDirection Forth, CycleDirection Back);

/// <summary>How well one direction works.</summary>
/// <param name="Cycle">The inputs beside what becomes of them there and back.</param>
/// <param name="Frechet">How near the outputs are, as a whole, to the side that they should be of.</param>
/// <param name="Features">In whose features that is measured.</param>
/// <param name="Truth">The outputs beside the targets of test pairs, which training never saw; null where there are no pairs.</param>
/// <param name="InputTruth">The inputs themselves beside these targets; null likewise, or where the two sides' channels differ.</param>
/// <param name="Style">
/// What a classifier reads by its attribute <c>style</c>, or by its only one; null where there is none, or both sides are alike to it.
/// </param>
/// <param name="Kept">
/// Of each attribute that both the classifier and the test images have; null where there is none, or the images are no pairs.
/// </param>
internal sealed record CycleDirection(PairMetrics Cycle, CycleDistances Frechet, string Features, PairMetrics? Truth,
    PairMetrics? InputTruth, ReadShares? Style, IReadOnlyDictionary<string, ReadShares>? Kept)
{
    /// <summary>The Frechet distances of what smaller forms make of the same inputs, by file; null where there are none.</summary>
    public IReadOnlyDictionary<string, double>? Reduced { get; init; }
}

/// <summary>Frechet distances to the test images of the side that outputs should be of.</summary>
/// <param name="Outputs">Of the outputs.</param>
/// <param name="OutputsError">Its standard error, see <see cref="FeatureSet.FrechetError"/>.</param>
/// <param name="Inputs">Of the inputs themselves.</param>
/// <param name="Real">Of the same side's training images: as good as it gets.</param>
internal sealed record CycleDistances(double Outputs, double? OutputsError, double? Inputs, double Real);

/// <summary>Shares of images of which a classifier reads what they should show, 0 to 1.</summary>
/// <param name="Outputs">Of the outputs.</param>
/// <param name="Real">Of the test images of their side: the classifier's own limit.</param>
internal sealed record ReadShares(double Outputs, double Real);
