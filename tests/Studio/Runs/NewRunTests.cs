using GanPipeline.Pipelines;

namespace GanPipeline.Studio.Tests;

/// <summary>What the form of a new run shows and what becomes of what is typed there.</summary>
public sealed class NewRunTests : IDisposable
{
    private const string Yaml = """
        pipelines:
          tiny:
            description: A test
            data: { kind: bricks, size: 32, count: 64, bricks: { yaw: [10, 20] } }
            architecture: { name: dcgan, filters: 4 }
            train: { steps: 6, batch-size: 8 }
            presets:
              longer: { train: { steps: 60 } }
          digits:
            data: { kind: idx }
            architecture: { name: dense }
          reads:
            kind: classifier
            data: { kind: bricks, size: 32 }
        """;

    private readonly TemporaryFolder _folder = new();

    public NewRunTests() => File.WriteAllText(PipelinesPath, Yaml);

    private string PipelinesPath => _folder["pipelines.yaml"];

    private string Runs => _folder["runs"];

    public void Dispose() => _folder.Dispose();

    private RunForm Form(string pipeline, string preset = "") => RunForm.Create(PipelinesPath, pipeline, preset, Runs);

    private IReadOnlyList<FormProblem> Problems(NewRun run) => run.Check(PipelinesPath, Runs);

    private static NewRun Run(params (string Key, string Value)[] settings) =>
        new() { Pipeline = "tiny", Name = "x", Settings = [.. settings.Select(setting => new NewRunSetting(setting.Key, setting.Value))] };

    [Fact]
    public void A_form_has_the_options_of_the_pipelines_kind_with_its_values_and_their_documentation()
    {
        var options = Form("tiny").Sections.SelectMany(section => section.Options).ToDictionary(option => option.Key);
        Assert.Equal(("6", "whole number"), (options["train.steps"].Value, options["train.steps"].Kind));
        Assert.Equal("Images in `grid.png`, 1 to 4096.", options["sample.grid"].Meaning);
        Assert.Equal(("64", "`64`"), (options["sample.grid"].Value, options["sample.grid"].Default));
        Assert.Equal("[10, 20]", options["data.bricks.yaw"].Value);
        Assert.Contains("dcgan", options["architecture.name"].Choices);
        Assert.True(options["train.flip"].IsFlag);
        // Chosen by itself, and not an option among them.
        Assert.DoesNotContain("train.preset", options.Keys);
        var longer = Form("tiny", "longer").Sections.SelectMany(section => section.Options);
        Assert.Equal("60", longer.Single(option => option.Key == "train.steps").Value);
        Assert.DoesNotContain(Form("reads").Sections, section => section.Name == "objective");
        Assert.Equal("tiny", Form("tiny").Name);
        Directory.CreateDirectory(Path.Combine(Runs, "tiny"));
        Assert.Equal("tiny-2", Form("tiny").Name);
    }

    [Fact]
    public void Of_every_pipeline_that_ships_all_values_shown_are_what_set_takes_and_change_nothing()
    {
        var file = PipelineFile.Load(Path.Combine(Repository.Root, "pipelines.yaml"));
        foreach (var pipeline in file.Pipelines)
        {
            var shown = RunForm.Create(file.Path, pipeline.Name, "", Runs).Sections.SelectMany(section => section.Options)
                // What belongs to other data is refused.
                .Where(option => option.Value.Length > 0 && option.Value != option.Default.Trim('`')).ToArray();
            Assert.NotEmpty(shown);
            var before = file.Resolve(pipeline.Name, [], runs: false).ToJson().ToJsonString();
            var after = file.Resolve(pipeline.Name, [.. shown.Select(option => $"{option.Key}={option.Value}")], runs: false).ToJson();
            Assert.Equal(before, after.ToJsonString());
        }
    }

