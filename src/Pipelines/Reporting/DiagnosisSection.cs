using System.Globalization;
using System.Text;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>The report's diagnosis: what was wrong, from which step to which, and what helps; the samples' signals by step.</summary>
internal static class DiagnosisSection
{
    /// <returns>Nothing where the training has no log.</returns>
    public static string Build(GanLoss loss, IReadOnlyList<GanMetrics> metrics)
    {
        if (metrics.Count == 0) return "";
        var spans = Diagnosis.Of(loss, metrics);
        var steps = metrics[^1].Step;
        var html = new StringBuilder("<section><h2>Diagnosis</h2>");
        if (spans.Count == 0)
            html.AppendLine("<p class=\"note\">No sign of anything wrong at any step.</p>");
        else
        {
            html.AppendLine("<p class=\"note\">Each condition is told when its signs were there for 500 steps, and over when they were " +
                "gone for as many.</p>");
            html.AppendLine($"<div class=\"card\">{Timeline(spans, steps)}</div><div class=\"card\"><dl class=\"conditions\">");
            foreach (var condition in spans.Select(span => span.Condition).Distinct())
            {
                var times = string.Join(", ", spans.Where(span => span.Condition == condition).Select(Times));
                html.AppendLine($"""
                    <dt>{Html.Text(Capital(condition.Name()))} <small>{times}</small></dt>
                    <dd>{Html.Text(condition.Meaning())} What helps: {Html.Text(string.Join("; ", condition.Remedies()))}.</dd>
                    """);
            }
            html.AppendLine("</dl></div>");
        }
        if (metrics.Count(m => m.Diversity is not null) > 1)
        {
            html.AppendLine("<div class=\"pair\">");
            Card("Distance", "samples to training pictures", m => m.Distance, "0 is none, 1 as far as noise");
            Card("Diversity", "samples", m => m.Diversity is { } d ? Math.Min(d, 2) : null, "1 is as diverse as real pictures");
            Card("Novelty", "samples", m => m.Novelty is { } n ? Math.Min(n, 2) : null,
                "distance to the nearest training picture; 0 is copies, 1 as far as other training pictures");
            if (metrics.Count(m => m.Overfitting is not null) > 1)
                Card("Overfitting", "discriminator", m => m.Overfitting, "1: held-out real pictures are generated ones to it");
            html.AppendLine("</div>");
        }
        return html.AppendLine("</section>").ToString();

        void Card(string title, string series, Func<GanMetrics, double?> value, string caption)
        {
            var points = metrics.Where(m => value(m) is not null).Select(m => ((double)m.Step, value(m)!.Value));
            Series[] lines = [new(series, "--three", [.. points])];
            html.AppendLine($"<figure class=\"card\"><h2>{title}</h2>{Chart.Legend(lines)}{Chart.Draw(lines)}" +
                $"<figcaption>by step; {caption}</figcaption></figure>");
        }
    }

    /// <summary>A row for each condition, a bar for each time; the whole width is the whole training.</summary>
    private static string Timeline(IReadOnlyList<ConditionSpan> spans, long steps)
    {
        var said = string.Join("; ", spans.Select(span => $"{span.Condition.Name()} {Times(span)}"));
        var html = new StringBuilder($"<div class=\"timeline\" role=\"img\" aria-label=\"{Html.Text(said)}\">");
        foreach (var condition in spans.Select(span => span.Condition).Distinct())
        {
            html.Append($"<span>{Html.Text(condition.Name())}</span><div class=\"track\">");
            foreach (var span in spans.Where(span => span.Condition == condition))
                html.Append($"<i style=\"left:{Share(span.From)}%;width:{Share((span.To ?? steps) - span.From)}%\" " +
                    $"title=\"{Html.Text(Times(span))}\"></i>");
            html.Append("</div>");
        }
        return html.Append($"<span></span><div class=\"axis\"><span>0</span><span>{TextFormat.Count(steps / 2)}</span>" +
            $"<span>{TextFormat.Count(steps)}</span></div></div>").ToString();

        string Share(long part) => (100.0 * part / Math.Max(1, steps)).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>"from step 1,000 to 2,500", "from step 1,000 on".</summary>
    private static string Times(ConditionSpan span) =>
        $"from step {TextFormat.Count(span.From)} {(span.To is { } to ? $"to {TextFormat.Count(to)}" : "on")}";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
