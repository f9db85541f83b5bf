using System.Globalization;
using System.Text;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How near a translator's outputs are to their targets, on the page.</summary>
internal static class PairSection
{
    public static string Build(PairStageMetrics m)
    {
        var html = new StringBuilder();
        var features = m.Classifier is null ? "" : $"""<th class="n">features<span class="sub">of {Html.Text(m.Classifier)}</span></th>""";
        html.AppendLine($"""
            <section><h2>How close to the target</h2><p class="note">Each output beside the target of its pair, and the same for what costs
            no training. Means with their standard errors.</p>
            <div class="card"><table><thead><tr><th></th><th class="n">L1<span class="sub">black 0, white 1</span></th>
            <th class="n">PSNR<span class="sub">dB</span></th><th class="n">SSIM</th>{features}<th class="n">pairs</th></tr></thead><tbody>
            """);
        Row("Outputs", "on test pairs", m.Outputs, own: true);
        Row("Outputs on training pairs", "better by as much as was learnt by heart", m.Training);
        Row("Nearest training pair", "the target of the training pair with the nearest input", m.Nearest);
        Row("Mean picture", "the mean of the training targets", m.MeanImage);
        Row("Input", "the input itself", m.Input);
        html.AppendLine("</tbody></table></div>");
        if (m.ReadBack is { } back)
        {
            var classes = back.Classes is { } own && back.TargetClasses is { } real
                ? $" {TextFormat.Percent(own)} of the pixels have the input's class; read from the targets, {TextFormat.Percent(real)}."
                : "";
            html.AppendLine($"""
                <p class="note">A network that makes inputs of targets read the inputs back from the outputs.{classes} The difference from
                the inputs is {TextFormat.Number(back.Outputs.L1)}; read from the targets, {TextFormat.Number(back.Targets.L1)}.</p>
                """);
        }
        return html.AppendLine("</section>").ToString();

        void Row(string name, string note, PairMetrics p, bool own = false)
        {
            var (open, close) = own ? ("<strong>", "</strong>") : ("", "");
            var last = m.Classifier is null ? "" : Cell(p.Features, p.FeaturesError, 4);
            html.AppendLine($"<tr><td>{open}{name}{close}<span class=\"sub\">{note}</span></td>{Cell(p.L1, p.L1Error, 4)}" +
                Cell(p.Psnr, p.PsnrError, 2) + Cell(p.Ssim, p.SsimError, 3) +
                $"{last}<td class=\"n\">{TextFormat.Count(p.Images)}</td></tr>");

            string Cell(double? value, double? error, int digits) => value is null ? "<td class=\"n\"></td>"
                : $"<td class=\"n\">{open}{value.Value.ToString($"F{digits}", CultureInfo.InvariantCulture)}{close}" +
                $"<span class=\"sub\">+- {(error ?? 0).ToString($"F{digits}", CultureInfo.InvariantCulture)}</span></td>";
        }
    }
}
