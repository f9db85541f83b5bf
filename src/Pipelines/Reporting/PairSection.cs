using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>How near a translator's outputs are to their targets, on the page.</summary>
internal static class PairSection
{
    public static string Build(PairStageMetrics m)
    {
        var table = new PairTable(m.Classifier);
        table.Add("Outputs", "on test pairs", m.Outputs, isOwn: true);
        table.Add(m.Reduced);
        table.Add("Outputs on training pairs", "better by as much as was learnt by heart", m.Training);
        table.Add("Nearest training pair", "the target of the training pair with the nearest input", m.Nearest);
        table.Add("Mean picture", "the mean of the training targets", m.MeanImage);
        table.Add("Input", "the input itself", m.Input);
        var html = new StringBuilder($"<section>{table}");
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
    }
}
