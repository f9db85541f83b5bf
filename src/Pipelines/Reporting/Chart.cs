using System.Globalization;
using System.Text;

namespace GanPipeline.Pipelines;

/// <param name="Color">A CSS variable of the page, like --one.</param>
/// <param name="Style">Where colours alone do not tell many lines apart: which dashes and marks the line has; its raw values are left out
/// then.</param>
internal sealed record Series(string Name, string Color, IReadOnlyList<(double X, double Y)> Points, LineStyle? Style = null);

/// <summary>Line charts as inline SVG: the raw values faint, a running mean over them, few and round ticks.</summary>
internal static class Chart
{
    private const double Width = 460, Height = 230, Left = 44, Right = 8, Top = 10, Bottom = 28;

    /// <summary>More points than this cannot be told apart on the page.</summary>
    private const int MaxPoints = 400;

    /// <param name="fixedTop">The top of the y axis, which starts at 0 then; null fits the values.</param>
    /// <param name="percent">Whether y is a share.</param>
    /// <param name="mark">A value to draw a dotted line at.</param>
    /// <param name="title">What all lines show, for those who hear the page; null where their names say it.</param>
    public static string Draw(
        IReadOnlyList<Series> series, double? fixedTop = null, bool percent = false, double? mark = null, string? title = null)
    {
        series = [.. series.Select(s => s with { Points = Thin([.. s.Points.Where(p => double.IsFinite(p.Y))]) })
            .Where(s => s.Points.Count > 0)];
        if (series.Count == 0) return "<p class=\"note\">No values were logged.</p>";
        var xMax = Math.Max(series.Max(s => s.Points[^1].X), 1);
        var (yMin, yMax) = fixedTop is { } top ? (0, top) : (-Top99(series, -1) ?? 0, Top99(series, 1) ?? 0);
        if (yMin >= yMax) yMax = yMin + 1;
        double X(double x) => Left + x / xMax * (Width - Left - Right);
        double Y(double y) => Top + (1 - (Math.Clamp(y, yMin, yMax) - yMin) / (yMax - yMin)) * (Height - Top - Bottom);

        // report.js reads values off the lines: where they are drawn, and what the right, the lower and the upper edge stand for.
        var svg = new StringBuilder($"<svg class=\"chart\" viewBox=\"0 0 {N(Width)} {N(Height)}\" role=\"img\" tabindex=\"0\" " +
            $"aria-label=\"{(title is null ? "" : Html.Text(title) + ": ")}{Html.Text(string.Join(", ", series.Select(s => s.Name)))} " +
            "by step; arrow keys read the values\" " +
            $"data-area=\"{N(Left)} {N(Top)} {N(Width - Left - Right)} {N(Height - Top - Bottom)}\" data-right=\"{R(xMax)}\" " +
            $"data-lower=\"{R(yMin)}\" data-upper=\"{R(yMax)}\"{(percent ? " data-percent" : "")}>");
        foreach (var y in Ticks(yMin, yMax, 4))
        {
            svg.Append($"<line class=\"rule\" x1=\"{N(Left)}\" x2=\"{N(Width - Right)}\" y1=\"{N(Y(y))}\" y2=\"{N(Y(y))}\"/>");
            svg.Append(
                $"<text x=\"{N(Left - 8)}\" y=\"{N(Y(y) + 4)}\" text-anchor=\"end\">{(percent ? TextFormat.Percent(y) : Short(y))}</text>");
        }
        foreach (var x in Ticks(0, xMax, 4))
            svg.Append($"<text x=\"{N(X(x))}\" y=\"{N(Height - 6)}\" " +
                $"text-anchor=\"{(x == 0 ? "start" : x > xMax * 0.95 ? "end" : "middle")}\">{Short(x)}</text>");
        if (mark is { } m) svg.Append(
            $"<line class=\"half\" x1=\"{N(Left)}\" x2=\"{N(Width - Right)}\" y1=\"{N(Y(m))}\" y2=\"{N(Y(m))}\"/>");
        foreach (var s in series.Where(s => s.Style is null)) svg.Append(Path("raw", s, s.Points));
        foreach (var s in series)
        {
            var smooth = Smooth(s.Points);
            svg.Append(Path("line", s, smooth));
            if (s.Style is { } style) svg.Append(style.Marks([.. smooth.Select(p => (X(p.X), Y(p.Y)))], s.Color));
        }
        return svg.Append("</svg>").ToString();

        string Path(string kind, Series s, IReadOnlyList<(double X, double Y)> points) =>
            $"<polyline class=\"{kind}\"{(kind == "line" ? $" data-name=\"{Html.Text(s.Name)}\"" : "")} style=\"stroke:var({s.Color})\" " +
            $"{s.Style?.Dash}points=\"{string.Join(' ', points.Select(p => $"{N(X(p.X))},{N(Y(p.Y))}"))}\"/>";
    }

    /// <summary>Names beside their lines; where these have styles, with room for a value that report.js shows.</summary>
    public static string Legend(IEnumerable<Series> series) => series.Any(s => s.Style is not null)
        ? $"<div class=\"legend values\">{string.Concat(series.Select(s =>
            $"<span>{s.Style!.Key(s.Color)}<b title=\"{Html.Text(s.Name)}\">{Html.Text(s.Name)}</b><i></i></span>"))}</div>"
        : $"<div class=\"legend\">{string.Concat(series.Select(s =>
            $"<span style=\"--c:var({s.Color})\">{Html.Text(s.Name)}</span>"))}</div>";

    /// <summary>The line that is drawn of points: their running mean, thinned out.</summary>
    public static IReadOnlyList<(double X, double Y)> Line(IReadOnlyList<(double X, double Y)> points) => Smooth(Thin(points));

    /// <summary>Means of equal runs of points, at most <see cref="MaxPoints"/> of them.</summary>
    private static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MaxPoints) return points;
        var size = (double)points.Count / MaxPoints;
        return [.. Enumerable.Range(0, MaxPoints).Select(i =>
        {
            var run = points.Skip((int)(i * size)).Take(Math.Max(1, (int)((i + 1) * size) - (int)(i * size))).ToArray();
            return (run.Average(p => p.X), run.Average(p => p.Y));
        })];
    }

    /// <summary>A centred running mean over a twentieth of the points.</summary>
    private static (double X, double Y)[] Smooth(IReadOnlyList<(double X, double Y)> points)
    {
        var half = points.Count / 40;
        return [.. points.Select((p, i) => (p.X, points.Skip(Math.Max(0, i - half))
            .Take(Math.Min(points.Count, i + half + 1) - Math.Max(0, i - half))
            .Average(q => q.Y)))];
    }

    /// <summary>
    /// A top that one spike at the start does not decide, where there are a hundred values or more; fewer are all shown. Null where no
    /// value is above 0.
    /// </summary>
    /// <param name="series">The lines.</param>
    /// <param name="sign">-1 for that of the values below 0, upside down.</param>
    private static double? Top99(IReadOnlyList<Series> series, int sign)
    {
        // Raw values count where they are drawn.
        var values = series.SelectMany(s => s.Style is null ? s.Points : Smooth(s.Points)).Select(p => sign * p.Y).Order().ToArray();
        var top = values[(int)Math.Ceiling((values.Length - 1) * 0.99)];
        return top > 0 ? top * 1.08 : null;
    }

    private static IEnumerable<double> Ticks(double from, double to, int about)
    {
        var rough = (to - from) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 2.5, 5, 10 }.Select(f => f * power).First(s => s >= rough * 0.999);
        for (var i = (long)Math.Ceiling(from / step); i * step <= to + step * 0.001; i++) yield return i * step;
    }

    private static string Short(double v) => Math.Abs(v) >= 1_000_000 ? (v / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M"
        : Math.Abs(v) >= 10_000 ? (v / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + "k"
        : v.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string R(double v) => v.ToString("R", CultureInfo.InvariantCulture);

    private static string N(double v) => v.ToString("0.##", CultureInfo.InvariantCulture);
}
