using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>compare.html: runs beside each other on one page, in the style of the report.</summary>
internal sealed class ComparePage
{
    /// <summary>About so many pictures of each generator where nobody asks for another number, six by six.</summary>
    public const int Pictures = 36;

    /// <summary>More sample grids make a page that is slow to load.</summary>
    private const int MostGrids = 32;

    private readonly RunComparison _comparison;
    private readonly IReadOnlyList<ComparedRun> _runs;
    private readonly StringBuilder _html = new();

    private ComparePage(RunComparison comparison) => (_comparison, _runs) = (comparison, comparison.Runs);

    /// <summary>Writes the page, with pictures that it has the runs' generators make.</summary>
    /// <param name="path">The file.</param>
    /// <param name="comparison">The runs.</param>
    /// <param name="choice">Which they are of how many; empty where all are there that were asked for.</param>
    /// <param name="count">About how many pictures of each generator.</param>
    /// <param name="seed">Of their latents.</param>
    /// <param name="stop">Ends the work before anything is written.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, RunComparison comparison, string choice, int count, long seed, CancellationToken stop)
    {
        var samples = comparison.IsOfClassifiers ? null : ComparedSamples.Draw(comparison.Runs, count, seed, stop);
        AtomicFile.WriteAllText(path, Build(comparison, choice, samples));
    }

    /// <param name="comparison">The runs.</param>
    /// <param name="choice">As for <see cref="Write"/>.</param>
    /// <param name="samples">What their generators make of the same latents; null for classifiers.</param>
    public static string Build(RunComparison comparison, string choice, ComparedSamples? samples)
    {
        string[] pipelines = [.. comparison.Runs.Select(run => run.Options.Name).Distinct()];
        var title = $"{TextFormat.Count(comparison.Runs.Count, "run")} of {TextFormat.List(pipelines)}";
        var lead = choice.Length > 0 ? choice : $"{TextFormat.List(comparison.Runs.Select(run => run.Name))}, side by side.";
        var page = new ComparePage(comparison);
        page._html.AppendLine(PageFrame.Head("GanPipeline comparison", title, lead));
        page.Runs();
        page._html.AppendLine("</header>");
        page.Options();
        page.Metrics();
        page.Curves();
        if (!comparison.IsOfClassifiers) page.Steps();
        if (samples is not null) page.Samples(samples);
        page._html.AppendLine(PageFrame.Foot("Every metric is in the runs' summary.json."));
        return page._html.ToString();
    }

    /// <summary>Which runs, and what they took.</summary>
    private void Runs()
    {
        _html.AppendLine("<div class=\"card\"><table class=\"runs\"><thead><tr><th>run</th><th>pipeline</th><th class=\"n\">steps</th>" +
            "<th class=\"n\">minutes</th><th class=\"n\">images/s</th><th class=\"n\">parameters<span class=\"sub\">" +
            $"{(_comparison.IsOfClassifiers ? "" : "generator, discriminator")}</span></th><th>computed on</th></tr></thead><tbody>");
        for (var i = 0; i < _runs.Count; i++)
        {
            var (run, cost) = (_runs[i], RunCost.Of(_runs[i]));
            _html.AppendLine($"""
                <tr><td>{Style(i).Key(Color(i))} <strong>{Html.Text(run.Name)}</strong>
                <span class="sub">{Html.Text(run.Folder.Shown)}</span></td>
                <td>{Html.Text(run.Options.Name)}</td><td class="n">{TextFormat.Count(cost.Steps)}<span class="sub">{cost.State}</span></td>
                <td class="n">{TextFormat.Number(cost.Minutes)}</td><td class="n">{TextFormat.Count((long)cost.ImagesPerSecond)}</td>
                <td class="n">{cost.Parameters}</td><td>{Html.Text(cost.Device)}</td></tr>
                """);
        }
        _html.AppendLine("</tbody></table></div>");
    }

    private void Options()
    {
        var equal = _comparison.EqualOptions;
        if (_comparison.Differences.Count == 0)
        {
            Open("What differs", $"No option: all {TextFormat.Count(equal)} are the same.");
            _html.AppendLine("</section>");
            return;
        }
        Open("What differs", $"{TextFormat.Count(equal, "other option")} {(equal == 1 ? "is" : "are")} the same in all runs.");
        Table("option", [.. _comparison.Differences.Select(option => (Html.Text(option.Key),
            (IReadOnlyList<string>)[.. option.Values.Select(value => value is null ? Absent("the pipeline has none")
                : value.Length == 0 ? Absent("not set") : Html.Text(TextFormat.Shorten(value, 160)))]))], "wrap");
        _html.AppendLine("</section>");
    }

