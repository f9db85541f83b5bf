using System.Globalization;
using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>The transfer experiment on the page: the features beside their controls, and what is taken for what.</summary>
internal static class TransferSection
{
    /// <summary>More classes than this make a table that nobody reads.</summary>
    private const int MaxClasses = 40;

    private static readonly Dictionary<string, (string Name, string Note)> _names = new()
    {
        [Representations.Features] = ("Trained discriminator", "its convolutions' activations, pooled to 4 x 4"),
        [Representations.Pixels] = ("Raw pixels", "the same classifier, found by the same search"),
        [Representations.Untrained]
            = ("Untrained discriminator", "the same network before its first step, its batch statistics calibrated"),
        [Representations.Gradients] = ("The logit's derivatives", "by a bias of each filter, in a grid of 4 x 4; a Fisher vector"),
        [Representations.Best] = ("Discriminator of the best generator", "the same network at an earlier step"),
    };

    public static string Build(TransferMetrics m)
    {
        var html = new StringBuilder();
        var trained = m.LabelsPerClass is { } many
            ? $"{TextFormat.Count(many)} labels per class, the mean of {m.Draws} draws that all have in common"
            : $"all {TextFormat.Count(m.TrainImages)} labels";
        var network = m.TrainedOn is null ? "" : $" The discriminator was trained on {Html.Text(m.TrainedOn)}" +
            (m.TrainingSteps is { } steps ? $", {TextFormat.Count(steps, "step")}." : ".");
        html.AppendLine($"""
            <section><h2>What the features are worth</h2>
            <p class="note">Test images that a linear classifier ({Html.Text(m.Trainer)}) recognises: {trained};
            {TextFormat.Count(m.TestImages, "test image")}. Its regularisation is chosen on held-out training images.
            Intervals are of 95 %; differences are paired {(m.LabelsPerClass is null ? "by test image" : "by draw")}.{network}</p>
            <div class="card"><table><thead><tr><th></th><th class="n">values</th><th class="n">right</th>
            <th class="n">trained is better by</th><th></th></tr></thead><tbody>
            """);
        Row(Representations.Features, m.Accuracy, m.Interval, "");
        foreach (var (name, control) in m.Controls) Row(name, control.Accuracy, control.AccuracyInterval, control.DescribeDifference());
        if (m.Layers is { } layers)
        {
            html.AppendLine("<tr><th>Each layer alone</th><th></th><th></th><th></th><th></th></tr>");
            foreach (var (name, layer) in layers) Row(name, layer.Accuracy, layer.AccuracyInterval, layer.DescribeDifference());
        }
        html.AppendLine("</tbody></table></div>");
        if (m.Curve is { } curve) Curve(html, curve);
        if (m.Classes.Count <= MaxClasses) Confusion(html, m);
        return html.AppendLine("</section>").ToString();

        void Row(string name, double accuracy, ShareInterval interval, string difference)
        {
            var own = name == Representations.Features;
            var (open, close) = own ? ("<strong>", "</strong>") : ("", "");
            var (title, note) = _names.GetValueOrDefault(name, (Html.Text(name), ""));
            html.AppendLine(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><td>{open}{title}{close}<span class="sub">{note}</span></td>
                <td class="n">{TextFormat.Count(m.Features[name])}</td>
                <td class="n">{open}{accuracy * 100:0.00} %{close}<span class="sub">{interval}</span></td>
                <td class="n">{difference}</td>
                <td class="short"><span class="bar{(own ? " own" : "")}"><i style="width:{accuracy * 100:0.##}%"></i></span></td></tr>
                """));
        }
    }

    private static string Title(string name) => _names.TryGetValue(name, out var known) ? known.Name : Html.Text(name);

    /// <summary>Accuracy by labels of a class: a table, since points are few and their intervals matter.</summary>
    private static void Curve(StringBuilder html, IReadOnlyList<CurvePoint> curve)
    {
        string[] names = [.. curve[0].Accuracies.Keys];
        html.AppendLine("""
            <div class="card"><h3>Accuracy by number of labels</h3>
            <table><thead><tr><th class="n">labels per class</th>
            """);
        foreach (var name in names) html.Append($"<th class=\"n\">{Title(name)}</th>");
        html.AppendLine("</tr></thead><tbody>");
        foreach (var point in curve)
        {
            html.Append($"<tr><td class=\"n\">{TextFormat.Count(point.LabelsPerClass)}</td>");
            foreach (var name in names)
            {
                var (accuracy, interval) = point.Accuracies[name];
                html.Append($"<td class=\"n\">{TransferMetrics.Percent(accuracy)}<span class=\"sub\">{interval}</span></td>");
            }
            html.AppendLine("</tr>");
        }
        html.AppendLine("</tbody></table></div>");
    }

    private static void Confusion(StringBuilder html, TransferMetrics m)
    {
        html.AppendLine("""
            <div class="card confusion"><h3>What is taken for what</h3>
            <p class="note">Rows are what images show, columns what they are taken for, in percent of the row.</p>
            <table><thead><tr><th></th>
            """);
        foreach (var name in m.Classes) html.Append($"<th class=\"c\"><span>{Html.Text(name)}</span></th>");
        html.AppendLine("<th class=\"n\">recall</th></tr></thead><tbody>");
        for (var actual = 0; actual < m.Classes.Count; actual++)
        {
            var row = m.Confusion[actual];
            var total = Math.Max(1.0, row.Sum());
            html.Append($"<tr><th>{Html.Text(m.Classes[actual])}</th>");
            for (var predicted = 0; predicted < row.Count; predicted++)
            {
                var share = row[predicted] / total;
                // Shades begin steeply, because a few percent are what one looks for.
                var depth = Math.Sqrt(share).ToString("0.###", CultureInfo.InvariantCulture);
                var text = share < 0.0005 ? "" : (share * 100).ToString(share < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture);
                html.Append($"<td class=\"{(actual == predicted ? "right" : "wrong")}\" style=\"--d:{depth}\">{text}</td>");
            }
            html.AppendLine($"<td class=\"n\">{TransferMetrics.Percent(m.Recall[actual])}</td></tr>");
        }
        html.AppendLine("</tbody></table></div>");
    }
}
