using System.Text.RegularExpressions;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines.Tests;

public sealed partial class RunComparisonTests : IDisposable
{
    private const string Yaml = """
        pipelines:
          a:
            data: { kind: bricks, size: 32, count: 64 }
            architecture: { name: dcgan, filters: 4, latent-size: 8 }
            train: { steps: 40, batch-size: 8, learning-rate: 0.0002 }
          classifier:
            kind: classifier
            data: { kind: bricks, size: 16, limit: 64 }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_that_differ_and_the_steps_that_all_have_are_found()
    {
        var (one, two) = (Run("one"), Run("two", sets: ["train.seed=1", "objective.r1=0.5"]));
        var comparison = RunComparison.Of([one, two]);
        Assert.Equal(["one", "two"], comparison.Runs.Select(run => run.Name));
        Assert.Equal([("objective.r1", "0, 0.5"), ("train.seed", "0, 1")],
            comparison.Differences.Select(option => (option.Key, string.Join(", ", option.Values))).Order());
        Assert.True(comparison.EqualOptions > 50, $"{comparison.EqualOptions}");
        Assert.Equal([0, 20], comparison.CommonSteps); // the second run has no grid of step 40
        Assert.Empty(comparison.Metrics);
    }

    [Fact]
    public void A_run_that_is_being_trained_is_read_without_harm()
    {
        var (one, two) = (Run("one"), Run("two"));
        var log = Path.Combine(two, "train", "metrics.jsonl");
        using var writer = new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.Read));
        writer.Write("{\"step\":30,\"discrim");
        writer.Flush();
        var comparison = RunComparison.Of([one, two]);
        Assert.Equal(20, comparison.Runs[1].Steps);
        var html = ComparePage.Build(comparison, "", ComparedSamples.Draw(comparison.Runs, 4, 0, CancellationToken.None));
        Assert.Contains("of 40 so far", html, StringComparison.Ordinal);
        Assert.Contains("No run has a generator yet.", html, StringComparison.Ordinal);
        Assert.Contains("None was measured yet", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_one_line()
    {
        var (one, classifier, empty) = (Run("one"), Run("judge", "classifier"), Run("empty"));
        File.Delete(Path.Combine(empty, "train", "metrics.jsonl"));
        var (nothing, none) = (Path.Combine(_folder.Path, "nothing"), _folder["none/"]);
        Directory.CreateDirectory(none);
        Assert.StartsWith("gan compare takes the folders of 2 to 8 runs, but got 1", Refusal(one), StringComparison.Ordinal);
        Assert.StartsWith("gan compare takes the folders of 2 to 8 runs, but got 9", Refusal([.. Enumerable.Repeat(one, 9)]),
            StringComparison.Ordinal);
        Assert.EndsWith("stands there twice; name each run once.", Refusal(one, one + "/"), StringComparison.Ordinal);
        Assert.StartsWith($"There is no folder {nothing}.", Refusal(one, nothing), StringComparison.Ordinal);
        Assert.Contains("is not a run's folder", Refusal(one, none), StringComparison.Ordinal);
        Assert.Contains("has no metrics yet", Refusal(one, empty), StringComparison.Ordinal);
        Assert.Contains("is the run of a GAN, ", Refusal(one, classifier), StringComparison.Ordinal);

        static string Refusal(params string[] folders)
        {
            var message = Assert.Throws<RequestException>(() => RunComparison.Of(folders)).Message;
            Assert.DoesNotContain('\n', message);
            return message;
        }
    }

    [Fact]
    public void Names_are_as_short_as_tells_them_apart()
    {
        Assert.Equal(["a", "b"], RunComparison.Names(["/runs/a", "/runs/b"]));
        Assert.Equal(["x/a", "y/a"], RunComparison.Names(["/x/a", "/y/a"]));
    }

    [Theory]
    [InlineData(true, 1, 10.0, 1.0, 5.0, 1.0)] // 8 to 12, 3 to 7
    [InlineData(false, 0, 10.0, 1.0, 5.0, 1.0)]
    [InlineData(true, null, 10.0, 1.0, 7.0, 1.0)] // 8 to 12, 5 to 9
    [InlineData(true, null, 10.0, 1.0, 5.0, null)] // an error that is not known
    [InlineData(null, null, 10.0, 1.0, 5.0, 1.0)]
    public void The_best_is_marked_where_intervals_do_not_overlap(
        bool? lessIsBetter, int? best, double first, double? firstError, double second, double? secondError)
    {
        var metric = new ComparedMetric
        {
            Key = "m", Title = "m", LessIsBetter = lessIsBetter,
            Values = [Estimate.Of(first, firstError, ""), Estimate.Of(second, secondError, ""), null],
        };
        Assert.Equal(best, metric.Best);
        Assert.Null((metric with { IsComparable = false }).Best);
        Assert.Null((metric with { Values = [metric.Values[0], null] }).Best);
    }

    [Fact]
    public void Metrics_of_other_pictures_are_not_compared()
    {
        var folders = new[] { Run("one"), Run("two"), Run("three") };
        for (var i = 0; i < folders.Length; i++)
        {
            File.WriteAllText(Path.Combine(folders[i], "summary.json"), $$"""
                { "stages": { "evaluate": {
                  "frechet": { "samples": {{10 + 20 * i}}, "real": 1, "noise": 9, "untrained": 9, "samplesError": 2 },
                  "images": { "test": 100, "samples": 100, "real": 100, "noise": 100, "untrained": 100 },
                  "classifier": "c", "features": 8 } },
                  "inputs": { "data.test": "{{(i < 2 ? "same" : "other")}}" } }
                """);
        }
        var alike = RunComparison.Of(folders[..2]);
        Assert.Equal(("frechet", 0), (alike.Metrics[0].Key, alike.Metrics[0].Best));
        Assert.Contains("10.0 +- 2.00</strong> <em class=\"best\">best</em>", ComparePage.Build(alike, "", null), StringComparison.Ordinal);
        var other = RunComparison.Of([folders[0], folders[2]]);
        Assert.False(other.Metrics[0].IsComparable);
        Assert.Null(other.Metrics[0].Best);
    }

    /// <summary>WCAG 2.2, success criterion 1.4.11: graphics have a contrast of 3 to what is beside them.</summary>
    [Fact]
    public void Lines_have_enough_contrast_in_light_and_in_dark()
    {
        var css = Html.Resource("report.css");
        var modes = css.Split("prefers-color-scheme: dark");
        foreach (var mode in new[] { modes[0], modes[1] })
        {
            var colors = Variable().Matches(mode).GroupBy(m => m.Groups[1].Value).ToDictionary(g => g.Key, g => g.First().Groups[2].Value);
            var lines = colors.Where(color => color.Key.StartsWith("run", StringComparison.Ordinal)).ToArray();
            Assert.Equal(RunComparison.MostRuns, lines.Length);
            Assert.Equal(RunComparison.MostRuns, lines.Select(line => line.Value).Distinct().Count());
            Assert.All(lines, line => Assert.True(Contrast(line.Value, colors["card"]) >= 3, line.Key));
        }

        // Relative luminances, as the same document defines them.
        static double Contrast(string one, string other)
        {
            double[] luminances = [.. new[] { one, other }.Select(Luminance).Order()];
            return (luminances[1] + 0.05) / (luminances[0] + 0.05);
        }

        static double Luminance(string color)
        {
            double[] linear = [.. Convert.FromHexString(color).Select(b => b / 255.0)
                .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }

    [Fact]
    public void Each_line_has_another_mark()
    {
        string[] keys = [.. Enumerable.Range(0, RunComparison.MostRuns).Select(i => new LineStyle(i).Key("--run1"))];
        Assert.Equal(RunComparison.MostRuns, keys.Distinct().Count());
    }

    /// <summary>A folder with settings, 20 steps of metrics and some grids; the first one made has a grid more.</summary>
    private string Run(string name, string pipeline = "a", string[]? sets = null)
    {
        File.WriteAllText(_folder["pipelines.yaml"], Yaml);
        var folder = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.Combine(folder, "train", "samples"));
        RunSettings.Save(folder, PipelineFile.Load(_folder["pipelines.yaml"]).Resolve(pipeline, sets ?? [], runs: false));
        var measured = pipeline == "a" ? "\"discriminatorLoss\":0.5,\"generatorLoss\":1.5,\"realAccuracy\":0.5,\"generatedAccuracy\":0.5"
            : "\"loss\":0.5,\"accuracy\":0.5";
        File.WriteAllLines(Path.Combine(folder, "train", "metrics.jsonl"),
            Enumerable.Range(1, 20).Select(step => $"{{\"step\":{step},{measured},\"seconds\":9}}"));
        foreach (var step in name == "one" ? new[] { 0, 20, 40 } : [0, 20])
            Pictures.SavePng(new ImageTensor(1, 1, 4, 4), 0, Path.Combine(folder, "train", "samples", $"step-{step:D10}.png"));
        return folder;
    }

    [GeneratedRegex("--(run[1-8]|card): #([0-9a-f]{6});")]
    private static partial Regex Variable();
}
