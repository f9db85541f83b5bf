using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>report.html: one page with everything in it, readable years later without this program.</summary>
internal sealed class ReportPage
{
    private readonly RunContext _run;
    private readonly PipelineOptions _options;
    private readonly StringBuilder _html = new();

    private ReportPage(RunContext run) => (_run, _options) = (run, run.Options);

    public static string Build(RunContext run)
    {
        var page = new ReportPage(run);
        page.Head();
        page.KeyFigures();
        page.Samples();
        page.Evolution();
        page.Curves();
        page.Frechet();
        if (page.Stage("classify") is { } classify) page._html.Append(TransferSection.Build(classify));
        page.StageTimes();
        page.Details();
        page._html.AppendLine($"""
            <footer>GanPipeline {About.Version}, {DateTime.UtcNow.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC. Every figure is in summary.json.</footer>
            </main><script>{Html.Resource("report.js")}</script></body></html>
            """);
        return page._html.ToString();
    }

    private JsonObject? Stage(string name) => _run.Summary.Stage(name);

    private void Head()
    {
        var title = _options.Report.Title.Length > 0 ? _options.Report.Title : _options.Name;
        _html.AppendLine($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html.Text(title)}</title><style>{Html.Resource("report.css")}</style></head><body><main>
            <header><p class="kicker">GanPipeline report</p><h1>{Html.Text(title)}</h1>
            <p class="lead">{Html.Text(_options.Description)}</p>
            """);
    }

    private void KeyFigures()
    {
        var tiles = new List<(string Name, string Value, string Unit, string Note)>();
        if (Stage("evaluate")?["frechet"] is JsonObject frechet && frechet["samples"] is { } samples)
            tiles.Add(("Frechet distance", TextFormat.Figure((double)samples), "", frechet["real"] is { } real ? $"real pictures: {TextFormat.Figure((double)real)}" : ""));
        if (Stage("classify") is { } classify)
            tiles.Add(("Linear classifier right", ((double)classify["accuracy"]! * 100).ToString("0.0", CultureInfo.InvariantCulture), "%",
                $"on the discriminator's features; pixels: {TransferFigures.Percent(classify["controls"]![TransferWork.Pixels]!["accuracy"])}"));
        if (Stage("train") is { } train)
        {
            if (train["accuracy"] is { } accuracy && train["heldOut"] is { } heldOut)
                tiles.Add(("Held-out pictures right", (100 * (double)accuracy).ToString("0.00", CultureInfo.InvariantCulture), "%", $"of {TextFormat.Count((long)heldOut)}"));
            tiles.Add(("Training", TextFormat.Duration(Seconds(train)), "", $"{TextFormat.Count((long)train["steps"]!, "step")}{(train["device"] is { } device ? $" on {device}" : "")}"));
            tiles.Add(("Trained on", TextFormat.Count((long)(double)(train["imagesPerSecond"] ?? 0)), "images/s", $"batches of {_options.BatchSize}"));
        }
        if (Stage("export")?["maxAbsDifference"] is JsonObject differences)
            tiles.Add(("ONNX against Torch", TextFormat.Figure(differences.Max(d => (double?)d.Value ?? 0)), "", "largest difference of any output"));
        if (Stage("sample")?["imagesPerSecond"] is { } rate) tiles.Add(("Generates", TextFormat.Count((long)(double)rate), "images/s", "from generator.onnx"));
        _html.AppendLine("<dl class=\"facts\">");
        foreach (var (name, value, unit, note) in tiles)
            _html.AppendLine($"<div><dt>{name}</dt><dd>{value}{(unit.Length > 0 ? $"<small>{unit}</small>" : "")}</dd><p>{Html.Text(note)}</p></div>");
        _html.AppendLine("</dl></header>");
    }

    private void Samples()
    {
        if (!File.Exists(_run.Folder.Grid)) return;
        var o = _options.Sample;
        Open("Samples", "Not chosen by hand: the first ones of the seed.");
        _html.AppendLine($"""
            <div class="card beside pictures"><img alt="A grid of generated pictures" src="{Html.DataUri(_run.Folder.Grid)}">
            <div><dl class="list"><dt>made by</dt><dd>generator.onnx</dd><dt>seed</dt><dd>{o.Seed}</dd><dt>shown</dt><dd>{TextFormat.Count(o.Grid)}</dd><dt>in samples</dt><dd>{TextFormat.Count(o.Count)}</dd></dl>
            <p class="note">More of them:</p><pre><code>gan generate {Html.Text(_run.Folder.ShownPath("models/generator.onnx"))} --count 1000 --seed {o.Seed + 1}</code></pre></div></div></section>
            """);
    }

    private void Evolution()
    {
        if (!Directory.Exists(_run.Folder.TrainSamples)) return;
        var all = Directory.EnumerateFiles(_run.Folder.TrainSamples, "step-*.png").Order(StringComparer.Ordinal).ToArray();
        if (all.Length < 2) return;
        var count = Math.Min(all.Length, _options.Report.Grids);
        var files = Enumerable.Range(0, count).Select(i => all[(int)Math.Round((double)i * (all.Length - 1) / (count - 1))]).Distinct().ToArray();
        Open("From noise on", "The same latents after more and more steps.");
        _html.AppendLine("<div class=\"card beside evolution pictures\"><div>");
        for (var i = 0; i < files.Length; i++)
            _html.AppendLine($"""<img{(i < files.Length - 1 ? " hidden" : "")} data-step="{Step(files[i])}" alt="Samples after {TextFormat.Count(Step(files[i]), "step")}" src="{Html.DataUri(files[i])}">""");
        _html.AppendLine($"""
            </div><div class="control"><label for="step">Step</label><output>{TextFormat.Count(Step(files[^1]))}</output>
            <input id="step" type="range" min="0" max="{files.Length - 1}" value="{files.Length - 1}"><button type="button">Play</button></div></div>
            <div class="strip pictures">
            """);
        foreach (var i in new[] { 0, files.Length / 3, 2 * files.Length / 3, files.Length - 1 }.Distinct())
            _html.AppendLine($"""<figure><img data-frame="{i}" alt=""><figcaption>{TextFormat.Count(Step(files[i]), "step")}</figcaption></figure>""");
        _html.AppendLine("</div></section>");
    }

    private void Curves()
    {
        var metrics = Metrics.Read(_run.Folder.Metrics);
        if (metrics.Count < 2) return;
        Series Of(string name, string color, Func<MetricsLine, double> value) => new(name, color, [.. metrics.Select(m => ((double)m.Step, value(m)))]);
        var classifier = _options.Kind == PipelineOptions.Classifier;
        Series[] losses = classifier ? [Of("loss", "--one", m => m.GeneratorLoss)]
            : [Of("discriminator", "--one", m => m.DiscriminatorLoss), Of("generator", "--two", m => m.GeneratorLoss)];
        Series[] accuracies = classifier ? [Of("right", "--three", m => m.RealAccuracy)]
            : [Of("real pictures", "--three", m => m.RealAccuracy), Of("generated pictures", "--two", m => m.GeneratedAccuracy)];
        Open("Training", classifier ? "" : "Losses of a game do not fall like those of a lesson: what matters is that neither network wins. " +
            "A discriminator that is right on nearly all pictures has won; one at a half cannot tell any more.");
        _html.AppendLine("<div class=\"pair\">");
        Card("Loss", Chart.Legend(losses), Chart.Draw(losses), "by step");
        Card(classifier ? "Right on training pictures" : "The discriminator is right on", Chart.Legend(accuracies), Chart.Draw(accuracies, 1, percent: true, mark: classifier ? null : 0.5), "by step");
        if (metrics.Any(m => double.IsFinite(m.GeneratorGradientNorm)))
        {
            Series[] norms = [Of("discriminator", "--one", m => m.DiscriminatorGradientNorm), Of("generator", "--two", m => m.GeneratorGradientNorm)];
            Card("Gradient norms", Chart.Legend(norms), Chart.Draw(norms), "by step");
        }
        if (metrics.Count(m => double.IsFinite(m.Frechet)) > 1)
        {
            Series[] distances = [Of("samples to training pictures", "--three", m => m.Frechet)];
            Card("Frechet distance", Chart.Legend(distances), Chart.Draw(distances), "by step; generator.onnx is the best of them");
        }
        if (metrics.Any(m => double.IsFinite(m.AugmentationProbability)))
        {
            Series[] augmented = [Of("probability", "--one", m => m.AugmentationProbability)];
            Card("Augmentation", Chart.Legend(augmented), Chart.Draw(augmented, 1, percent: true), "by step");
        }
        _html.AppendLine("</div></section>");

        void Card(string title, string legend, string chart, string caption) =>
            _html.AppendLine($"<figure class=\"card\"><h2>{title}</h2>{legend}{chart}<figcaption>{caption}</figcaption></figure>");
    }

    private void Frechet()
    {
        if (Stage("evaluate") is not { } stage || stage["frechet"] is not JsonObject d) return;
        var images = stage["images"] as JsonObject;
        (string Key, string Name, string Note)[] rows =
        [
            ("real", "Real pictures", "training pictures against test pictures: as good as it gets"),
            ("samples", "Samples", "what this generator makes"),
            ("untrained", "Untrained generator", "the same network before its first step"),
            ("noise", "Noise", "every pixel drawn evenly"),
        ];
        var present = rows.Where(r => d[r.Key] is not null).ToArray();
        if (present.Length == 0) return;
        // Distances span orders of magnitude, so the bars' lengths are logarithms.
        var (low, high) = (present.Min(r => Log(r.Key)) - 0.3, present.Max(r => Log(r.Key)));
        Open("How close to real", $"Frechet distance to the test pictures in the {stage["features"]} features of {Html.Text((string?)stage["classifier"] ?? "a classifier")}. Smaller is closer; bars are logarithmic.");
        _html.AppendLine("<div class=\"card\"><table><thead><tr><th></th><th class=\"n\">distance</th><th class=\"n\">pictures</th><th></th></tr></thead><tbody>");
        foreach (var (key, name, note) in present)
        {
            var share = high > low ? (Log(key) - low) / (high - low) * 100 : 100;
            var (open, close) = key == "samples" ? ("<strong>", "</strong>") : ("", "");
            _html.AppendLine(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><td>{open}{name}{close}<span class="sub">{note}</span></td><td class="n">{open}{TextFormat.Figure((double)d[key]!)}{close}</td><td class="n">{(images?[key] is { } n ? TextFormat.Count((long)n) : "")}</td>
                <td class="wide"><span class="bar{(key == "samples" ? " own" : "")}"><i style="width:{share:0.#}%"></i></span></td></tr>
                """));
        }
        _html.AppendLine("</tbody></table></div>");
        Neighbours(stage);
        Labels(stage);
        _html.AppendLine("</section>");

        double Log(string key) => Math.Log10(Math.Max((double)d[key]!, 1e-6));
    }

    /// <summary>Fidelity and diversity apart, which one distance mixes.</summary>
    private void Neighbours(JsonObject stage)
    {
        if (stage["samples"] is not JsonObject samples) return;
        (string Key, string Note)[] columns =
        [
            ("precision", "samples that lie among real pictures"), ("recall", "real pictures that lie among samples"),
            ("density", "real pictures around a sample"), ("coverage", "real pictures with a sample near"),
        ];
        _html.Append("<div class=\"card\"><table><thead><tr><th></th>");
        foreach (var (key, note) in columns) _html.Append($"<th class=\"n\">{key}<span class=\"sub\">{note}</span></th>");
        _html.AppendLine("</tr></thead><tbody>");
        Row("Samples", samples);
        if (stage["real"] is JsonObject real) Row("Real pictures", real);
        _html.AppendLine("</tbody></table></div>");

        void Row(string name, JsonObject values) => _html.AppendLine($"<tr><td>{name}</td>" +
            string.Concat(columns.Select(c => $"<td class=\"n\">{(values[c.Key] is { } v ? ((double)v).ToString("0.00", CultureInfo.InvariantCulture) : "")}</td>")) + "</tr>");
    }

    /// <summary>Whether samples are what was asked for.</summary>
    private void Labels(JsonObject stage)
    {
        if (stage["labels"] is not JsonObject labels) return;
        if (labels["fields"] is JsonObject { Count: > 0 } fields)
        {
            _html.AppendLine("""
                <div class="card"><table><thead><tr><th>attribute<span class="sub">read by the classifier</span></th><th class="n">samples<span class="sub">that show what was asked</span></th>
                <th class="n">real pictures<span class="sub">that it reads right</span></th><th class="n">ratio</th></tr></thead><tbody>
                """);
            foreach (var (name, f) in fields) _html.AppendLine($"<tr><td>{Html.Text(name)}</td><td class=\"n\">{Cell(f!["samples"])}</td><td class=\"n\">{Cell(f["real"])}</td><td class=\"n\">{Cell(f["ratio"])}</td></tr>");
            _html.AppendLine("</tbody></table></div>");
        }
        if (labels["classes"] is JsonObject { Count: > 0 } classes)
        {
            _html.AppendLine("""
                <div class="card"><table><thead><tr><th>class</th><th class="n">coverage<span class="sub">of its real pictures by samples</span></th>
                <th class="n">by real pictures</th><th class="n">ratio</th></tr></thead><tbody>
                """);
            foreach (var (name, c) in classes) _html.AppendLine($"<tr><td>{Html.Text(name)}</td><td class=\"n\">{Cell(c!["coverage"])}</td><td class=\"n\">{Cell(c["realCoverage"])}</td><td class=\"n\">{Cell(c["ratio"])}</td></tr>");
            _html.AppendLine("</tbody></table></div>");
        }
        if (labels["nearestNeighbour"] is JsonObject nearest)
            _html.AppendLine($"<p class=\"note\">The nearest neighbour among {TextFormat.Count((long)nearest["images"]!)} samples names {Cell(nearest["samples"])} of the test pictures right, among as many real pictures {Cell(nearest["real"])}.</p>");

        static string Cell(JsonNode? value) => value is null ? "" : ((double)value).ToString("0.000", CultureInfo.InvariantCulture);
    }

    private void StageTimes()
    {
        var stages = Stages.Of(_options).Where(s => Stage(s.Name) is not null).Select(s => (s.Name, Seconds: Seconds(Stage(s.Name)!), Line: s.Line(Stage(s.Name)!))).ToArray();
        if (stages.Length == 0) return;
        var longest = Math.Max(stages.Max(s => s.Seconds), 1e-9);
        Open("What was done", $"{TextFormat.Duration(stages.Sum(s => s.Seconds))} in all.");
        _html.AppendLine("<div class=\"card\"><table><thead><tr><th>stage</th><th></th><th class=\"n\">time</th></tr></thead><tbody>");
        foreach (var (name, seconds, line) in stages)
            _html.AppendLine(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><td><strong>{name}</strong></td><td>{Html.Text(line)}<span class="bar" style="margin-top:7px"><i style="width:{seconds / longest * 100:0.#}%"></i></span></td><td class="n">{TextFormat.Duration(seconds)}</td></tr>
                """));
        _html.AppendLine("</tbody></table></div></section>");
    }

    private void Details()
    {
        Open("Everything that decides it", "");
        _html.AppendLine("<div class=\"card columns\">");
        var options = (JsonObject)_run.Summary.Json["options"]!;
        foreach (var (section, values) in options)
            if (values is JsonObject map) List(section, map);
        if (_run.Summary.Json["versions"] is JsonObject versions) List("environment", versions);
        if (_run.Summary.Json["inputs"] is JsonObject inputs) List("inputs", inputs);
        _html.AppendLine("</div></section>");

        void List(string title, JsonObject values)
        {
            _html.AppendLine($"<div><h3>{title}</h3><dl>");
            foreach (var (key, value) in values)
            {
                var text = value is JsonArray a ? string.Join(", ", a.Select(v => v?.ToString())) : value?.ToString() ?? "";
                if (text.Length > 0) _html.AppendLine($"<dt>{Html.Text(key)}</dt><dd>{Html.Text(TextFormat.Shorten(text, 48))}</dd>");
            }
            _html.AppendLine("</dl></div>");
        }
    }

    private void Open(string title, string note) =>
        _html.AppendLine($"<section><h2>{title}</h2>{(note.Length > 0 ? $"<p class=\"note\">{note}</p>" : "")}");

    private static double Seconds(JsonObject stage) => (double?)stage["seconds"] ?? 0;

    private static long Step(string file) => long.TryParse(Path.GetFileNameWithoutExtension(file).AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0;
}
