namespace GanPipeline.Pipelines.Tests;

public sealed class TextFormatTests
{
    [Theory]
    [InlineData("stpes", "steps")]
    [InlineData("log_every", "log-every")]
    [InlineData("LearningRate", "learning-rate")]
    [InlineData("zzz", null)]
    [InlineData("x", null)]
    public void The_nearest_name_is_found_or_none(string name, string? expected) =>
        Assert.Equal(expected, TextFormat.Nearest(name, ["steps", "batch", "log-every", "learning-rate", "seed"]));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.6, "1:00")]
    [InlineData(161, "2:41")]
    [InlineData(3727, "1:02:07")]
    [InlineData(double.NaN, "?")]
    public void Durations(double seconds, string expected) => Assert.Equal(expected, TextFormat.Duration(seconds));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(4.2e-7, "4.2e-7")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(0.614, "0.61")]
    [InlineData(12.34, "12.3")]
    [InlineData(1240.4, "1,240")]
    [InlineData(double.NaN, "not a number")]
    public void Figures(double value, string expected) => Assert.Equal(expected, TextFormat.Number(value));
}
