using System.Globalization;
using System.Text;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>A table of how near images are to the targets of their pairs, a row for what makes them.</summary>
internal sealed class PairTable
{
    private readonly StringBuilder _html = new();
    private readonly bool _hasFeatures;

    /// <param name="classifier">Whose features are compared; null leaves that column out.</param>
    public PairTable(string? classifier)
    {
        _hasFeatures = classifier is not null;
        var features = classifier is null ? "" : $"""<th class="n">features<span class="sub">of {Html.Text(classifier)}</span></th>""";
        _html.AppendLine($"""
            <h2>How close to the target</h2><p class="note">Each output beside the target of its pair, and the same for what costs no
            training. Means with their standard errors.</p>
            <div class="card"><table><thead><tr><th></th><th class="n">L1<span class="sub">black 0, white 1</span></th>
            <th class="n">PSNR<span class="sub">dB</span></th><th class="n">SSIM</th>{features}<th class="n">pairs</th></tr></thead><tbody>
            """);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="name">What makes the images.</param>
    /// <param name="note">A few words more.</param>
    /// <param name="m">How near they are.</param>
    /// <param name="isOwn">Whether they are the outputs that the table is about.</param>
    public void Add(string name, string note, PairMetrics m, bool isOwn = false)
    {
        var (open, close) = isOwn ? ("<strong>", "</strong>") : ("", "");
        var features = _hasFeatures ? Cell(m.Features, m.FeaturesError, 4) : "";
        _html.AppendLine($"<tr><td>{open}{Html.Text(name)}{close}<span class=\"sub\">{note}</span></td>{Cell(m.L1, m.L1Error, 4)}" +
            $"{Cell(m.Psnr, m.PsnrError, 2)}{Cell(m.Ssim, m.SsimError, 3)}{features}" +
            $"<td class=\"n\">{TextFormat.Count(m.Images)}</td></tr>");

        string Cell(double? value, double? error, int digits) => value is null ? "<td class=\"n\"></td>"
            : $"<td class=\"n\">{open}{value.Value.ToString($"F{digits}", CultureInfo.InvariantCulture)}{close}" +
            $"<span class=\"sub\">+- {(error ?? 0).ToString($"F{digits}", CultureInfo.InvariantCulture)}</span></td>";
    }

    /// <summary>Adds a row for each smaller form of the network.</summary>
    public void Add(IReadOnlyDictionary<string, PairMetrics>? reduced)
    {
        foreach (var (file, metrics) in reduced ?? new Dictionary<string, PairMetrics>())
            Add(file, "the smaller form, on test pairs", metrics);
    }

    /// <summary>The whole table.</summary>
    public override string ToString() => _html + "</tbody></table></div>\n";
}
