using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GanPipeline.Evaluation;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>report.html: one page with everything in it, readable years later without this program.</summary>
internal sealed class ReportPage
{
    private readonly RunContext _run;
    private readonly PipelineOptions _options;
    private readonly StringBuilder _html = new();

    private ReportPage(RunContext run) => (_run, _options) = (run, run.Options);

    /// <param name="run">The run.</param>
    /// <param name="stages">The stages that were done, in order.</param>
    public static string Build(RunContext run, IReadOnlyList<StageLine> stages)
    {
        var page = new ReportPage(run);
        page.Head();
        page.KeyMetrics();
        page.Samples();
        page.Evolution();
        page._html.AppendLine(LatentSection.Build(run.Folder.Generator, run.Folder.ShownPath("models/generator.onnx"),
            run.Options.Sample.Seed));
        page.Curves();
        if (run.Options.Architecture.Cycles)
        {
            if (run.Summary.Metrics<CycleStageMetrics>("evaluate") is { } cycles) page._html.Append(CycleSection.Build(cycles));
        }
        else if (run.Options.Architecture.Poses)
        {
            if (run.Summary.Metrics<PoseStageMetrics>("evaluate") is { } poses) page._html.Append(PoseSection.Build(poses));
        }
        else if (run.Options.Architecture.Translates)
        {
            if (run.Summary.Metrics<PairStageMetrics>("evaluate") is { } pairs) page._html.Append(PairSection.Build(pairs));
        }
        else if (page.Quality is { } samples)
        {
            page._html.Append(QualitySection.Build(samples, run.Folder.Copies));
        }
        if (run.Summary.Metrics<TransferMetrics>("classify") is { } transfer) page._html.Append(TransferSection.Build(transfer));
        if (run.Summary.Metrics<ExportMetrics>("export")?.Reduced is { } forms)
            page._html.Append(FormsSection.Build(forms, page.Quality));
        page.StageTimes(stages);
        page.Details();
        page._html.AppendLine(PageFrame.Foot("Every metric is in summary.json."));
        return page._html.ToString();
    }

    /// <summary>Of a GAN whose generator is given latents; the evaluation of others has other metrics.</summary>
    private SampleMetrics? Quality => _options is { Kind: PipelineOptions.Gan, Architecture.Translates: false }
        ? _run.Summary.Metrics<SampleMetrics>("evaluate")
        : null;

    private void Head()
    {
        var title = _options.Report.Title.Length > 0 ? _options.Report.Title : _options.Name;
        _html.AppendLine(PageFrame.Head("GanPipeline report", title, _options.Description));
    }

