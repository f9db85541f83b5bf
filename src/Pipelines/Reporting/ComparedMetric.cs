using System.Globalization;
using GanPipeline.Evaluation;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>What was measured of one run.</summary>
/// <param name="Value">The measure.</param>
/// <param name="Text">The measure with its error, as people read it.</param>
/// <param name="Low">The lower end of its interval of 95 %; null where its error is not known.</param>
/// <param name="High">The upper end.</param>
internal sealed record Estimate(double Value, string Text, double? Low = null, double? High = null)
{
    /// <summary>Further figures.</summary>
    public string Note { get; init; } = "";

    /// <summary>A normal estimate: its interval is two standard errors to each side.</summary>
    public static Estimate Of(double value, double? error, string text) => error is { } e && double.IsFinite(e) && e > 0
        ? new(value, text, value - 2 * e, value + 2 * e) : new(value, text);

    /// <summary>A share of so many trials, with Wilson's interval.</summary>
    public static Estimate OfShare(double share, long trials)
    {
        var interval = Interval.Wilson((long)Math.Round(share * trials), trials);
        return new(share, TransferMetrics.Percent(share), interval.Low, interval.High) { Note = ShareInterval.From(interval).ToString() };
    }
}

/// <summary>A metric of runs, side by side.</summary>
internal sealed record ComparedMetric
{
    /// <summary>Its name in JSON.</summary>
    public required string Key { get; init; }

    public required string Title { get; init; }

    /// <summary>What it is, in a few words.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether a smaller one is better; null where that cannot be said.</summary>
    public bool? LessIsBetter { get; init; }

    /// <summary>Of each run; null where it was not measured.</summary>
    public required IReadOnlyList<Estimate?> Values { get; init; }

    /// <summary>Whether all were measured against the same pictures in the same way.</summary>
    public bool IsComparable { get; init; } = true;

    /// <summary>
    /// The index of the run whose interval lies beyond those of all others; null where there is none, where an error is not known, or
    /// where they were not measured alike.
    /// </summary>
    public int? Best
    {
        get
        {
            var measured = Values.Select((value, run) => (value, run)).Where(v => v.value is not null).ToArray();
            if (LessIsBetter is not { } less || !IsComparable || measured.Length < 2) return null;
            if (measured.Any(v => v.value!.Low is null)) return null;
            var best = less ? measured.MinBy(v => v.value!.Value) : measured.MaxBy(v => v.value!.Value);
            return measured.All(v => v.run == best.run || (less ? v.value!.Low > best.value!.High : v.value!.High < best.value!.Low))
                ? best.run : null;
        }
    }

    /// <summary>The metrics that a run has at least.</summary>
    public static IReadOnlyList<ComparedMetric> Of(IReadOnlyList<ComparedRun> runs)
    {
        ComparedMetric[] all = runs[0].IsClassifier ? [.. OfClassifiers(runs)] : [.. OfSamples(runs), .. OfTransfer(runs)];
        return [.. all.Where(metric => metric.Values.Any(value => value is not null))];
    }

