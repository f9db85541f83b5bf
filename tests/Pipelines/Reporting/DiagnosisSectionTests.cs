using System.Text.RegularExpressions;
using GanPipeline.Training;

namespace GanPipeline.Pipelines.Tests;

public class DiagnosisSectionTests
{
    /// <summary>2,000 steps; from step 800 on the samples are copies, up to a step.</summary>
    private static GanMetrics[] Log(long end) => [.. Enumerable.Range(1, 100).Select(i => new GanMetrics
    {
        Step = i * 20,
        DiscriminatorLoss = 0.6,
        GeneratorLoss = 1,
        RealAccuracy = 0.7,
        GeneratedAccuracy = 0.7,
        GeneratorGradientNorm = 1,
        Diversity = i % 10 == 0 ? 0.9 : null,
        Distance = i % 10 == 0 ? 0.05 : null,
        Novelty = i % 10 == 0 ? i * 20 is >= 800 && i * 20 < end ? 0.1 : 0.9 : null,
        Variation = i % 10 == 0 ? 0.8 : null,
    })];

    [Fact]
    public void A_condition_stands_with_its_steps_and_what_helps()
    {
        var html = DiagnosisSection.Build(GanLoss.CrossEntropy, Log(end: 1400));
        Assert.Contains("Copying <small>from step 1,300 to 1,900</small>", html, StringComparison.Ordinal);
        Assert.Contains("What helps: more pictures; objective.augment", html, StringComparison.Ordinal);
        // 500 steps after the signs came and went; the whole width is 2,000 steps.
        Assert.Contains("left:65%;width:30%", html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"copying from step 1,300 to 1,900\"", html, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(html, "<figure")); // distance, diversity, novelty; overfitting was not measured
    }

    [Fact]
    public void One_that_lasts_reaches_to_the_end()
    {
        var html = DiagnosisSection.Build(GanLoss.CrossEntropy, Log(end: 9999));
        Assert.Contains("<small>from step 1,300 on</small>", html, StringComparison.Ordinal);
        Assert.Contains("left:65%;width:35%", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_healthy_training_is_said_to_be_one()
    {
        Assert.Contains("No sign of anything wrong", DiagnosisSection.Build(GanLoss.CrossEntropy, Log(end: 0)), StringComparison.Ordinal);
        Assert.Equal("", DiagnosisSection.Build(GanLoss.CrossEntropy, []));
    }
}
