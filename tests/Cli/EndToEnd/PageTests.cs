using System.Text.Json.Nodes;
using GanPipeline.Inference;
using Google.Protobuf;
using Onnx;

namespace GanPipeline.Cli.Tests;

/// <summary>gan page: what it writes, and what it refuses. tests/Browser looks at the pages.</summary>
public sealed class PageTests : IDisposable
{
    private static readonly string _digits = Path.Combine(Repository.Root, "models", "mnist-cgan");

    private readonly TemporaryFolder _folder = new();

    public PageTests()
    {
        // In place of npm's: what is in it does not matter here.
        Directory.CreateDirectory(_folder["web/node_modules/onnxruntime-web/dist"]);
        File.WriteAllText(_folder["web/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs"], "script");
        File.WriteAllText(_folder["web/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm"], "binary");
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Page(string model, params string[] more) =>
        InProcess.Gan(["page", model, "--out", _folder["page"], "--runtime", _folder["web"], .. more]);

    private Outcome Done(string model, params string[] more)
    {
        var outcome = Page(model, more);
        Assert.True(outcome.Code == 0, outcome.ToString());
        return outcome;
    }

    private void AssertRefused(string expected, Outcome outcome)
    {
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["page"]), "a folder was left");
    }

    private static string Small(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);

    [Fact]
    public void A_folder_holds_all_that_a_page_needs()
    {
        var outcome = Done(_digits, "--title", "Digits & <more>", "--json");
        string[] expected =
        [
            "generator.js", "generator.onnx", "icon.png", "index.html", "latents.js", "model.json", "onnxruntime-web/LICENSE.txt",
            "onnxruntime-web/ThirdPartyNotices.txt", "onnxruntime-web/ort-wasm-simd-threaded.wasm",
            "onnxruntime-web/ort.wasm.bundle.min.js", "page.css", "page.js",
        ];
        Assert.Equal(expected, Files());
        Assert.Equal(expected, outcome.Json["files"]!.AsArray().Select(file => (string)file!).Order(StringComparer.Ordinal));
        Assert.Equal(Files().Sum(file => new FileInfo(_folder["page/" + file]).Length), (long)outcome.Json["bytes"]!);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_digits, "generator.onnx")), File.ReadAllBytes(_folder["page/generator.onnx"]));
        Assert.Equal("script", File.ReadAllText(_folder["page/onnxruntime-web/ort.wasm.bundle.min.js"]));
        Assert.StartsWith("MIT License", File.ReadAllText(_folder["page/onnxruntime-web/LICENSE.txt"]), StringComparison.Ordinal);

        var model = JsonNode.Parse(File.ReadAllText(_folder["page/model.json"]))!;
        using var generator = GeneratorModel.Load(Path.Combine(_digits, "generator.onnx"));
        Assert.Equal("Digits & <more>", (string?)model["title"]);
        Assert.Equal(
            (generator.LatentSize, 1, generator.Channels, generator.Height, generator.Width, "image"),
            ((int)model["latentSize"]!, (int)model["batch"]!, (int)model["channels"]!, (int)model["height"]!, (int)model["width"]!,
                (string)model["output"]!));
        Assert.Equal(generator.Labels!.ToJson(), LabelLayout.FromJson(model["labels"]!.ToJsonString()).ToJson());

        var html = File.ReadAllText(_folder["page/index.html"]);
        Assert.Contains("<h1>Digits &amp; &lt;more&gt;</h1>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", html, StringComparison.Ordinal);
    }

    /// <summary>A model of others is written in the form that the page's script knows.</summary>
    [Fact]
    public void A_foreign_generator_gets_the_form_of_the_project()
    {
        var proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Small("generator.onnx")));
        var (input, output) = (proto.Graph.Input.Single(), proto.Graph.Output.Single());
        foreach (var node in proto.Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++) if (node.Input[i] == input.Name) node.Input[i] = "z";
            for (var i = 0; i < node.Output.Count; i++) if (node.Output[i] == output.Name) node.Output[i] = "out";
        }
        (input.Name, output.Name) = ("z", "out");
        File.WriteAllBytes(_folder["foreign.onnx"], proto.ToByteArray());
        Done(_folder["foreign.onnx"]);
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder["page/generator.onnx"])).Graph;
        Assert.Equal(("latent", "image"), (graph.Input.Single().Name, graph.Output.Single().Name));
        Assert.Equal("foreign", (string?)JsonNode.Parse(File.ReadAllText(_folder["page/model.json"]))!["title"]);
    }

    [Fact]
    public void A_folder_that_is_not_empty_takes_force_and_keeps_other_files()
    {
        Directory.CreateDirectory(_folder["page"]);
        File.WriteAllText(_folder["page/CNAME"], "example");
        var outcome = Page(_digits);
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"{_folder["page"]} is not empty.", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["CNAME"], Files());
        Done(_digits, "--force");
        Done(Path.Combine(Repository.Root, "models", "bricks-dcgan"), "--force");
        Assert.Equal(13, Files().Length);
        Assert.Equal("example", File.ReadAllText(_folder["page/CNAME"]));
        Assert.Contains("<h1>bricks-dcgan</h1>", File.ReadAllText(_folder["page/index.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_page_can_be_made_of_is_refused()
    {
        AssertRefused("nowhere.onnx", Page(_folder["nowhere.onnx"]));
        AssertRefused("is a folder without generator.onnx", Page(_folder["web"]));
        NegativeModel.Write(_folder["negative.onnx"], 3, 16, 16);
        AssertRefused("is not a generator: it needs the input latent", Page(_folder["negative.onnx"]));
        AssertRefused("is not a generator", Page(Path.Combine(Repository.Root, "models", "bricks-text-encoder", "text-encoder.onnx")));
        File.WriteAllText(_folder["text.onnx"], "no model");
        AssertRefused("text.onnx", Page(_folder["text.onnx"]));

        var vague = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Small("conditional.onnx")));
        var labels = vague.MetadataProps.Single(entry => entry.Key == ModelMetadata.Labels);
        vague.MetadataProps.Remove(labels);
        vague.MetadataProps.Add(new StringStringEntryProto
        {
            Key = ModelMetadata.Vocabulary, Value = Vocabulary.Build(["a red brick"], new VocabularyOptions { Length = 4 }).ToJson(),
        });
        File.WriteAllBytes(_folder["told.onnx"], vague.ToByteArray());
        AssertRefused("makes pictures of texts", Page(_folder["told.onnx"]));

        File.WriteAllText(_folder["file"], "");
        var outcome = InProcess.Gan("page", _digits, "--out", _folder["file"], "--runtime", _folder["web"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("is a file. Give a folder with --out.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_range_is_asked_for_where_the_model_does_not_say()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Small("generator.onnx")));
        model.MetadataProps.Clear();
        model.Graph.Node.Single(node => node.OpType == "Tanh").OpType = "Sigmoid";
        File.WriteAllBytes(_folder["sigmoid.onnx"], model.ToByteArray());
        AssertRefused("does not say the range of its images", Page(_folder["sigmoid.onnx"]));
        Done(_folder["sigmoid.onnx"], "--range", "0..1");
        using var generator = GeneratorModel.Load(_folder["page/generator.onnx"]);
        Assert.InRange(generator.Sample(8).Values.Min(), -1, -0.1f);
    }

    [Fact]
    public void Without_onnxruntime_web_it_says_what_is_needed()
    {
        Directory.CreateDirectory(_folder["empty"]);
        AssertRefused("holds no onnxruntime-web: there is no ort.wasm.bundle.min.mjs",
            InProcess.Gan("page", _digits, "--out", _folder["page"], "--runtime", _folder["empty"]));
    }

    private string[] Files() => [.. Directory.GetFiles(_folder["page"], "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_folder["page"], file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