    [Fact]
    public void What_is_asked_for_is_the_command_line()
    {
        var run = Run(("train.steps", "500"), ("data.classes", "[brick 1x1, plate 2x2]")) with { Preset = "longer" };
        Assert.Empty(Problems(run));
        Assert.Equal(["run", "tiny", "--out", "runs/x", "--set", "train.preset=longer", "--set", "train.steps=500", "--set",
            "data.classes=[brick 1x1, plate 2x2]"], run.Arguments(null, "runs"));
        Assert.Equal("./gan run tiny --out runs/x --set train.preset=longer --set train.steps=500 " +
            "--set 'data.classes=[brick 1x1, plate 2x2]'", TextFormat.GanCommand(run.Arguments(null, "runs")));
        Assert.Equal("./gan run tiny --file my.yaml --out runs/x", TextFormat.GanCommand(Run().Arguments("my.yaml", "runs")));
        Assert.Equal(@"./gan 'it'\''s' '' a=b", TextFormat.GanCommand(["it's", "", "a=b"]));
    }

    [Theory]
    [InlineData("train.steps", "many", "\"many\" is not a whole number.")]
    [InlineData("sample.grid", "5000", "The grid has from 1 to 4096 images; got 5000.")]
    [InlineData("architecture.name", "dcgam", "did you mean \"dcgan\"?")]
    [InlineData("train.stepz", "5", "did you mean \"steps\"?")]
    [InlineData("--file", "x", "unknown key")]
    [InlineData("report.title", "a\nb", "one line")]
    public void A_wrong_value_is_told_at_its_option(string key, string value, string text)
    {
        var problem = Assert.Single(Problems(Run((key, value))));
        Assert.Equal(key, problem.Key);
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
        // The key stands beside it.
        Assert.DoesNotContain("--set", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        Assert.Equal(["name", "train.steps", "sample.grid"],
            Problems(Run(("train.steps", "-1"), ("sample.grid", "0")) with { Name = "" }).Select(problem => problem.Key));
        Assert.Equal("data.path", Assert.Single(Problems(Run() with { Pipeline = "digits" })).Key);
        var folder = Assert.Single(Problems(Run() with { Pipeline = "../tiny" }));
        Assert.Contains("no pipeline \"../tiny\"", folder.Text, StringComparison.Ordinal);
        Assert.Equal("train.preset", Assert.Single(Problems(Run() with { Preset = "none" })).Key);
        Assert.Contains("there is no", Assert.Single(Problems(Run(("evaluate.classifier", "nowhere")))).Text, StringComparison.Ordinal);
        File.WriteAllText(PipelinesPath, "pipelines: [");
        Assert.Contains("pipelines.yaml", Assert.Single(Problems(Run())).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/x")]
    [InlineData("-x")]
    [InlineData(".x")]
    [InlineData("x.")]
    [InlineData("a b")]
    [InlineData("new")]
    [InlineData("List")]
    [InlineData("\u00e1")]
    public void A_name_that_is_no_plain_one_is_refused(string name) =>
        Assert.Equal("name", Assert.Single(Problems(Run() with { Name = name })).Key);

    [Fact]
    public void A_name_that_is_taken_is_refused_but_not_what_a_run_left_that_never_began()
    {
        Directory.CreateDirectory(Path.Combine(Runs, "x"));
        File.WriteAllText(Path.Combine(Runs, "x", ".lock"), "");
        File.WriteAllText(Path.Combine(Runs, "x", "run.log"), "");
        Assert.Empty(Problems(Run()));
        File.WriteAllText(Path.Combine(Runs, "x", "notes.txt"), "");
        Assert.Contains("x already", Assert.Single(Problems(Run())).Text, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["outside"]);
        Directory.CreateSymbolicLink(Path.Combine(Runs, "link"), _folder["outside"]);
        Assert.Equal("name", Assert.Single(Problems(Run() with { Name = "link" })).Key);
        Directory.CreateSymbolicLink(Path.Combine(Runs, "broken"), _folder["nowhere"]);
        Assert.Equal("name", Assert.Single(Problems(Run() with { Name = "broken" })).Key);
    }
}
