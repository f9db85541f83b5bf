using System.Globalization;
using System.Text;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How near images for wanted poses are to their targets, on the page.</summary>
internal static class PoseSection
{
    public static string Build(PoseStageMetrics m)
    {
        var html = new StringBuilder();
        html.AppendLine("""
            <section><h2>How close to the target</h2><p class="note">Each output beside the target of its pair, and the same for what costs
            no training. Means with their standard errors.</p>
            <div class="card"><table><thead><tr><th></th><th class="n">L1<span class="sub">black 0, white 1</span></th>
            <th class="n">PSNR<span class="sub">dB</span></th><th class="n">SSIM</th><th class="n">pairs</th></tr></thead><tbody>
            """);
        Row("Outputs", "on test pairs", m.Outputs, own: true);
        Row("First stage", "the coarse images", m.Coarse);
        Row("Outputs on training pairs", "better by as much as was learnt by heart", m.Training);
        Row("Nearest training pair", "the target of the training pair with the nearest image and pose", m.Nearest);
        Row("Mean picture", "the mean of the training targets", m.MeanImage);
        Row("Input", "the given image itself", m.Input);
        html.AppendLine("</tbody></table></div>");
        if (m.Read is { } read) Readings(html, read);
        return html.AppendLine("</section>").ToString();

        void Row(string name, string note, PairMetrics p, bool own = false)
        {
            var (open, close) = own ? ("<strong>", "</strong>") : ("", "");
            html.AppendLine($"<tr><td>{open}{name}{close}<span class=\"sub\">{note}</span></td>{Cell(p.L1, p.L1Error, 4)}" +
                Cell(p.Psnr, p.PsnrError, 2) + Cell(p.Ssim, p.SsimError, 3) + $"<td class=\"n\">{TextFormat.Count(p.Images)}</td></tr>");

            string Cell(double? value, double? error, int digits) => value is null ? "<td class=\"n\"></td>"
                : $"<td class=\"n\">{open}{value.Value.ToString($"F{digits}", CultureInfo.InvariantCulture)}{close}" +
                $"<span class=\"sub\">+- {(error ?? 0).ToString($"F{digits}", CultureInfo.InvariantCulture)}</span></td>";
        }
    }

    private static void Readings(StringBuilder html, PoseReadings m)
    {
        html.AppendLine("""
            <p class="note">Renders of the brick are compared with each picture: the nearest one from all around says from where the picture
            shows it, the nearest one of all kinds from the wanted view which kind it shows.</p>
            <div class="card"><table><thead><tr><th></th><th class="n">view within 5 degrees</th><th class="n">median error<span
            class="sub">degrees</span></th><th class="n">right kind</th><th class="n">pictures</th></tr></thead><tbody>
            """);
        Row("Outputs", m.Outputs);
        Row("First stage", m.Coarse);
        Row("Nearest training pair", m.Nearest);
        Row("Targets: the reader's own limit", m.Targets);
        html.AppendLine("</tbody></table></div>");

        void Row(string name, PoseReading r) => html.AppendLine($"<tr><td>{name}</td><td class=\"n\">{TextFormat.Percent(r.Near)}</td>" +
            $"<td class=\"n\">{TextFormat.Number(r.MedianError)}</td><td class=\"n\">{TextFormat.Percent(r.Kind)}</td>" +
            $"<td class=\"n\">{TextFormat.Count(r.Images)}</td></tr>");
    }
}