    private void Metrics()
    {
        if (_comparison.Metrics.Count == 0)
        {
            Open("How good they are", "None was measured yet: gan evaluate RUN does that.");
            _html.AppendLine("</section>");
            return;
        }
        var alike = _comparison.Metrics.All(metric => metric.IsComparable);
        Open("How good they are", alike
            ? "The best is marked where its interval (two standard errors to each side, or what is said) overlaps that of no other " +
              "run. Where an error is not known, none is marked."
            : "Not all were measured against the same pictures in the same features: such figures cannot be compared, and none of them " +
              "is marked as the best.");
        Table("metric", [.. _comparison.Metrics.Select(metric => (
            $"{Html.Text(metric.Title)}<span class=\"sub\">{Html.Text(metric.Note)}{Direction(metric)}</span>",
            (IReadOnlyList<string>)[.. metric.Values.Select((value, run) => Cell(value, metric.Best == run))]))], "n");
        _html.AppendLine("</section>");

        static string Direction(ComparedMetric metric) =>
            metric.LessIsBetter is { } less ? $"; {(less ? "smaller" : "larger")} is better" : "";

        static string Cell(Estimate? value, bool isBest)
        {
            if (value is null) return Absent("not measured");
            var text = isBest ? $"<strong>{value.Text}</strong> <em class=\"best\">best</em>" : value.Text;
            return value.Note.Length > 0 ? $"{text}<span class=\"sub\">{Html.Text(value.Note)}</span>" : text;
        }
    }

    private void Curves()
    {
        Open("Training", "Running means over a twentieth of the values, by step.");
        _html.AppendLine("<div class=\"pair\">");
        foreach (var curve in ComparedCurve.Of(_comparison))
        {
            // Lines and legend have the same order, in which report.js shows the values.
            var series = _runs.Select((run, i) => curve.Of(run, Color(i), Style(i))).Where(s => s.Points.Count > 0).ToArray();
            if (series.Length == 0) continue;
            var chart = Chart.Draw(series, curve.Top, curve.IsShare, curve.Mark, curve.Title);
            _html.AppendLine($"<figure class=\"card\"><h3>{curve.Title}</h3>{Chart.Legend(series)}{chart}" +
                $"<figcaption>{curve.Caption}</figcaption></figure>");
        }
        _html.AppendLine("</div></section>");
    }

    /// <summary>The grids of the same steps.</summary>
    private void Steps()
    {
        var most = Math.Max(2, MostGrids / _runs.Count);
        var steps = StepViewer.Spread(_comparison.CommonSteps, most);
        if (steps.Count == 0)
        {
            Open("After as many steps", "There is no step of which all runs have a sample grid.");
            _html.AppendLine("</section>");
            return;
        }
        Open("After as many steps", $"All have grids of {TextFormat.Count(_comparison.CommonSteps.Count, "step")}, the last of them " +
            $"{TextFormat.Count(steps[^1])}. Each run shows its own latents, the same at every step.");
        _html.AppendLine($"<div class=\"card evolution pictures\">{StepViewer.Control(steps)}<div class=\"grids\">");
        for (var i = 0; i < _runs.Count; i++)
        {
            var grids = _runs[i].Folder.Training.SampleGrids().Where(grid => steps.Contains(grid.Step)).ToArray();
            _html.AppendLine($"<figure>{Caption(i)}<div class=\"frames\">{StepViewer.Frames(grids, $"Samples of {_runs[i].Name}")}</div>" +
                "</figure>");
        }
        _html.AppendLine("</div></div></section>");
    }

    private void Samples(ComparedSamples samples)
    {
        Open("The same latents", samples.Explanation);
        _html.AppendLine("<div class=\"card pictures\"><div class=\"grids\">");
        for (var i = 0; i < _runs.Count; i++)
        {
            var grid = samples.Grids[i];
            var picture = grid.Png is { } png
                ? $"<img alt=\"What {Html.Text(_runs[i].Name)} makes of the latents\" src=\"{Html.DataUri(png)}\">" : "";
            _html.AppendLine($"<figure>{Caption(i)}{picture}<p class=\"note\">{Html.Text(grid.Note)}</p></figure>");
        }
        _html.AppendLine("</div></div></section>");
    }

    private string Caption(int run) => $"<figcaption>{Style(run).Key(Color(run))} {Html.Text(_runs[run].Name)}</figcaption>";

    /// <summary>A row a thing, a column a run.</summary>
    private void Table(string what, IReadOnlyList<(string Title, IReadOnlyList<string> Cells)> rows, string kind)
    {
        _html.AppendLine($"<div class=\"card\"><table class=\"sides\"><thead><tr><th>{what}</th>");
        for (var i = 0; i < _runs.Count; i++)
            _html.AppendLine($"<th class=\"{kind}\">{Style(i).Key(Color(i))} {Html.Text(_runs[i].Name)}</th>");
        _html.AppendLine("</tr></thead><tbody>");
        foreach (var (title, cells) in rows)
            _html.AppendLine($"<tr><th scope=\"row\">{title}</th>" +
                $"{string.Concat(cells.Select(cell => $"<td class=\"{kind}\">{cell}</td>"))}</tr>");
        _html.AppendLine("</tbody></table></div>");
    }

    private static string Absent(string why) => $"<span class=\"sub\">{why}</span>";

    private static string Color(int run) => $"--run{run + 1}";

    private static LineStyle Style(int run) => new(run);

    private void Open(string title, string note) => _html.AppendLine($"<section><h2>{title}</h2><p class=\"note\">{Html.Text(note)}</p>");
}
