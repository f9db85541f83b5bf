using System.Globalization;
using System.Text;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>How good the samples are, on the page.</summary>
internal static class QualitySection
{
    /// <param name="m">The metrics.</param>
    /// <param name="copies">The file with the samples that are nearest to training pictures; it need not be there.</param>
    public static string Build(SampleMetrics m, string copies)
    {
        var html = new StringBuilder();
        html.AppendLine($"""
            <section><h2>How close to real</h2><p class="note">Frechet distance to the test pictures in the {m.Features} features of
            {Html.Text(m.Classifier)}. Smaller is closer; bars are logarithmic.</p>
            """);
        Distances(html, m);
        if (m.Kernel is { } kernel) Kernel(html, kernel);
        PixelsAndClasses(html, m);
        Neighbours(html, m);
        if (m.Copies is { } copied) Copies(html, copied, copies);
        if (m.Modes is { } modes) Modes(html, modes, m.RealModes);
        if (m.Labels is { } labels) Labels(html, labels);
        if (m.Captions is { } captions) Captions(html, captions);
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

    /// <summary>The distance whose expectation does not depend on the number of pictures.</summary>
    private static void Kernel(StringBuilder html, KernelDistances distances)
    {
        html.AppendLine($"""
            <div class="card"><table><thead><tr><th></th>
            <th class="n">kernel distance<span class="sub">to the test pictures, unbiased, with its standard error</span></th>
            <th class="n">deviation<span class="sub">of {TextFormat.Count(distances.Samples.Subsets)} subsets of
            {TextFormat.Count(distances.Samples.SubsetSize)}</span></th></tr></thead><tbody>
            """);
        Row("Samples", distances.Samples);
        Row("Real pictures", distances.Real);
        html.AppendLine("</tbody></table></div>");

        void Row(string name, KernelDistance d) => html.AppendLine(
            $"<tr><td>{name}</td><td class=\"n\">{KernelText.Distance(d)}</td><td class=\"n\">{TextFormat.Number(d.Deviation)}</td></tr>");
    }

    /// <summary>What needs no features: pixels, and the classifier's classes.</summary>
    private static void PixelsAndClasses(StringBuilder html, SampleMetrics m)
    {
        if (m.Sliced is null && m.InceptionScore is null && m.TwoSample is null) return;
        html.AppendLine("<div class=\"card\"><table><thead><tr><th></th><th class=\"n\">samples</th><th class=\"n\">real " +
            "pictures</th></tr></thead><tbody>");
        if (m.Sliced is { } sliced)
            Row("sliced Wasserstein distance", $"of pixels in [-1, 1], to the test pictures, {TextFormat.Count(sliced.Images)} of each",
                TextFormat.Number(sliced.Samples), TextFormat.Number(sliced.Real));
        if (m.InceptionScore is { } inception)
            Row("inception score", $"with this classifier's classes, of {inception.Samples.Splits} splits, and its deviation",
                Score(inception.Samples), Score(inception.Real));
        if (m.TwoSample is { } two)
            Row("two-sample accuracy", $"of nearest neighbours among samples and {TextFormat.Count(two.Samples.Images)} test pictures; " +
                "0.5 cannot be told apart, 1 lies apart, 0 are copies",
                TextFormat.Share(two.Samples.Accuracy, two.Samples.Error), TextFormat.Share(two.Real.Accuracy, two.Real.Error));
        if (m.Labels?.Similarity is { } alike)
            Row("MS-SSIM within classes", $"of pairs of a class, of {alike.Samples.Scales} scales; less is more varied, and the samples " +
                $"most alike are of {Html.Text(alike.Samples.HighestClass)} ({Cell(alike.Samples.Highest)})",
                TextFormat.Share(alike.Samples.Mean, alike.Samples.Error), TextFormat.Share(alike.Real.Mean, alike.Real.Error));
        if (m.Classification is { } score)
            Row("classification accuracy score", $"test pictures told by a linear classifier of features that was trained on " +
                $"{TextFormat.Count(score.Images)} samples, or real pictures; 95 % intervals",
                Interval(score.Samples), Interval(score.Real));
        html.AppendLine("</tbody></table></div>");

        static string Interval(ClassificationAccuracy a) => string.Create(CultureInfo.InvariantCulture,
            $"{100 * a.Share:0.0} % ({100 * a.Low:0.0} to {100 * a.High:0.0})");

        static string Score(InceptionScore s) => $"{TextFormat.Number(s.Mean)} +- {TextFormat.Number(s.Deviation)}";

        void Row(string name, string note, string samples, string real) => html.AppendLine(
            $"<tr><td>{name}<span class=\"sub\">{note}</span></td><td class=\"n\">{samples}</td><td class=\"n\">{real}</td></tr>");
    }

    /// <summary>Whether samples repeat training pictures.</summary>
    private static void Copies(StringBuilder html, CopyMetrics m, string picture)
    {
        html.AppendLine($"""
            <h3>Copies of training pictures</h3>
            <p class="note">Verdict: {Html.Text(CopyText.Verdict(m))}. Distances of {TextFormat.Count(m.Samples)} samples to the nearest of
            {TextFormat.Count(m.Training)} training pictures, beside those of {TextFormat.Count(m.HeldOut)} test pictures, which the
            generator was not trained with. About 1 % of samples as new as test pictures are below the nearest 1 % of these.</p>
            <div class="card"><table><thead><tr><th>distance</th><th></th>
            <th class="n">least</th><th class="n">1 %</th><th class="n">median</th>
            <th class="n">nearer<span class="sub">than 99 % of test pictures</span></th>
            <th class="n">chance<span class="sub">of as many without copies</span></th>
            <th class="n">Mann-Whitney<span class="sub">below -3: nearer as a whole</span></th></tr></thead><tbody>
            """);
        Rows("Features", m.Features);
        Rows("Pixels", m.Pixels);
        html.AppendLine("</tbody></table></div>");
        if (File.Exists(picture))
        {
            html.AppendLine($"""
                <div class="card pictures"><img alt="Samples over their nearest training pictures" src="{Html.DataUri(picture)}">
                <p class="note">Samples, each over its nearest training picture, nearest first: the upper half by features, the
                lower half by pixels.</p></div>
                """);
        }

        void Rows(string name, CopyDistances d)
        {
            var (least, low, median) = (Place(0), Place(0.01), Place(0.5));
            string Cells(IReadOnlyList<double> q) =>
                string.Concat(new[] { q[least], q[low], q[median] }.Select(v => $"<td class=\"n\">{TextFormat.Number(v)}</td>"));
            html.AppendLine($"""
                <tr><td>{name}</td><td>samples</td>{Cells(d.SampleQuantiles)}
                <td class="n">{Percent(d.Share)} ({Percent(d.ShareLow)} to {Percent(d.ShareHigh)})</td>
                <td class="n">{TextFormat.Number(d.Chance)}</td><td class="n">{TextFormat.Number(d.MannWhitney)}</td></tr>
                <tr><td></td><td>test pictures</td>{Cells(d.HeldOutQuantiles)}<td></td><td></td><td></td></tr>
                """);
        }

        static int Place(double share) => CopyDistances.Shares.ToList().IndexOf(share);
        static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
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

    /// <summary>Whether images show what texts say.</summary>
    private static void Captions(StringBuilder html, CaptionMetrics captions)
    {
        foreach (var (what, shown) in new[] { ("combinations that training showed", captions.Seen),
            ("combinations that training never showed", captions.HeldOut) })
        {
            if (shown is null) continue;
            html.AppendLine($"""
                <div class="card"><table><thead><tr><th>attribute<span class="sub">of {TextFormat.Count(shown.Pictures)} texts, {
                    what}</span></th>
                <th class="n">samples<span class="sub">that show what the text says</span></th>
                <th class="n">real pictures<span class="sub">that the classifier reads right</span></th>
                <th class="n">ratio</th></tr></thead><tbody>
                """);
            foreach (var (name, f) in shown.Fields) Row(html, name, f.Samples, f.Real, f.Ratio);
            if (shown.RPrecision is { } found)
                Row(html, "own text, of 100 (R-precision)", found.Samples, found.Real, found.Samples / found.Real);
            html.AppendLine("</tbody></table></div>");
        }
    }

    private static void Row(StringBuilder html, string name, double? first, double? second, double? ratio) =>
        html.AppendLine($"<tr><td>{Html.Text(name)}</td><td class=\"n\">{Cell(first)}</td><td class=\"n\">{Cell(second)}</td><td " +
            $"class=\"n\">{Cell(ratio)}</td></tr>");

    private static string Cell(double? value)
        => value is { } v && double.IsFinite(v) ? v.ToString("0.000", CultureInfo.InvariantCulture) : "";
}
