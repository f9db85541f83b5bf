namespace GanPipeline.Training.Tests;

public class TrainingFolderTests
{
    private static GanMetrics Line(long step) => new()
    {
        Step = step, Seconds = 0.25,
        DiscriminatorLoss = 0.5, GeneratorLoss = 1.25, RealAccuracy = 0.75, GeneratedAccuracy = 1, GeneratorGradientNorm = 3,
    };

    [Fact]
    public void Steps_are_told_by_names()
    {
        using var folder = new TemporaryFolder();
        var training = new TrainingFolder(folder["run"]);
        Assert.Null(training.LastStep);
        Assert.Empty(training.SampleGrids());
        Assert.Equal(folder["run/checkpoints/step-0000000012"], training.Checkpoint(12));
        foreach (var name in new[] { "step-0000000007", "step-0000000012", "step-0000000020.damaged", ".step-0000000021.abc.tmp", "else" })
            Directory.CreateDirectory(Path.Combine(training.Checkpoints, name));
        Assert.Equal(12, training.LastStep);
        Directory.CreateDirectory(training.Samples);
        foreach (var name in new[] { "step-10000000000.png", "step-0000000012.png", "step-last.png" })
            File.WriteAllText(Path.Combine(training.Samples, name), "");
        Assert.Equal([(12L, training.Sample(12)), (10_000_000_000, training.Sample(10_000_000_000))], training.SampleGrids());
        Assert.Throws<ArgumentException>(() => new TrainingFolder(""));
    }

    [Fact]
    public void Metrics_are_read_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        var training = new TrainingFolder(folder.Path);
        Assert.Empty(training.ReadMetrics<GanMetrics>());
        using (var log = training.OpenMetrics<GanMetrics>(0))
        {
            log.Add(Line(1));
            // Another process may look on while the training runs.
            Assert.Equal([Line(1)], training.ReadMetrics<GanMetrics>());
            log.Add(Line(2) with { Metric = 7 });
        }
        Assert.Equal([Line(1), Line(2) with { Metric = 7 }], training.ReadMetrics<GanMetrics>());
        Assert.StartsWith("{\"step\":1,", File.ReadAllText(training.Metrics), StringComparison.Ordinal);
        Assert.Empty(training.ReadMetrics<FitMetrics>());
    }

    [Fact]
    public void Half_a_line_is_passed_over_and_later_ones_are_dropped_where_a_training_goes_on()
    {
        using var folder = new TemporaryFolder();
        var training = new TrainingFolder(folder.Path);
        using (var log = training.OpenMetrics<GanMetrics>(0))
            for (var step = 1; step <= 4; step++) log.Add(Line(step));
        var whole = File.ReadAllText(training.Metrics);
        File.WriteAllText(training.Metrics, whole[..^9]);
        Assert.Equal([1L, 2, 3], training.ReadMetrics<GanMetrics>().Select(line => line.Step));

        using (var log = training.OpenMetrics<GanMetrics>(2))
        {
            Assert.Equal(Line(2), log.Last);
            log.Add(Line(3));
        }
        Assert.Equal([1L, 2, 3], training.ReadMetrics<GanMetrics>().Select(line => line.Step));
        Assert.Equal(string.Concat(whole.Split('\n').Take(3).Select(line => line + "\n")), File.ReadAllText(training.Metrics));
    }
}
