using System.Globalization;
using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>How well a translator works both ways, on the page.</summary>
internal static class CycleSection
{
    public static string Build(CycleStageMetrics m)
    {
        var html = new StringBuilder("<section><h2>There and back</h2>\n");
        html.AppendLine("<p class=\"note\">Test images of either side, translated to the other one, and back again.</p>");
        Direction(html, "From the first side to the second", m.Forth);
        Direction(html, "From the second side to the first", m.Back);
        return html.AppendLine("</section>").ToString();
    }

    private static void Direction(StringBuilder html, string title, CycleDirection m)
    {
        html.AppendLine($"""
            <div class="card"><h3>{title}</h3><table><thead><tr><th></th><th class="n">outputs</th><th class="n">inputs themselves</th>
            <th class="n">real</th></tr></thead><tbody>
            """);
        Row("Frechet distance", $"to the side's test images, in the features of {m.Features}", Number(m.Frechet.Outputs,
            m.Frechet.OutputsError), m.Frechet.Inputs is { } inputs ? TextFormat.Number(inputs) : "", TextFormat.Number(m.Frechet.Real));
        foreach (var (file, distance) in m.Reduced ?? new Dictionary<string, double>())
            Row("Frechet distance", $"of {file}, the smaller form", TextFormat.Number(distance), "", "");
        if (m.Style is { } style)
            Row("Read as their side", "by a classifier", TextFormat.Percent(style.Outputs), "", TextFormat.Percent(style.Real));
        foreach (var (name, kept) in m.Kept ?? new Dictionary<string, ReadShares>())
            Row($"{name} kept", "by a classifier", TextFormat.Percent(kept.Outputs), "", TextFormat.Percent(kept.Real));
        Row("L1 there and back", "black 0, white 1", Number(m.Cycle.L1, m.Cycle.L1Error), "", "");
        if (m.Truth is { } truth)
        {
            Row("L1 to the truth", "pairs that training never saw", Number(truth.L1, truth.L1Error),
                m.InputTruth is { } own ? Number(own.L1, own.L1Error) : "", "");
            if (truth.Ssim is { } ssim)
                Row("SSIM to the truth", "", Number(ssim, truth.SsimError),
                    m.InputTruth is { Ssim: { } other } input ? Number(other, input.SsimError) : "", "");
        }
        html.AppendLine("</tbody></table></div>");

        void Row(string name, string note, string outputs, string inputs, string real) => html.AppendLine(
            $"<tr><td>{Html.Text(name)}<span class=\"sub\">{Html.Text(note)}</span></td><td class=\"n\"><strong>{outputs}</strong></td>" +
            $"<td class=\"n\">{inputs}</td><td class=\"n\">{real}</td></tr>");

        static string Number(double value, double? error) => TextFormat.Number(value) +
            (error is { } e ? $" +- {e.ToString("G2", CultureInfo.InvariantCulture)}" : "");
    }
}
