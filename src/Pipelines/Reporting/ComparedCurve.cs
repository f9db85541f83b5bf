using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>One of the training's values by step, drawn for every run.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Value">Of a log interval; null where it was not measured.</param>
/// <param name="Caption">What stands below.</param>
/// <param name="IsShare">Whether it goes from 0 to 1.</param>
/// <param name="Mark">A value to draw a line at.</param>
internal sealed record ComparedCurve(
    string Key, string Title, Func<TrainingMetrics, double?> Value, string Caption = "by step", bool IsShare = false, double? Mark = null)
{
    public double? Top => IsShare ? 1 : null;

    /// <summary>Those that the runs' kind has.</summary>
    public static IReadOnlyList<ComparedCurve> Of(RunComparison comparison) => comparison.IsOfClassifiers
        ?
        [
            new("loss", "Loss", m => ((FitMetrics)m).Loss),
            new("accuracy", "Right on training pictures", m => ((FitMetrics)m).Accuracy, IsShare: true),
        ]
        :
        [
            Gan("metric", "Frechet distance to training pictures", m => m.Metric, "by step, as measured during the training"),
            Gan("generatorLoss", "Generator loss", m => m.GeneratorLoss),
            Gan("discriminatorLoss", "Discriminator loss", m => m.DiscriminatorLoss),
            Gan("realAccuracy", "Discriminator right on real pictures", m => m.RealAccuracy, isShare: true),
            Gan("generatedAccuracy", "Discriminator right on generated pictures", m => m.GeneratedAccuracy, isShare: true),
            Gan("generatorGradientNorm", "Generator gradient norm", m => m.GeneratorGradientNorm),
            Gan("discriminatorGradientNorm", "Discriminator gradient norm", m => m.DiscriminatorGradientNorm),
        ];

    /// <summary>The curve of a run; without points where it has none.</summary>
    public Series Of(ComparedRun run, string color, LineStyle style) => new(run.Name, color, Points(run), style);

    /// <summary>The values of a run by step; none where it has none.</summary>
    public IReadOnlyList<(double X, double Y)> Points(ComparedRun run) =>
        [.. run.Metrics.Select(m => ((double)m.Step, Value(m) ?? double.NaN)).Where(point => double.IsFinite(point.Item2))];

    private static ComparedCurve Gan(
        string key, string title, Func<GanMetrics, double?> value, string caption = "by step", bool isShare = false) =>
        new(key, title, m => value((GanMetrics)m), caption, isShare, isShare ? 0.5 : null);
}
