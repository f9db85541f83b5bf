using System.Globalization;
using System.Text;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How good the samples are, on the page.</summary>
internal static class QualitySection
{
    public static string Build(SampleMetrics m)
    {
        var html = new StringBuilder();
        html.AppendLine($"""
            <section><h2>How close to real</h2><p class="note">Frechet distance to the test pictures in the {m.Features} features of
            {Html.Text(m.Classifier)}. Smaller is closer; bars are logarithmic.</p>
            """);
        Distances(html, m);
        Neighbours(html, m);
        if (m.Modes is { } modes) Modes(html, modes, m.RealModes);
        if (m.Labels is { } labels) Labels(html, labels);
        return html.AppendLine("</section>").ToString();
    }

    private static void Distances(StringBuilder html, SampleMetrics m)
    {
        (string Name, string Note, double Distance, long Images)[] rows =
        [
            ("Real pictures", "training pictures against test pictures: as good as it gets", m.Frechet.Real, m.Images.Real),
            ("Samples", "what this generator makes", m.Frechet.Samples, m.Images.Samples),
            ("Untrained generator", "the same network before its first step", m.Frechet.Untrained, m.Images.Untrained),
            ("Noise", "every pixel drawn uniformly", m.Frechet.Noise, m.Images.Noise),
        ];
        // Distances span orders of magnitude, so the bars' lengths are logarithms.
        var (low, high) = (rows.Min(r => Log(r.Distance)) - 0.3, rows.Max(r => Log(r.Distance)));
        html.AppendLine("<div class=\"card\"><table><thead><tr><th></th><th class=\"n\">distance</th><th " +
            "class=\"n\">pictures</th><th></th></tr></thead><tbody>");
        foreach (var (name, note, distance, images) in rows)
        {
            var share = high > low ? (Log(distance) - low) / (high - low) * 100 : 100;
            var own = name == "Samples";
            var (open, close) = own ? ("<strong>", "</strong>") : ("", "");
            html.AppendLine(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><td>{open}{name}{close}<span class="sub">{note}</span></td><td class="n">{open}{TextFormat.Number(distance)}{close}</td>
                <td class="n">{TextFormat.Count(images)}</td>
                <td class="wide"><span class="bar{(own ? " own" : "")}"><i style="width:{share:0.#}%"></i></span></td></tr>
                """));
        }
        html.AppendLine("</tbody></table></div>");

        static double Log(double distance) => Math.Log10(Math.Max(distance, 1e-6));
    }

    /// <summary>Fidelity and diversity apart, which one distance mixes.</summary>
    private static void Neighbours(StringBuilder html, SampleMetrics m)
    {
        if (m.Samples is null) return;
        html.AppendLine("""
            <div class="card"><table><thead><tr><th></th>
            <th class="n">precision<span class="sub">samples that lie among real pictures</span></th>
            <th class="n">recall<span class="sub">real pictures that lie among samples</span></th>
            <th class="n">density<span class="sub">real pictures around a sample</span></th>
            <th class="n">coverage<span class="sub">real pictures with a sample near</span></th></tr></thead><tbody>
            """);
        Row("Samples", m.Samples);
        if (m.Real is { } real) Row("Real pictures", real);
        html.AppendLine("</tbody></table></div>");

        void Row(string name, NeighbourMetrics n) => html.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"<tr><td>{name}</td><td class=\"n\">{n.Precision:0.00}</td><td class=\"n\">{n.Recall:0.00}</td>" +
            $"<td class=\"n\">{n.Density:0.00}</td><td class=\"n\">{n.Coverage:0.00}</td></tr>"));
    }

    /// <summary>Whether the generator collapsed to some of the data's modes.</summary>
    private static void Modes(StringBuilder html, ModeMetrics samples, ModeMetrics? real)
    {
        html.AppendLine($"""
            <div class="card"><table><thead><tr><th></th>
            <th class="n">modes<span class="sub">of {TextFormat.Count(samples.DataModes)}, with a picture at least</span></th>
            <th class="n">KL divergence<span class="sub">of the pictures' modes from the data's, in nats</span></th>
            <th class="n">pictures</th></tr></thead><tbody>
            """);
        Row("Samples", samples);
        if (real is not null) Row("Real pictures", real);
        html.AppendLine("</tbody></table></div>");

        void Row(string name, ModeMetrics m) => html.AppendLine(
            $"<tr><td>{name}</td><td class=\"n\">{ModeText.Modes(m)}</td><td class=\"n\">{ModeText.Divergence(m)}</td>" +
            $"<td class=\"n\">{TextFormat.Count(m.Images)}</td></tr>");
    }

    /// <summary>Whether samples show what was asked for.</summary>
    private static void Labels(StringBuilder html, LabelMetrics labels)
    {
        if (labels.Fields.Count > 0)
        {
            html.AppendLine("""
                <div class="card"><table><thead><tr><th>attribute<span class="sub">read by the classifier</span></th>
                <th class="n">samples<span class="sub">that show what was asked</span></th>
                <th class="n">real pictures<span class="sub">that it reads right</span></th><th class="n">ratio</th></tr></thead><tbody>
                """);
            foreach (var (name, f) in labels.Fields) Row(html, name, f.Samples, f.Real, f.Ratio);
            html.AppendLine("</tbody></table></div>");
        }
        if (labels.Classes is { Count: > 0 } classes)
        {
            html.AppendLine("""
                <div class="card"><table><thead><tr><th>class</th>
                <th class="n">coverage<span class="sub">of its real pictures by samples</span></th>
                <th class="n">by real pictures</th><th class="n">ratio</th></tr></thead><tbody>
                """);
            foreach (var (name, c) in classes) Row(html, name, c.Coverage, c.RealCoverage, c.Ratio);
            html.AppendLine("</tbody></table></div>");
        }
        if (labels.NearestNeighbour is { } nearest)
        {
            html.AppendLine($"""
                <p class="note">The nearest neighbour among {TextFormat.Count(nearest.Images)} samples names {Cell(nearest.Samples)} of the
                test pictures right, among as many real pictures {Cell(nearest.Real)}.</p>
                """);
        }
    }

    private static void Row(StringBuilder html, string name, double? first, double? second, double? ratio) =>
        html.AppendLine($"<tr><td>{Html.Text(name)}</td><td class=\"n\">{Cell(first)}</td><td class=\"n\">{Cell(second)}</td><td " +
            $"class=\"n\">{Cell(ratio)}</td></tr>");

    private static string Cell(double? value)
        => value is { } v && double.IsFinite(v) ? v.ToString("0.000", CultureInfo.InvariantCulture) : "";
}