    private void KeyMetrics()
    {
        var tiles = new List<(string Name, string Value, string Unit, string Note)>();
        var summary = _run.Summary;
        if (_options.Architecture.Cycles)
        {
            if (summary.Metrics<CycleStageMetrics>("evaluate") is { } cycles)
            {
                tiles.Add(("L1 there and back", TextFormat.Number(cycles.Forth.Cycle.L1), "",
                    $"from the other side: {TextFormat.Number(cycles.Back.Cycle.L1)}"));
                tiles.Add(("Frechet distance", TextFormat.Number(cycles.Forth.Frechet.Outputs), "",
                    $"from the other side: {TextFormat.Number(cycles.Back.Frechet.Outputs)}"));
            }
        }
        else if (_options.Architecture.Poses)
        {
            if (summary.Metrics<PoseStageMetrics>("evaluate") is { } poses)
            {
                tiles.Add(("L1", TextFormat.Number(poses.Outputs.L1), "", $"nearest training pair: {TextFormat.Number(poses.Nearest.L1)}"));
                if (poses.Read is { } read)
                    tiles.Add(("View within 5 degrees", TextFormat.Percent(read.Outputs.Near), "",
                        $"of the targets: {TextFormat.Percent(read.Targets.Near)}"));
            }
        }
        else if (_options.Architecture.Translates)
        {
            if (summary.Metrics<PairStageMetrics>("evaluate") is { } pairs)
            {
                tiles.Add(("L1", TextFormat.Number(pairs.Outputs.L1), "", $"nearest training pair: {TextFormat.Number(pairs.Nearest.L1)}"));
                if (pairs.Outputs.Ssim is { } ssim)
                    tiles.Add(
                        ("SSIM", TextFormat.Number(ssim), "", $"nearest training pair: {TextFormat.Number(pairs.Nearest.Ssim ?? 0)}"));
            }
        }
        else if (Quality is { } quality)
        {
            tiles.Add(("Frechet distance", TextFormat.Number(
                quality.Frechet.Samples), "", $"real pictures: {TextFormat.Number(quality.Frechet.Real)}"));
            if (quality.Modes is { } modes)
                tiles.Add(("Modes", TextFormat.Count(modes.Modes), $"of {TextFormat.Count(modes.DataModes)}",
                    $"KL divergence {ModeText.Divergence(modes)}"));
        }
        if (summary.Metrics<TransferMetrics>("classify") is { } transfer)
            tiles.Add(("Linear classifier right", (transfer.Accuracy * 100).ToString("0.0", CultureInfo.InvariantCulture), "%",
                $"on the discriminator's features; pixels: {TransferMetrics.Percent(transfer.Controls[Representations.Pixels].Accuracy)}"));
        if (_options.Kind == PipelineOptions.TextEncoder)
        {
            if (summary.Metrics<RetrievalMetrics>("evaluate") is { } found)
            {
                tiles.Add(("Pictures that find their caption", Percent(found.RPrecision), "%",
                    $"of {found.Candidates}; {TextFormat.Count(found.Pictures, "test picture")}"));
                if (found.HeldOutRPrecision is { } heldOut)
                    tiles.Add(("Of combinations never seen", Percent(heldOut), "%", TextFormat.Count(found.HeldOutPictures, "picture")));
                if (found.ClassAccuracy is { } classes) tiles.Add(("Pictures that find their class", Percent(classes), "%", "by captions"));
            }
            if (summary.Metrics<TextEncoderTrainMetrics>("train") is { } train)
                Training(train.Seconds, train.Steps, "", train.ImagesPerSecond);

            static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
        }
        else if (_options.Kind == PipelineOptions.Classifier)
        {
            if (summary.Metrics<ClassifierTrainMetrics>("train") is { } train)
            {
                tiles.Add(("Held-out pictures right", (100 * train.Accuracy).ToString(
                    "0.00",
                    CultureInfo.InvariantCulture), "%", $"of {TextFormat.Count(train.HeldOut)}"));
                Training(train.Seconds, train.Steps, "", train.ImagesPerSecond);
            }
        }
        else if (summary.Metrics<TrainMetrics>("train") is { } train)
        {
            Training(train.Seconds, train.Steps, $" on {train.Device}", train.ImagesPerSecond);
        }
        if (summary.Metrics<ExportMetrics>("export") is { } export)
            tiles.Add(
                ("ONNX against Torch", TextFormat.Number(export.MaxAbsDifference.Values.Max()), "", "largest difference of any output"));
        if (summary.Metrics<SampleStageMetrics>("sample") is { } sample)
            tiles.Add(("Generates", TextFormat.Count((long)sample.ImagesPerSecond), "images/s",
                _options.Architecture.Poses ? "from pose-generator.onnx"
                    : _options.Architecture.Translates ? "from translator.onnx" : "from generator.onnx"));

        void Training(double seconds, long steps, string device, double imagesPerSecond)
        {
            tiles.Add(("Training", TextFormat.Duration(seconds), "", $"{TextFormat.Count(steps, "step")}{device}"));
            tiles.Add(("Trained on", TextFormat.Count((long)imagesPerSecond), "images/s", $"batches of {_options.BatchSize}"));
        }
        _html.AppendLine("<dl class=\"facts\">");
        foreach (var (name, value, unit, note) in tiles)
            _html.AppendLine(
                $"<div><dt>{name}</dt><dd>{value}{(unit.Length > 0 ? $"<small>{unit}</small>" : "")}</dd><dd>{Html.Text(note)}</dd></div>");
        _html.AppendLine("</dl></header>");
    }

