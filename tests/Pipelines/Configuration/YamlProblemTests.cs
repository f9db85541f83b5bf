namespace GanPipeline.Pipelines.Tests;

/// <summary>Every problem is told at once, with its line, its key, and what would be right.</summary>
public sealed class YamlProblemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string[] Problems(string yaml)
    {
        File.WriteAllText(_folder["p.yaml"], yaml);
        return Problems();
    }

    private string[] Problems()
    {
        var e = Assert.Throws<RequestException>(() => PipelineFile.Load(_folder["p.yaml"]));
        var lines = e.Problems.Count > 0 ? e.Problems : [e.Message];
        return [.. lines.Select(l => l.Replace(_folder["p.yaml"], "p.yaml", StringComparison.Ordinal))];
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var problems = Problems("""
            pipelines:
              one:
                data:
                  knid: bricks
                train:
                  steps: many
                  batch-size: -4
                  learning-rate: nan
                  steps: 3
                sampel: {}
              two:
                kind: gann
                data: { kind: folder, size: 4000 }
                objective: 7
            """);
        string[] expected =
        [
            "p.yaml:9: pipelines.one.train.steps: is written a second time; the first is on line 6. Keep one of them.",
            "p.yaml:4: pipelines.one.data.knid: unknown key; did you mean \"kind\"?",
            "p.yaml:6: pipelines.one.train.steps: \"many\" is not a whole number.",
            "p.yaml:7: pipelines.one.train.batch-size: A batch has at least 1 image; got -4.",
            "p.yaml:8: pipelines.one.train.learning-rate: \"nan\" is not a number.",
            "p.yaml:10: pipelines.one.sampel: unknown key; did you mean \"sample\"?",
            "p.yaml:12: pipelines.two.kind: \"gann\"; did you mean \"gan\"?",
            "p.yaml:13: pipelines.two.data.size: the size is 4000, but must be from 4 to 1024 pixels, or 0 for the data's own.",
            "p.yaml:14: pipelines.two.objective: must be a map of options, but is \"7\".",
        ];
        Assert.All(expected, e => Assert.Contains(problems, p => p.StartsWith(e, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, problems.Length);
    }

    [SharedFact("cases/33-yaml-unclosed")]
    public void A_bracket_that_is_never_closed_is_named_with_its_line()
    {
        var file = Directory.GetFiles(Path.Combine(Repository.Shared, "cases", "33-yaml-unclosed"), "*.yaml").Single();
        File.Copy(file, _folder["p.yaml"]);
        Assert.Equal(["p.yaml:259: this is not valid YAML: the \"[\" that is opened here is not closed."], Problems());
    }

    [Theory]
    [InlineData("", "p.yaml is empty.")]
    [InlineData("# nothing\n", "p.yaml is empty.")]
    [InlineData("just text", "p.yaml:1: the file must be a map")]
    [InlineData("pipelines:\n  a:\n    data: { kind: [bricks\n  b:\n    data: {}\n", "p.yaml:")]
    [InlineData("pipelines:\n  a:\n    data:\n      classes: [brick 1x1,\n    train: { steps: 5 }\n",
        "p.yaml:4: this is not valid YAML: the \"[\" that is opened here is not closed.")]
    [InlineData("- a\n- b\n", "p.yaml:1: the file must be a map")]
    [InlineData("pipelines:\n", "p.yaml:1: pipelines: holds no pipeline.")]
    [InlineData("pipeline: {}\n", "p.yaml:1: pipeline: unknown key; did you mean \"pipelines\"?")]
    [InlineData("pipelines: 3\n", "p.yaml:1: pipelines: must be a map of options, but is \"3\".")]
    [InlineData("pipelines: {a: 3}\n", "p.yaml:1: pipelines.a: must be a map of options, but is \"3\".")]
    [InlineData("pipelines:\n  Über Netz: {}\n", "p.yaml:2: pipelines.Über Netz: a pipeline's name names its folder too")]
    [InlineData("pipelines:\n  ../up: {}\n", "p.yaml:2: pipelines.../up: a pipeline's name names its folder too")]
    [InlineData("pipelines:\n  a: {}\n  a: {}\n", "p.yaml:3: pipelines.a: is written a second time; the first is on line 2.")]
    [InlineData("pipelines:\n  a: {train: [1, 2]}\n", "p.yaml:2: pipelines.a.train: must be a map of options, but is a list.")]
    [InlineData("pipelines:\n  a: {data: {path: {x: 1}}}\n", "p.yaml:2: pipelines.a.data.path: must be one value, but is a map.")]
    [InlineData("pipelines:\n  a: {train: {flip: yes}}\n", "p.yaml:2: pipelines.a.train.flip: \"yes\" is not true or false.")]
    [InlineData("pipelines:\n  a: {data: {classes: [[x]]}}\n", "p.yaml:2: pipelines.a.data.classes: must be a list of names")]
    [InlineData("pipelines:\n  a: {data: {size: 48}}\n", "p.yaml:2: pipelines.a.data.size: The architecture 'dcgan' makes square " +
        "images with a side of 16, 32, 64, 128 or 256 pixels, not 48 x 48")]
    [InlineData(
        "pipelines:\n  a: {data: {channels: 2}}\n",
        "p.yaml:2: pipelines.a.data.channels: channels is 2, but must be 1 (gray), 3 (colour)")]
    [InlineData("pipelines:\n  a: {train: {steps: 99999999999999999999}}\n", "is not a whole number.")]
    [InlineData("pipelines:\n  a: {train: {steps: 1.5}}\n", "\"1.5\" is not a whole number.")]
    [InlineData("pipelines:\n  a: {presets: {full: 3}}\n", "p.yaml:2: pipelines.a.presets.full: must be a map of sections")]
    [InlineData(
        "pipelines:\n  a:\n    presets:\n      full: {train: {batch-sise: 3}}\n",
        "p.yaml:4: pipelines.a.train.batch-sise: unknown key; did you mean \"batch-size\"?")]
    [InlineData("pipelines:\n  a: &x {}\n  b: *x\n", "p.yaml:2: anchors (&name) are not used")]
    [InlineData("pipelines:\n  b: *x\n", "p.yaml:2:")]
    [InlineData("pipelines:\n  a: {}\n---\nb: 1\n", "p.yaml:3: a second document starts here")]
    [InlineData("pipelines:\n  a: {train: {steps: 3\n", "this is not valid YAML:")]
    [InlineData("pipelines:\n\ta: {}\n", "p.yaml:2: this is not valid YAML: a tab cannot indent. Use spaces.")]
    [InlineData("pipelines:\n  a: {}\n b: {}\n", "this is not valid YAML:")]
    [InlineData("pipelines:\n  ? [a, b]\n  : {}\n", "a key must be a name, but is a list.")]
    public void Each_problem_says_where_it_is_and_what_would_be_right(string yaml, string expected)
    {
        Assert.Contains(Problems(yaml), p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Brackets_nested_100_000_deep_are_refused_at_once(char bracket)
    {
        Assert.Contains(
            "nested deeper than 20 levels",
            Problems("pipelines: " + new string(bracket, 100_000))[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Indentation_nested_100_000_deep_is_refused_at_once()
    {
        var yaml = "pipelines:\n" + string.Concat(Enumerable.Repeat("- ", 100_000));
        Assert.Contains("nested deeper than 20 levels", Problems(yaml)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_its_first_anchor()
    {
        var yaml = "a: &a [x, x]\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"b{i}: &b{i} [*a, *a]\n"));
        Assert.StartsWith("p.yaml:1: anchors (&name) are not used", Problems(yaml)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_told_by_line()
    {
        File.WriteAllBytes(_folder["p.yaml"], [.. "pipelines:\n  a:\n    description: caf"u8, 0xE9, .. "\n"u8]);
        Assert.StartsWith("p.yaml:3: there are bytes here that are not UTF-8", Problems()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void UTF16_is_told_as_such()
    {
        File.WriteAllText(_folder["p.yaml"], "pipelines: {}", System.Text.Encoding.Unicode);
        Assert.Contains("is UTF-16. Save it as UTF-8.", Problems()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_megabytes_is_refused_unread()
    {
        File.WriteAllText(_folder["p.yaml"], new string('#', 5_000_000));
        Assert.Contains("is 5 MB; a pipelines file is text of at most 4 MB.", Problems()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told()
    {
        Assert.Contains("There is no file", Problems()[0], StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["p.yaml"]);
        Assert.Contains("is a folder.", Problems()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_problems_are_counted_not_all_shown()
    {
        var problems = Problems(
            "pipelines:\n  a:\n    train:\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"      wrong{i}: 1\n")));
        Assert.Equal(51, problems.Length);
        Assert.Equal("... and 950 more.", problems[^1]);
    }

    public void Dispose() => _folder.Dispose();
}
