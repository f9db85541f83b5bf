using System.Globalization;
using System.Text.Json.Serialization;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>Names of what the transfer experiment compares.</summary>
internal static class Representations
{
    public const string Features = "features", Pixels = "pixels", Untrained = "untrained", Best = "best",
        Gradients = "gradients";
}

/// <summary>Feature tables on disk, by representation.</summary>
internal sealed record FeaturesMetrics(IReadOnlyDictionary<string, TableMetrics> Tables, long Bytes);

/// <summary>The tables of one representation: of training and of test images.</summary>
/// <param name="ImagesPerSecond">Of the network; null where the tables were there.</param>
internal sealed record TableMetrics(int Columns, long TrainImages, long TestImages, long SkippedImages, double? ImagesPerSecond);

/// <summary>The transfer experiment: how many test images a linear classifier of the features gets right, beside the controls.</summary>
internal sealed record TransferMetrics
{
    [JsonConverter(typeof(SixDigits))]
    public required double Accuracy { get; init; }

    /// <summary>95 %: [low, high].</summary>
    public required ShareInterval Interval { get; init; }

    public required IReadOnlyDictionary<string, ControlMetrics> Controls { get; init; }

    /// <summary>The features of each layer alone, in the network's order; null where that was not asked for.</summary>
    public IReadOnlyDictionary<string, ControlMetrics>? Layers { get; init; }

    /// <summary>Accuracy by labels of a class; null where that was not asked for.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>Null where every label was used.</summary>
    public int? LabelsPerClass { get; init; }

    public required int Draws { get; init; }
    public required string Trainer { get; init; }

    /// <summary>The data that the discriminator was trained on, as its file says; null where it does not.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>Of that training.</summary>
    public long? TrainingSteps { get; init; }

    public required long TrainImages { get; init; }
    public required long TestImages { get; init; }

    /// <summary>Values of an image, by representation.</summary>
    public required IReadOnlyDictionary<string, int> Features { get; init; }

    /// <summary>By representation, one a draw.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Accuracies { get; init; }

    /// <summary>The regularisation chosen, by representation, one a draw.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Strengths { get; init; }

    /// <summary>The regularisations tried in the first draw, by representation.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<StrengthTrial>> Trials { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Of each class: the share of its test images that were recognised.</summary>
    public required IReadOnlyList<double> Recall { get; init; }

    /// <summary>[actual][predicted]: test images, summed over the draws.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Confusion { get; init; }

    /// <param name="result">The experiment's.</param>
    /// <param name="layers">The names of those controls that are layers.</param>
    /// <param name="curve">The same with other numbers of labels.</param>
    /// <param name="trainer">The classifier's name.</param>
    /// <param name="labelsPerClass">0 is all.</param>
    /// <param name="trainImages">Labelled images of a draw.</param>
    /// <param name="classes">Their names.</param>
    public static TransferMetrics From(
        TransferResult result,
        IReadOnlyCollection<string> layers,
        IReadOnlyList<(int Labels, TransferResult Result)> curve,
        string trainer,
        int labelsPerClass,
        long trainImages,
        IReadOnlyList<string> classes)
    {
        RepresentationResult[] all = [result.Features, .. result.Controls];
        Dictionary<string, T> Each<T>(Func<RepresentationResult, T> value) => all.ToDictionary(r => r.Name, value);
        Dictionary<string, ControlMetrics> Controls(Func<string, bool> which) => result.Controls.Where(c => which(c.Name))
            .ToDictionary(c => c.Name, c => new ControlMetrics(c.Accuracy.Value, c.Difference!.Value.Value,
                ShareInterval.From(c.Difference.Value.Interval), ShareInterval.From(c.Accuracy.Interval)));
        return new()
        {
            Accuracy = result.Features.Accuracy.Value,
            Interval = ShareInterval.From(result.Features.Accuracy.Interval),
            Controls = Controls(name => !layers.Contains(name)),
            Layers = layers.Count > 0 ? Controls(layers.Contains) : null,
            Curve = curve.Count > 0 ? [.. curve.Select(point => CurvePoint.From(point.Labels, point.Result, layers))] : null,
            LabelsPerClass = labelsPerClass == 0 ? null : labelsPerClass,
            Draws = result.Features.Draws.Count,
            Trainer = trainer,
            TrainImages = trainImages,
            TestImages = result.Features.Confusion.Sum(row => row.Sum()) / result.Features.Draws.Count,
            Features = Each(r => r.Columns),
            Accuracies = Each<IReadOnlyList<double>>(r => [.. r.Draws.Select(d => d.Accuracy)]),
            Strengths = Each<IReadOnlyList<double>>(r => [.. r.Draws.Select(d => d.Strength)]),
            Trials = Each(r => r.Draws[0].Trials),
            Classes = classes,
            Recall = result.Features.Recall,
            Confusion = result.Features.Confusion,
        };
    }

    /// <summary>The metrics in one line: accuracy, and how far above each control.</summary>
    public string Describe() => $"{Percent(Accuracy)} of the test images right {Interval}; " + string.Join("; ", Controls.Select(c =>
        $"{c.Key} {Percent(c.Value.Accuracy)}, {c.Value.DescribeDifference()}"));

    /// <summary>A share in percent, with the digits that ten thousand images give.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? "?" : Number(share) + " %";

    internal static string Number(double share) => (share * 100).ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>What the features are compared with.</summary>
/// <param name="Accuracy">Share of the test images that are right.</param>
/// <param name="Difference">The features' accuracy less this one's, paired.</param>
/// <param name="Interval">95 % of the difference.</param>
/// <param name="AccuracyInterval">95 % of the accuracy.</param>
internal sealed record ControlMetrics(
    [property: JsonConverter(typeof(SixDigits))] double Accuracy,
    [property: JsonConverter(typeof(SixDigits))] double Difference,
    ShareInterval Interval,
    ShareInterval AccuracyInterval)
{
    /// <summary>"+1.2 (0.9 to 1.5)", in percent.</summary>
    public string DescribeDifference() => $"{(Difference >= 0 ? "+" : "")}{TransferMetrics.Number(Difference)} {Interval}";
}

/// <summary>Accuracies with so many labels of a class.</summary>
/// <param name="LabelsPerClass">How many.</param>
/// <param name="Draws">Over how many draws they are means.</param>
/// <param name="Accuracies">By representation.</param>
internal sealed record CurvePoint(int LabelsPerClass, int Draws, IReadOnlyDictionary<string, ShareEstimate> Accuracies)
{
    public static CurvePoint From(int labels, TransferResult result, IReadOnlyCollection<string> layers)
    {
        RepresentationResult[] all = [result.Features, .. result.Controls.Where(control => !layers.Contains(control.Name))];
        return new(labels, result.Features.Draws.Count,
            all.ToDictionary(r => r.Name, r => new ShareEstimate(r.Accuracy.Value, ShareInterval.From(r.Accuracy.Interval))));
    }
}

/// <summary>A share, and its interval of 95 %.</summary>
internal sealed record ShareEstimate([property: JsonConverter(typeof(SixDigits))] double Accuracy, ShareInterval Interval);
