using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>A comparison in rows that people read: a metric, its value with the standard error, what it is.</summary>
internal static class PictureMetricsText
{
    /// <summary>The rows.</summary>
    public static IEnumerable<(string Name, string Value, string Note)> Rows(PictureMetrics c)
    {
        yield return ("samples", Side(c.Samples), "");
        yield return ("reference", Side(c.Reference), "");
        yield return ("features", c.Features, $"{TextFormat.Count(c.FeatureCount)} of a picture");
        if (c.Fid is { } fid) yield return ("FID", Text(fid), $"less is better; by the protocol of {c.Protocol}");
        if (c.Frechet is { } frechet) yield return ("Frechet distance", Text(frechet), "less is better");
        if (c.Kernel is { } kernel) yield return (c.Fid is null ? "kernel distance" : "KID", KernelText.Distance(kernel),
            $"less is better, 0 for equal distributions; over {kernel.Subsets} subsets of {TextFormat.Count(kernel.SubsetSize)}");
        if (c.Neighbours is { } n)
        {
            yield return ("precision", TextFormat.Share(n.Precision, n.Errors?.Precision), "samples that lie among reference pictures");
            yield return ("recall", TextFormat.Share(n.Recall, n.Errors?.Recall), "reference pictures that lie among samples");
            yield return ("density", TextFormat.Share(n.Density, n.Errors?.Density),
                "reference pictures around a sample; 1 for equal distributions");
            yield return ("coverage", TextFormat.Share(n.Coverage, n.Errors?.Coverage), "reference pictures with a sample near");
        }
        if (c.TwoSample is { } two) yield return ("two-sample accuracy", TextFormat.Share(two.Accuracy, two.Error),
            $"0.5 is best; of samples {TextFormat.Share(two.Generated, null)}, of the reference {TextFormat.Share(two.Real, null)}");
        if (c.Sliced is { } sliced) yield return ("sliced Wasserstein", Text(sliced), "of pixels; less is better");
        if (c.InceptionScore is { Samples: { } score }) yield return ("inception score", Score(score),
            "with the features' own classes" + (c.InceptionScore.Reference is { } other ? $"; reference {Score(other)}" : ""));
        if (c.LabelsRead is { } read) yield return ("labels read right", Pair(read.Samples, read.Reference), "samples; reference");
        if (c.WithinClass is { } within) yield return ("MS-SSIM within classes", Similarity(within.Samples, within.Reference),
            $"samples; reference; less is more varied, of {(within.Samples ?? within.Reference)!.Scales} scales");
    }

    private static string Text(Measured m) => TextFormat.Number(m.Value) + (m.Error is { } e ? $" +- {TextFormat.Number(e)}" : "");

    private static string Score(InceptionScore s) =>
        $"{TextFormat.Number(s.Mean)} +- {TextFormat.Number(s.Deviation / Math.Sqrt(s.Splits))}";

    private static string Pair(Measured? samples, Measured? reference) =>
        string.Join("; ", new[] { samples, reference }.Select(m => m is null ? "no labels" : TextFormat.Share(m.Value, m.Error)));

    private static string Similarity(ClassSimilarity? samples, ClassSimilarity? reference) =>
        string.Join("; ", new[] { samples, reference }.Select(s => s is null ? "no classes" : TextFormat.Share(s.Mean, s.Error)));

    private static string Side(ComparedPictures side) =>
        $"{side.Name}: {TextFormat.Count(side.Images, "picture")} of {side.Width} x {side.Height}, " +
        (side.Channels == 1 ? "gray" : "colour") +
        (side.Skipped > 0 ? $"; {TextFormat.Count(side.Skipped)} could not be read" : "");
}
