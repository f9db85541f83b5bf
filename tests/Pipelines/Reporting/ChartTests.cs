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

    [Fact]
    public void Values_below_0_are_shown_below_0()
    {
        // A critic's loss: report.js reads values off the place between the lower and the upper edge.
        double[] values = [-40, -20, -10, 10];
        double[] heights = [.. Heights(values)];
        Assert.True(heights.Zip(heights.Skip(1)).All(pair => pair.First > pair.Second), string.Join(' ', heights));
        Assert.Equal(40.0 - 20, (heights[0] - heights[1]) / (heights[2] - heights[3]) * 20, 0.5); // places have two decimals
        var svg = Chart.Draw([new Series("values", "--one", [.. values.Select((y, x) => ((double)x, y))])]);
        Assert.Contains("data-lower=\"-43.2\"", svg, StringComparison.Ordinal); // 8 % more than the least
        Assert.Contains(">0<", svg, StringComparison.Ordinal);
        Assert.DoesNotContain(">-0<", svg, StringComparison.Ordinal);
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