    private void Samples()
    {
        if (!File.Exists(_run.Folder.Grid)) return;
        var o = _options.Sample;
        if (_options.Architecture.Poses)
        {
            PoseSamples();
            return;
        }
        if (_options.Architecture.Translates)
        {
            var (note, alt) = _options.Architecture.Cycles
                ? ("Test images, not chosen by hand: one of the first side, translated, and back again; beside it one of the second side " +
                    "likewise.", "Test images of both sides, translated, and back again")
                : ("Test pairs, not chosen by hand: input, output and target beside each other.",
                    "Input, output and target of some test pairs");
            Open("Samples", note);
            _html.AppendLine($"""
                <div class="card pictures"><img alt="{alt}" src="{Html.DataUri(_run.Folder.Grid)}">
                <p class="note">Of pictures of your own:</p>
                <pre><code>gan translate {Html.Text(_run.Folder.ShownPath("models/translator.onnx"))} --data folder:pictures --size {
                _run.Architecture.Shape.Height} --out translated</code></pre>
                </div></section>
                """);
            return;
        }
        Open("Samples", "Not chosen by hand: the first ones of the seed.");
        var generator = Html.Text(_run.Folder.ShownPath("models/generator.onnx"));
        _html.AppendLine($"""
            <div class="card beside pictures"><img alt="A grid of generated pictures" src="{Html.DataUri(_run.Folder.Grid)}">
            <div><dl class="list"><dt>made by</dt><dd>generator.onnx</dd><dt>seed</dt><dd>{o.Seed}</dd>
            <dt>shown</dt><dd>{TextFormat.Count(o.Grid)}</dd><dt>in samples</dt><dd>{TextFormat.Count(o.Count)}</dd></dl>
            """);
        var texts = _run.Summary.Metrics<SampleStageMetrics>("sample")?.Texts ?? [];
        if (texts.Count > 0)
        {
            _html.AppendLine("<p class=\"note\">What the rows show:</p><ol class=\"texts\">");
            foreach (var text in texts) _html.AppendLine($"<li>{Html.Text(text)}</li>");
            _html.AppendLine("</ol>");
        }
        var asked = texts.Count == 0 ? "" : $" --text \"{Html.Text(texts[0].Replace('"', '\''))}\"";
        _html.AppendLine($"""
            <p class="note">More of them:</p>
            <pre><code>gan generate {generator} --count 1000 --seed {o.Seed + 1}{asked}</code></pre>
            </div></div></section>
            """);
    }

    private void PoseSamples()
    {
        Open("Samples", "Test pairs, not chosen by hand: the given picture, the wanted pose, the first stage's picture, the output and " +
            "the target beside each other.");
        _html.AppendLine($"""
            <div class="card pictures"><img alt="Input, wanted pose, first stage, output and target of some test pairs" src="{
            Html.DataUri(_run.Folder.Grid)}">
            """);
        if (File.Exists(_run.Folder.Turn))
            _html.AppendLine($"""
                <p class="note">Bricks once around, each from the one picture at the left: the truth, and below it what is made.</p>
                <img alt="Bricks turned once around, in truth and as they are made" src="{Html.DataUri(_run.Folder.Turn)}">
                <p class="note">Of a picture of your own:</p>
                <pre><code>gan pose {Html.Text(_run.Folder.ShownPath("models/pose-generator.onnx"))} --in picture.png --yaw 30 --pitch {
                35}</code></pre>
                """);
        else
            _html.AppendLine($"""
                <p class="note">Of a picture of your own, for the poses of a table:</p>
                <pre><code>gan pose {Html.Text(_run.Folder.ShownPath("models/pose-generator.onnx"))} --in picture.png --keypoints {
                "points.csv"} --fit {_options.Data.Fit} --out made</code></pre>
                """);
        _html.AppendLine("</div></section>");
    }

    private void Evolution()
    {
        var all = _run.Folder.Training.SampleGrids();
        if (all.Count < 2) return;
        var files = StepViewer.Spread(all, _options.Report.Grids);
        var translates = _options.Architecture.Translates;
        Open(translates ? "By step" : "From noise on", _options.Architecture.Cycles
            ? "The same images after more and more steps: of each side an image, translated, and back again."
            : translates ? "The same pairs after more and more steps: input, output and target."
            : "The same latents after more and more steps.");
        _html.AppendLine($"""
            <div class="card beside evolution pictures"><div class="frames">{StepViewer.Frames(files, "Samples")}</div>
            {StepViewer.Control([.. files.Select(file => file.Step)])}</div>
            <div class="strip pictures">
            """);
        foreach (var i in new[] { 0, files.Count / 3, 2 * files.Count / 3, files.Count - 1 }.Distinct())
            _html.AppendLine(
                $"""<figure><img data-frame="{i}" alt=""><figcaption>{TextFormat.Count(files[i].Step, "step")}</figcaption></figure>""");
        _html.AppendLine("</div></section>");
    }

    private void Curves()
    {
        var training = _run.Folder.Training;
        if (_options.Kind == PipelineOptions.Classifier) FitCurves(training.ReadMetrics<FitMetrics>(), "Right on training pictures");
        else if (_options.Kind == PipelineOptions.TextEncoder)
            FitCurves(training.ReadMetrics<FitMetrics>(), $"Captions found among {_options.BatchSize} training pictures");
        else GanCurves(training.ReadMetrics<GanMetrics>());
    }

    private void FitCurves(IReadOnlyList<FitMetrics> metrics, string accuracy)
    {
        if (metrics.Count < 2) return;
        Series[] losses = [Of(metrics, "loss", "--one", m => m.Loss)];
        Series[] accuracies = [Of(metrics, "right", "--three", m => m.Accuracy)];
        Open("Training", "");
        _html.AppendLine("<div class=\"pair\">");
        Card("Loss", Chart.Legend(losses), Chart.Draw(losses), "by step");
        Card(accuracy, Chart.Legend(accuracies), Chart.Draw(accuracies, 1, percent: true), "by step");
        _html.AppendLine("</div></section>");
    }

    private void GanCurves(IReadOnlyList<GanMetrics> metrics)
    {
        if (metrics.Count < 2) return;
        Series[] losses = [Of(metrics, "discriminator", "--one", m => m
            .DiscriminatorLoss), Of(metrics, "generator", "--two", m => m.GeneratorLoss)];
        Series[] accuracies = [Of(metrics, "real pictures", "--three", m => m
            .RealAccuracy), Of(metrics, "generated pictures", "--two", m => m.GeneratedAccuracy)];
        Open("Training", "The losses say little by themselves: they need not fall. What matters is that neither network wins. " +
            "A discriminator that is right on nearly all pictures has won; " +
            "one that is right on half of them cannot tell real from generated.");
        _html.AppendLine("<div class=\"pair\">");
        Card("Loss", Chart.Legend(losses), Chart.Draw(losses), "by step");
        Card("The discriminator is right on", Chart.Legend(accuracies), Chart.Draw(accuracies, 1, percent: true, mark: 0.5), "by step");
        if (metrics.Any(m => m.GeneratorGradientNorm is not null))
        {
            Series[] norms = [Of(metrics, "discriminator", "--one", m => m
                .DiscriminatorGradientNorm), Of(metrics, "generator", "--two", m => m.GeneratorGradientNorm)];
            Card("Gradient norms", Chart.Legend(norms), Chart.Draw(norms), "by step");
        }
        if (metrics.Any(m => m.Difference is not null))
        {
            var (name, what) = _options.Architecture.Cycles ? ("there and back", "images") : ("outputs from targets", "pairs");
            Series[] differences = [Of(metrics, name, "--three", m => m.Difference / 2)];
            Card("L1", Chart.Legend(differences), Chart.Draw(differences), $"by step, on training {what}; black is 0, white 1");
        }
        if (!_options.Architecture.Translates && metrics.Count(m => m.Metric is not null) > 1)
        {
            Series[] distances = [Of(metrics, "samples to training pictures", "--three", m => m.Metric)];
            Card("Frechet distance", Chart.Legend(distances), Chart.Draw(distances), "by step; generator.onnx is the best of them");
        }
        if (metrics.Any(m => m.AugmentationProbability is not null))
        {
            Series[] augmented = [Of(metrics, "probability", "--one", m => m.AugmentationProbability)];
            Card("Augmentation", Chart.Legend(augmented), Chart.Draw(augmented, 1, percent: true), "by step");
        }
        _html.AppendLine("</div></section>");
        _html.AppendLine(DiagnosisSection.Build(_options.Objective.Loss, metrics));
    }

    private static Series Of<T>(IEnumerable<T> metrics, string name, string color, Func<T, double?> value) where T : TrainingMetrics =>
        new(name, color, [.. metrics.Select(m => ((double)m.Step, value(m) ?? double.NaN))]);

    private void Card(string title, string legend, string chart, string caption) =>
        _html.AppendLine($"<figure class=\"card\"><h2>{title}</h2>{legend}{chart}<figcaption>{caption}</figcaption></figure>");

    private void StageTimes(IReadOnlyList<StageLine> stages)
    {
        if (stages.Count == 0) return;
        var longest = Math.Max(stages.Max(s => s.Seconds), 1e-9);
        Open("What was done", $"{TextFormat.Duration(stages.Sum(s => s.Seconds))} in all.");
        _html.AppendLine("<div class=\"card\"><table><thead><tr><th>stage</th><th></th><th class=\"n\">time</th></tr></thead><tbody>");
        foreach (var (name, seconds, line) in stages)
            _html.AppendLine(string.Create(CultureInfo.InvariantCulture, $"""
                <tr><td><strong>{name}</strong></td><td>{Html.Text(line)}
                <span class="bar" style="margin-top:7px"><i style="width:{seconds / longest * 100:0.#}%"></i></span></td>
                <td class="n">{TextFormat.Duration(seconds)}</td></tr>
                """));
        _html.AppendLine("</tbody></table></div></section>");
    }

    private void Details()
    {
        Open("Everything that decides it", "");
        var sets = RunSettings.Sets(_options).Select(set => "--set " + TextFormat.ShellArgument(set));
        var command = string.Join(' ', sets.Prepend($"gan run {_options.Name}"));
        _html.AppendLine($"<div class=\"card\"><p class=\"note\">The same again, by the same pipelines file:</p>" +
            $"<pre class=\"wrap\"><code>{Html.Text(command)}</code></pre></div>");
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

}

/// <summary>A stage that was done.</summary>
/// <param name="Name">The stage's.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Line">Its metrics in one line.</param>
internal sealed record StageLine(string Name, double Seconds, string Line);
