using System.Globalization;
using System.Text.RegularExpressions;

namespace GanPipeline.Pipelines.Tests;

public partial class ChartTests
{
    [Fact]
    public void A_few_points_are_all_shown()
    {
        // The distances of a generator at five looks: the first one is no spike, and the line falls from it.
        double[] heights = [.. Heights([800, 300, 130, 120, 110])];
        Assert.Equal((800.0 - 300) / (300 - 130), (heights[1] - heights[0]) / (heights[2] - heights[1]), 0.05); // places have one decimal
    }

    [Fact]
    public void One_spike_of_many_does_not_decide_the_scale()
    {
        double[] heights = [.. Heights([1e6, .. Enumerable.Repeat(0.0, 100), .. Enumerable.Repeat(1.0, 100)])];
        Assert.InRange(heights[50] - heights[150], 100, 230); // of the picture's 230 units
    }

    /// <summary>The places of the faint line's points below the picture's top.</summary>
    private static IEnumerable<double> Heights(double[] values)
    {
        var svg = Chart.Draw([new Series("values", "--one", [.. values.Select((y, x) => ((double)x, y))])]);
        var points = RawPoints().Match(svg).Groups[1].Value;
        return points.Split(' ').Select(p => double.Parse(p.Split(',')[1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("class=\"raw\"[^>]*points=\"([^\"]*)\"")]
    private static partial Regex RawPoints();
}
