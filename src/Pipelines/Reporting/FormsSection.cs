using System.Globalization;
using System.Text;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>The smaller forms of the ONNX files, on the page: what they save and what they lose.</summary>
internal static class FormsSection
{
    public static string Build(IReadOnlyDictionary<string, ReducedForm> forms, SampleMetrics? samples)
    {
        var html = new StringBuilder();
        html.AppendLine("""
            <section><h2>Smaller files</h2><p class="note">Forms of the same networks with smaller numbers. The error is the Euclidean norm
            of the differences to the original's images, features or logits, divided by that of the original's.</p>
            <div class="card"><table><thead><tr><th>file</th><th class="n">size</th><th class="n">of the original</th>
            <th class="n">layers in 8 bits</th><th class="n">relative error</th>
            <th class="n">Frechet distance<span class="sub">of samples of the same latents</span></th></tr></thead><tbody>
            """);
        if (samples is { Reduced: not null })
            html.AppendLine("<tr><td>generator.onnx</td><td class=\"n\"></td><td class=\"n\"></td><td class=\"n\"></td><td class=\"n\">" +
                $"</td><td class=\"n\">{TextFormat.Number(samples.Frechet.Samples)}</td></tr>");
        foreach (var (file, form) in forms)
        {
            var distance = samples?.Reduced is { } all && all.TryGetValue(file, out var own) ? TextFormat.Number(own) : "";
            html.AppendLine($"""
                <tr><td>{Html.Text(file)}</td><td class="n">{TextFormat.Bytes(form.Bytes)}</td>
                <td class="n">{TextFormat.Percent((double)form.Bytes / form.OriginalBytes)}</td>
                <td class="n">{form.IntegerLayers} of {form.Layers}</td>
                <td class="n">{(100 * form.RelativeError).ToString("0.00", CultureInfo.InvariantCulture)} %</td>
                <td class="n">{distance}</td></tr>
                """);
        }
        return html.AppendLine("</tbody></table></div></section>").ToString();
    }
}
