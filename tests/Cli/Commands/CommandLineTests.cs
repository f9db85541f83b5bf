namespace GanPipeline.Cli.Tests;

/// <summary>Exit codes, --json, and errors of one or two lines.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string File => Path.Combine(Repository.Root, "pipelines.yaml");

    [Fact]
    public void Without_arguments_a_short_help()
    {
        var outcome = InProcess.Gan();
        Assert.Equal(0, outcome.Code);
        Assert.InRange(outcome.Output.Split('\n').Length, 5, 18);
        Assert.Contains("gan run [PIPELINE]", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void List_names_the_pipelines()
    {
        var outcome = InProcess.Gan("list", "--file", File);
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("quickstart", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nmnist-dcgan ", outcome.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var json = InProcess.Gan("list", "--file", File, "--json");
        Assert.Equal("quickstart", (string?)json.Json["pipelines"]![0]!["name"]);
        Assert.Equal(outcome.Output, json.Error);
    }

    [Theory]
    [InlineData("gan: there is no command \"rnu\". Did you mean run? gan --help shows what there is.", "rnu")]
    [InlineData("gan run: there is no option \"--fil\". Did you mean --file? gan run --help shows what there is.", "run", "--fil")]
    [InlineData("gan train: Required argument missing for command: 'train'. gan train --help shows what there is.", "train")]
    [InlineData(
        "gan generate: --count must be a whole number from 1 to 100,000,000, but is \"-3\". gan generate --help shows what there is.",
        "generate",
        "x.onnx",
        "--count",
        "-3")]
    [InlineData(
        "gan generate: --count must be a whole number from 1 to 100,000,000, but is \"many\". gan generate --help shows what there is.",
        "generate",
        "x.onnx",
        "--count",
        "many")]
    [InlineData("There is no file nowhere.yaml. Give the pipelines file with --file.", "run", "--file", "nowhere.yaml")]
    [InlineData("There is no file nowhere.onnx.", "inspect", "nowhere.onnx")]
    [InlineData("There is no nowhere.", "data", "inspect", "nowhere")]
    public void A_wrong_request_is_one_line_and_exit_code_2(string expected, params string[] args)
    {
        var outcome = InProcess.Gan(args);
        Assert.Equal(2, outcome.Code);
        Assert.Equal("", outcome.Output);
        Assert.Equal(expected, outcome.Error.TrimEnd());

        var json = InProcess.Gan([.. args, "--json"]);
        Assert.Equal(2, json.Code);
        Assert.Equal(expected, (string?)json.Json["error"]!["message"]);
        Assert.Equal(2, (int)json.Json["error"]!["exitCode"]!);
    }

    [Fact]
    public void All_problems_of_a_file_are_in_the_json()
    {
        System.IO.File.WriteAllText(_folder["p.yaml"], "pipelines:\n  a: {train: {steps: x}, dat: {}}\n");
        var outcome = InProcess.Gan("run", "--file", _folder["p.yaml"], "--json");
        Assert.Equal(2, outcome.Code);
        Assert.Equal(2, outcome.Json["error"]!["problems"]!.AsArray().Count);
    }

    [Fact]
    public void Verbose_shows_the_stack()
    {
        var outcome = InProcess.Gan("inspect", "nowhere.onnx", "--verbose");
        Assert.Contains("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("list")]
    [InlineData("train")]
    [InlineData("export")]
    [InlineData("generate")]
    [InlineData("evaluate")]
    [InlineData("features")]
    [InlineData("classify")]
    [InlineData("inspect")]
    [InlineData("data")]
    [InlineData("doctor")]
    public void Every_command_has_a_help_where_everything_is_described(string command)
    {
        var outcome = InProcess.Gan(command, "--help");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("Usage:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a model", "generate")]
    [InlineData("not a model", "inspect")]
    [InlineData("", "generate")]
    [InlineData("", "inspect")]
    public void A_file_that_is_no_model(string content, string command)
    {
        System.IO.File.WriteAllText(_folder["m.onnx"], content);
        var outcome = InProcess.Gan(command, _folder["m.onnx"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(_folder["m.onnx"], outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Bricks_are_rendered_and_looked_into()
    {
        var render = InProcess.Gan("data", "render", "bricks", "--count", "12", "--size", "16", "--out", _folder["bricks"], "--json");
        Assert.True(render.Code == 0, render.ToString());
        Assert.Equal(12, Directory.EnumerateFiles(_folder["bricks"], "*.png", SearchOption.AllDirectories).Count());
        Assert.Equal((10, 2), (CountOf("train"), CountOf("test")));
        System.IO.File.WriteAllText(_folder["bricks/train/brick 1x1/bad.png"], "no");
        var inspect = InProcess.Gan("data", "inspect", _folder["bricks"], "--json");
        Assert.True(inspect.Code == 0, inspect.ToString());
        Assert.Equal((13, 12), ((int)inspect.Json["count"]!, (int)inspect.Json["usable"]!));
        Assert.EndsWith("bad.png", (string?)inspect.Json["skipped"]![0]!["file"], StringComparison.Ordinal);
        System.IO.File.Delete(_folder["bricks/train/brick 1x1/bad.png"]);
        inspect = InProcess.Gan("data", "inspect", _folder["bricks"], "--attributes", _folder["bricks/attributes.csv"], "--json");
        Assert.Equal(["class", "form", "studs-wide"], inspect.Json["attributes"]!.AsArray().Select(a => (string?)a!["name"]).Take(3));

        var again = InProcess.Gan("data", "render", "bricks", "--out", _folder["bricks"]);
        Assert.Equal(2, again.Code);
        Assert.Contains("exists already and is not empty", again.Error, StringComparison.Ordinal);

        int CountOf(string part) => Directory.EnumerateFiles(_folder["bricks/" + part], "*.png", SearchOption.AllDirectories).Count();
    }

    [Theory]
    [InlineData("colors=[mauve]", "--set colors=[mauve]: colors: one of the bricks' colors is 'mauve'")]
    [InlineData("pich=3", "--set pich=3: pich: unknown key; did you mean \"pitch\"?")]
    [InlineData("pitch", "--set pitch: must be KEY=VALUE, for example pitch=[20, 60].")]
    public void What_varies_in_rendered_bricks_is_checked(string set, string expected)
    {
        var outcome = InProcess.Gan("data", "render", "bricks", "--set", set, "--out", _folder["bricks"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["bricks"]));
    }

    [Fact]
    public void Doctor_names_what_is_in_use()
    {
        var outcome = InProcess.Gan("doctor", "--json");
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.StartsWith("0.107.0", (string?)outcome.Json["packages"]!["TorchSharp"], StringComparison.Ordinal);
        string[] parts =
        [
            "torch", "libstdc++", "threads", "cuda", "precision", "onnxruntime", "pictures", "dotnet", "cpu", "memory", "disk",
        ];
        Assert.All(parts, p => Assert.NotEmpty((string)outcome.Json[p]!["text"]!));
        Assert.Contains("CPUExecutionProvider", outcome.Json["onnxruntime"]!["providers"]!.AsArray().Select(p => (string?)p));
        Assert.NotNull(outcome.Json["torch"]!["version"]);
    }

    public void Dispose() => _folder.Dispose();
}
