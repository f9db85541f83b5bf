using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>How near images for wanted poses are to their targets, on the page.</summary>
internal static class PoseSection
{
    public static string Build(PoseStageMetrics m)
    {
        var table = new PairTable(classifier: null);
        table.Add("Outputs", "on test pairs", m.Outputs, isOwn: true);
        table.Add("First stage", "the coarse images", m.Coarse);
        table.Add(m.Reduced);
        table.Add("Outputs on training pairs", "better by as much as was learnt by heart", m.Training);
        table.Add("Nearest training pair", "the target of the training pair with the nearest image and pose", m.Nearest);
        table.Add("Mean picture", "the mean of the training targets", m.MeanImage);
        table.Add("Input", "the given image itself", m.Input);
        var html = new StringBuilder($"<section>{table}");
        if (m.Read is { } read) Readings(html, read);
        return html.AppendLine("</section>").ToString();
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
