using System.Globalization;
using System.Text;

/// <summary>Two lines by the number of real pictures, with intervals, as an SVG picture.</summary>
internal static class Curve
{
    private const double Width = 380, Height = 260, Left = 46, Right = 12, Top = 34, Bottom = 40;
    private static readonly string[] _colours = ["#888888", "#c2410c"];

    /// <param name="title">Above the lines.</param>
    /// <param name="names">Of the two lines.</param>
    /// <param name="counts">Real pictures of a class, in growing order.</param>
    /// <param name="lines">By line and count: a share, and half of its interval.</param>
    public static string Draw(string title, string[] names, int[] counts, (double Mean, double Half)[][] lines)
    {
        var low = Math.Max(0, Math.Floor(lines.SelectMany(line => line).Min(point => point.Mean - point.Half) * 10) / 10);
        var high = Math.Min(1, Math.Ceiling(lines.SelectMany(line => line).Max(point => point.Mean + point.Half) * 10) / 10);
        double X(int count) => Left + Math.Log(count / (double)counts[0]) / Math.Log(counts[^1] / (double)counts[0])
            * (Width - Left - Right - 20) + 10;
        double Y(double share) => Top + (high - Math.Clamp(share, low, high)) / (high - low) * (Height - Top - Bottom);

        var svg = new StringBuilder();
        svg.AppendLine(Text($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}"
              font-family="sans-serif" font-size="11" fill="#333333">
            <rect width="{Width}" height="{Height}" fill="#ffffff"/>
            <text x="{Left}" y="14" font-size="12" font-weight="bold">{title}</text>
            """));
        for (var i = 0; i < names.Length; i++)
        {
            svg.AppendLine(Text($"""
                <text x="{Left + i * 120}" y="28" fill="{_colours[i]}">{names[i]}</text>
                """));
        }
        for (var share = low; share <= high + 1e-9; share += high - low > 0.5 ? 0.2 : 0.1)
        {
            svg.AppendLine(Text($"""
                <line x1="{Left}" x2="{Width - Right}" y1="{Y(share):F1}" y2="{Y(share):F1}" stroke="#e5e5e5"/>
                <text x="{Left - 6}" y="{Y(share) + 4:F1}" text-anchor="end">{100 * share:F0} %</text>
                """));
        }
        foreach (var count in counts)
        {
            svg.AppendLine(Text($"""
                <text x="{X(count):F1}" y="{Height - 22}" text-anchor="middle">{count}</text>
                """));
        }
        svg.AppendLine(Text($"""
            <text x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">real pictures of a class</text>
            """));
        foreach (var (line, colour) in lines.Zip(_colours))
        {
            var points = counts.Zip(line, (count, point) => Text($"{X(count):F1},{Y(point.Mean):F1}"));
            svg.AppendLine(Text($"""
                <polyline points="{string.Join(' ', points)}" fill="none" stroke="{colour}" stroke-width="2"/>
                """));
            foreach (var (count, (mean, half)) in counts.Zip(line))
            {
                svg.AppendLine(Text($"""
                    <line x1="{X(count):F1}" x2="{X(count):F1}" y1="{Y(mean - half):F1}" y2="{Y(mean + half):F1}" stroke="{colour}"/>
                    <circle cx="{X(count):F1}" cy="{Y(mean):F1}" r="3" fill="{colour}"/>
                    """));
            }
        }
        return svg.AppendLine("</svg>").ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
