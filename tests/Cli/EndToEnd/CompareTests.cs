using System.Text.RegularExpressions;

namespace GanPipeline.Cli.Tests;

/// <summary>Runs side by side, by the actual program.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Runs_are_compared_in_a_table_on_a_page_and_in_json()
    {
        _world.GanOk("run", "tiny");
        // One that has latents of another size, and one that has no generator yet.
        _world.GanOk("run", "tiny", "--out", "runs/wide", "--set", "architecture.latent-size=12", "--set", "train.sample-every=2");
        _world.GanOk("train", "tiny", "--out", "runs/early", "--set", "train.seed=3");
        var before = Files();

        var table = _world.GanOk("compare", "tiny", "runs/wide", "runs/early").Output;
        Assert.Matches(Row("architecture.latent-size", "8", "12", "8"), table);
        Assert.Matches(Row("train.seed", "0", "0", "3"), table);
        Assert.Matches(Row("steps", "6", "6", "6"), table);
        Assert.DoesNotContain("train.batch-size", table, StringComparison.Ordinal);
        Assert.Contains("Curves and samples side by side: compare.html", table, StringComparison.Ordinal);

        var html = File.ReadAllText(_world["compare.html"]);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.Contains("The latents are not the same: they have 8 or 12 numbers.", html, StringComparison.Ordinal);
        Assert.Contains("No generator yet: gan export runs/early writes it", html, StringComparison.Ordinal);
        // Steps 0 and 6 of three runs, which all have, and the pictures of two generators.
        Assert.Equal((3 * 2) + 2, html.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.Equal(6, html.Split("<svg class=\"chart\"").Length - 1); // losses, accuracies, gradient norms

        var json = _world.GanOk("compare", "tiny", "runs/wide", "--out", "pages/two.html", "--count", "4", "--seed", "9", "--json").Json;
        Assert.Equal(Path.GetFullPath(_world["pages/two.html"]), (string?)json["page"]);
        Assert.Equal(["0", "6"], json["commonSteps"]!.AsArray().Select(step => step!.ToString()));
        Assert.Equal(["8", "12"], json["differences"]!["architecture.latent-size"]!.AsArray().Select(value => (string)value!));
        Assert.Equal("wide", (string?)json["runs"]![1]!["name"]);
        Assert.Equal(before, Files());

        // Nothing in the runs' folders is touched.
        string[] Files() => [.. Directory.EnumerateFiles(_world["runs"], "*", SearchOption.AllDirectories)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void What_cannot_be_compared_is_one_line_and_exit_code_2()
    {
        _world.GanOk("train", "tiny");
        foreach (var (args, why) in new (string[], string)[]
        {
            (["compare", "tiny"], "gan compare takes the folders of 2 to 8 runs, but got 1"),
            (["compare", "tiny", "runs/tiny"], "runs/tiny stands there twice"),
            (["compare", "tiny", "nowhere"], "There is no folder nowhere."),
        })
        {
            var outcome = _world.Gan(args);
            Assert.Equal(2, outcome.Code);
            Assert.StartsWith(why, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        }
        Assert.False(File.Exists(_world["compare.html"]));
    }

    private static Regex Row(params string[] cells) =>
        new("^" + string.Join(" +", cells.Select(Regex.Escape)) + "\r?$", RegexOptions.Multiline);
}
