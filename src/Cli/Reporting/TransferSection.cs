using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GanPipeline.Cli.Running;

namespace GanPipeline.Cli.Reporting;

/// <summary>The transfer experiment on the page: the features beside their controls, and what is taken for what.</summary>
internal static class TransferSection
{
    /// <summary>More classes than this make a table that nobody reads; the run's summary.json has all.</summary>
    private const int MaxClasses = 40;

    private static readonly Dictionary<string, (string Name, string Note)> Names = new()
    {
        [TransferWork.Features] = ("Trained discriminator", "its convolutions' activations, pooled to 4 x 4"),
        [TransferWork.Pixels] = ("Raw pixels", "the same classifier, found by the same search"),
        [TransferWork.Untrained] = ("Untrained discriminator", "the same network before its first step, its batch statistics calibrated"),
    };

    public static string Build(JsonObject stage)
    {
        var html = new StringBuilder();
        var (draws, labels) = ((int)stage["draws"]!, (long?)stage["labelsPerClass"]);
        var trained = labels is { } many ? $"{Text.Count(many)} labels per class, the mean of {draws} draws that all have in common"
            : $"all {Text.Count((long)stage["trainImages"]!)} labels";
        html.AppendLine($"""
            <section><h2>What the features are worth</h2>
            <p class="note">Test images that a linear classifier ({Html.Text((string)stage["trainer"]!)}) recognises: {trained};
            {Text.Count((long)stage["testImages"]!, "test image")}. Its regularisation is chosen on held-out training images.
            Intervals are of 95 %; differences are paired {(labels is null ? "by test image" : "by draw")}.</p>
            <div class="card"><table><thead><tr><th></th><th class="n">values</th><th class="n">right</th>
            <th class="n">trained is better by</th><th></th></tr></thead><tbody>
            """);
        Row(TransferWork.Features, (double)stage["accuracy"]!, stage["interval"]!, "");
        foreach (var (name, control) in stage["controls"]!.AsObject())
            Row(name, (double)control!["accuracy"]!, control["accuracyInterval"]!,
                TransferFigures.Difference(control["difference"]!, control["interval"]!));
        html.AppendLine("</tbody></table></div>");
        if (stage["classes"]!.AsArray() is { Count: <= MaxClasses } classes) Confusion(html, stage, [.. classes.Select(c => (string)c!)]);
        return html.AppendLine("</section>").ToString();

        void Row(string name, double accuracy, JsonNode interval, string difference)
        {
            var own = name == TransferWork.Features;
            var (open, close) = own ? ("<strong>", "</strong>") : ("", "");
            var (title, note) = Names[name];
            html.AppendLine(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><td>{open}{title}{close}<span class="sub">{note}</span></td>
                <td class="n">{Text.Count((long)stage["features"]![name]!)}</td>
                <td class="n">{open}{accuracy * 100:0.00} %{close}<span class="sub">{TransferFigures.Range(interval)}</span></td>
                <td class="n">{difference}</td>
                <td class="short"><span class="bar{(own ? " own" : "")}"><i style="width:{accuracy * 100:0.##}%"></i></span></td></tr>
                """));
        }
    }

    private static void Confusion(StringBuilder html, JsonObject stage, string[] classes)
    {
        var recall = stage["recall"]!.AsArray();
        html.AppendLine("""
            <div class="card confusion"><h3>What is taken for what</h3>
            <p class="note">Rows are what images show, columns what they are taken for, in percent of the row.</p>
            <table><thead><tr><th></th>
            """);
        foreach (var name in classes) html.Append($"<th class=\"c\"><span>{Html.Text(name)}</span></th>");
        html.AppendLine("<th class=\"n\">recall</th></tr></thead><tbody>");
        for (var actual = 0; actual < classes.Length; actual++)
        {
            var row = stage["confusion"]![actual]!.AsArray().Select(c => (double)c!).ToArray();
            var total = Math.Max(1, row.Sum());
            html.Append($"<tr><th>{Html.Text(classes[actual])}</th>");
            for (var predicted = 0; predicted < row.Length; predicted++)
            {
                var share = row[predicted] / total;
                // Shades begin steeply, because a few percent are what one looks for.
                var depth = Math.Sqrt(share).ToString("0.###", CultureInfo.InvariantCulture);
                var text = share < 0.0005 ? "" : (share * 100).ToString(share < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture);
                html.Append($"<td class=\"{(actual == predicted ? "right" : "wrong")}\" style=\"--d:{depth}\">{text}</td>");
            }
            html.AppendLine($"<td class=\"n\">{TransferFigures.Percent(recall[actual])}</td></tr>");
        }
        html.AppendLine("</tbody></table></div>");
    }
}