    private static IEnumerable<ComparedMetric> OfSamples(IReadOnlyList<ComparedRun> runs)
    {
        SampleMetrics?[] samples = [.. runs.Select(run => run.Of<SampleMetrics>("evaluate"))];
        // Distances to other pictures, in other features, or of fewer pictures are other measures.
        var isComparable = runs.Zip(samples).Where(r => r.Second is not null).Select(r => (r.Second!.Classifier, r.Second.Features,
            r.Second.Images.Test, r.Second.Images.Samples, (string?)r.First.Summary.Json["inputs"]?["data.test"])).Distinct().Count() < 2;
        yield return Metric("frechet", "Frechet distance", "to the test pictures; with its standard error (jackknife)", true,
            m => Estimate.Of(m.Frechet.Samples, m.Frechet.SamplesError, TextFormat.Number(m.Frechet.Samples)
                + (m.Frechet.SamplesError is { } error ? $" +- {TextFormat.Number(error)}" : "")) with
                { Note = $"real pictures {TextFormat.Number(m.Frechet.Real)}" });
        yield return Metric("kernelDistance", "kernel distance", "with its standard error", true,
            m => m.Kernel is { Samples: var k } ? Estimate.Of(k.Mean, k.Error, KernelText.Distance(k)) with
                { Note = $"deviation {TextFormat.Number(k.Deviation)} of {TextFormat.Count(k.Subsets)} subsets" } : null);
        yield return Metric("inceptionScore", "inception score", "by the classifier's classes; with its splits' deviation", false,
            m => m.InceptionScore is { Samples: var s } ? Estimate.Of(s.Mean, s.Deviation,
                $"{TextFormat.Number(s.Mean)} +- {TextFormat.Number(s.Deviation)}") : null);
        yield return Metric("slicedWasserstein", "sliced Wasserstein distance", "of pixels", true,
            m => m.Sliced is { } s ? new(s.Samples, TextFormat.Number(s.Samples)) : null);
        yield return Metric("precision", "precision", "samples that lie among real pictures", false, m => Three(m.Samples?.Precision));
        yield return Metric("recall", "recall", "real pictures that lie among samples", false, m => Three(m.Samples?.Recall));
        yield return Metric("density", "density", "real pictures around a sample", false, m => Three(m.Samples?.Density));
        yield return Metric("coverage", "coverage", "real pictures with a sample near", false, m => Three(m.Samples?.Coverage));
        yield return Metric("modes", "modes", "with a sample at least; with its standard error", false,
            m => m.Modes is { } d ? Estimate.Of(d.Modes, d.ModesError, ModeText.Modes(d)) with
                { Note = $"of {TextFormat.Count(d.DataModes)}" } : null);
        yield return Metric("klDivergence", "KL divergence", "of the samples' modes from the data's, in nats; with its standard error",
            true, m => m.Modes is { } d && double.IsFinite(d.KlDivergence)
                ? Estimate.Of(d.KlDivergence, d.KlError, ModeText.Divergence(d)) : null);
        foreach (var field in samples.SelectMany(m => m?.Labels?.Fields.Keys ?? []).Distinct())
        {
            yield return Metric($"shows.{field}", $"shows the {field} asked for", "read by the classifier; with an interval of 95 %", false,
                m => m.Labels?.Fields.GetValueOrDefault(field) is { } f ? Estimate.OfShare(f.Samples, m.Images.Samples) : null);
        }
        yield return Metric("copies", "nearer to a training picture",
            "than 99 % of test pictures are, in features; about 1 % without copies", null,
            m => m.Copies is { Features: var f } ? new(f.Share, TransferMetrics.Percent(f.Share), f.ShareLow, f.ShareHigh)
                { Note = new ShareInterval(f.ShareLow, f.ShareHigh).ToString() } : null);

        ComparedMetric Metric(string key, string title, string note, bool? lessIsBetter, Func<SampleMetrics, Estimate?> value) => new()
        {
            Key = key, Title = title, Note = note, LessIsBetter = lessIsBetter, IsComparable = isComparable,
            Values = [.. samples.Select(m => m is null ? null : value(m))],
        };
    }

    private static IEnumerable<ComparedMetric> OfTransfer(IReadOnlyList<ComparedRun> runs)
    {
        TransferMetrics?[] all = [.. runs.Select(run => run.Of<TransferMetrics>("classify"))];
        var isComparable = runs.Zip(all).Where(r => r.Second is not null).Select(r => (r.Second!.TestImages, r.Second.LabelsPerClass,
            (string?)r.First.Summary.Json["inputs"]?["data.test"])).Distinct().Count() < 2;
        yield return new()
        {
            Key = "transferAccuracy", Title = "linear classifier right", LessIsBetter = false, IsComparable = isComparable,
            Note = "on the discriminator's features; with an interval of 95 %",
            Values = [.. all.Select(m => m is null ? null
                : new Estimate(m.Accuracy, TransferMetrics.Percent(m.Accuracy), m.Interval.Low, m.Interval.High)
                    { Note = m.Interval.ToString() })],
        };
    }

    private static IEnumerable<ComparedMetric> OfClassifiers(IReadOnlyList<ComparedRun> runs)
    {
        ClassifierTrainMetrics?[] all = [.. runs.Select(run => run.Of<ClassifierTrainMetrics>("train"))];
        var isComparable = runs.Select(run => run.Summary.Json["inputs"]?.ToJsonString()).Distinct().Count() < 2;
        var names = all.SelectMany(m => m?.Accuracies.Keys ?? []).Distinct().ToArray();
        foreach (var name in names)
        {
            yield return new()
            {
                Key = $"accuracy.{name}", Title = $"{name} read right", Note = "of held-out pictures; with an interval of 95 %",
                LessIsBetter = false, IsComparable = isComparable,
                Values = [.. all.Select(m => m is { HeldOut: > 0 } && m.Accuracies.TryGetValue(name, out var share)
                    ? Estimate.OfShare(share, m.HeldOut) : null)],
            };
        }
    }

    private static Estimate? Three(double? share) => share is { } value && double.IsFinite(value)
        ? new(value, value < 0.1 ? TextFormat.Number(value) : value.ToString("0.000", CultureInfo.InvariantCulture)) : null;
}
