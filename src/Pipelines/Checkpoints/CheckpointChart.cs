using System.Globalization;
using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>The distances of checkpoints by step as an SVG file of its own, with a standard error to either side.</summary>
internal static class CheckpointChart
{
    private const double Width = 640, Height = 320, Left = 70, Right = 20, Top = 36, Bottom = 44;

    /// <param name="metrics">At least one checkpoint.</param>
    /// <param name="title">Stands above.</param>
    public static string Draw(CheckpointMetrics metrics, string title)
    {
        var points = metrics.Checkpoints;
        double first = points[0].Step, last = points[^1].Step, top = points.Max(p => p.Frechet.Value + (p.Frechet.Error ?? 0)) * 1.05;
        double X(double step) => Left + (last > first ? (step - first) / (last - first) : 0.5) * (Width - Left - Right);
        double Y(double value) => Top + (1 - Math.Max(0, value) / Math.Max(top, 1e-12)) * (Height - Top - Bottom);
        var svg = new StringBuilder($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="{Left}" y="20" font-size="14">{Html.Text(title)}: Frechet distance by step</text>

            """);
        for (var i = 0; i <= 4; i++)
        {
            var value = top * i / 4;
            svg.AppendLine($"<line x1=\"{N(Left)}\" x2=\"{N(Width - Right)}\" y1=\"{N(Y(value))}\" y2=\"{N(Y(value))}\" " +
                "stroke=\"#dddddd\"/>" +
                $"<text x=\"{N(Left - 8)}\" y=\"{N(Y(value) + 4)}\" text-anchor=\"end\">{TextFormat.Number(value)}</text>");
        }
        foreach (var step in new[] { first, last }.Distinct())
            svg.AppendLine($"<text x=\"{N(X(step))}\" y=\"{N(Height - 22)}\" text-anchor=\"middle\">{TextFormat.Count((long)step)}</text>");
        svg.AppendLine($"<text x=\"{N(Left)}\" y=\"{N(Height - 5)}\" fill=\"#666666\">Bars: a standard error to either side. Filled: the " +
            "best generators, which are kept apart.</text>");
        svg.AppendLine("<polyline fill=\"none\" stroke=\"#2b63c6\" stroke-width=\"2\" points=\"" +
            $"{string.Join(' ', points.Select(p => $"{N(X(p.Step))},{N(Y(p.Frechet.Value))}"))}\"/>");
        foreach (var p in points)
        {
            if (p.Frechet.Error is { } error)
                svg.AppendLine($"<line x1=\"{N(X(p.Step))}\" x2=\"{N(X(p.Step))}\" y1=\"{N(Y(p.Frechet.Value - error))}\" " +
                    $"y2=\"{N(Y(p.Frechet.Value + error))}\" stroke=\"#2b63c6\"/>");
            svg.AppendLine($"<circle cx=\"{N(X(p.Step))}\" cy=\"{N(Y(p.Frechet.Value))}\" r=\"4\" stroke=\"#2b63c6\" stroke-width=\"2\" " +
                $"fill=\"{(p.IsBest ? "#2b63c6" : "#ffffff")}\"/>");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string N(double v) => v.ToString("0.##", CultureInfo.InvariantCulture);
}
