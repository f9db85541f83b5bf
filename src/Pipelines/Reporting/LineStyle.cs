using System.Globalization;
using System.Text;

namespace GanPipeline.Pipelines;

/// <summary>Dashes and marks that tell lines apart without their colours.</summary>
/// <param name="Index">0 to 7, each with a mark of its own.</param>
internal sealed record LineStyle(int Index)
{
    /// <summary>Marks of a line.</summary>
    private const int Count = 5;

    private static readonly string[] _dashes = ["", "9 5", "2 4", "12 4 2 4"];

    // Filled shapes about the origin, 8 units wide.
    private static readonly string[] _shapes =
    [
        "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z", "M-3.5-3.5h7v7h-7Z", "M0-5L4.5 3.5H-4.5Z", "M0-5L5 0L0 5L-5 0Z", "M0 5L4.5-3.5H-4.5Z",
        "M-1.5-5h3v3.5H5v3H1.5V5h-3V1.5H-5v-3h3.5Z",
        "M-5-2L-2-5L0-2.5L2-5L5-2L2.5 0L5 2L2 5L0 2.5L-2 5L-5 2L-2.5 0Z",
        "M-5-2h10v4h-10Z",
    ];

    /// <summary>The line's attribute, with a space behind it; empty for a whole line.</summary>
    public string Dash => _dashes[Index % _dashes.Length] is { Length: > 0 } dash ? $"stroke-dasharray=\"{dash}\" " : "";

    /// <summary>Marks along a line, at other places for each style.</summary>
    public string Marks(IReadOnlyList<(double X, double Y)> points, string color)
    {
        var (svg, left, width) = (new StringBuilder(), points[0].X, points[^1].X - points[0].X);
        for (var i = 0; i < Count; i++)
        {
            var x = left + width * (i + (Index + 0.5) / _shapes.Length) / Count;
            svg.Append(Mark(points.MinBy(p => Math.Abs(p.X - x)), color));
        }
        return svg.ToString();
    }

    /// <summary>A piece of the line with its mark, for the legend.</summary>
    public string Key(string color) =>
        $"<svg class=\"key\" viewBox=\"0 0 34 12\" width=\"34\" height=\"12\" aria-hidden=\"true\"><line class=\"line\" " +
        $"x1=\"1\" x2=\"33\" y1=\"6\" y2=\"6\" {Dash}style=\"stroke:var({color})\"/>{Mark((17, 6), color)}</svg>";

    private string Mark((double X, double Y) at, string color) => string.Create(CultureInfo.InvariantCulture,
        $"<path class=\"mark\" style=\"fill:var({color})\" transform=\"translate({at.X:0.#} {at.Y:0.#})\" d=\"{_shapes[Index]}\"/>");
}
