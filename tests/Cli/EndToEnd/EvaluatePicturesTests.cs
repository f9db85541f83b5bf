using System.Text.Json.Nodes;
using GanPipeline.Inference.Tests;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Cli.Tests;

/// <summary>gan evaluate A B: folders, data sets and generators on either side.</summary>
public sealed class EvaluatePicturesTests : IDisposable
{
    private static readonly string _models = Path.Combine(Repository.Root, "models");
    private static readonly string _classifier = Path.Combine(_models, "bricks-classifier");
    private static readonly string _generator = Path.Combine(_models, "quickstart", "generator.onnx");

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_generator_its_folder_and_a_data_set_stand_on_either_side()
    {
        var made = InProcess.Gan("generate", _generator, "--count", "60", "--seed", "3", "--out", _folder["pictures"]);
        Assert.True(made.Code == 0, made.ToString());
        var found = Compare(_folder["pictures"], "bricks", "--size", "32", "--count", "120", "--out", _folder["out/found.json"]);
        Assert.Equal(found.ToJsonString(), JsonNode.Parse(File.ReadAllText(_folder["out/found.json"]))!.ToJsonString());
        Assert.Equal((60, 120), ((int)found["samples"]!["images"]!, (int)found["reference"]!["images"]!));
        Assert.Equal(32, (int)found["samples"]!["width"]!);
        foreach (var metric in new[] { "frechet", "sliced" })
            Assert.True((double)found[metric]!["value"]! > 0 && (double)found[metric]!["error"]! > 0, found.ToJsonString());
        Assert.Null(found["fid"]);
        Assert.True((double)found["kernel"]!["error"]! > 0);
        Assert.InRange((double)found["neighbours"]!["precision"]!, 0, 1);
        Assert.NotNull(found["neighbours"]!["errors"]!["recall"]);
        Assert.InRange((double)found["twoSample"]!["accuracy"]!, 0.5, 1);
        Assert.Contains("singular", found["notes"]!.ToJsonString(), StringComparison.Ordinal);

        // The same pictures from the file that made them: the folder holds them in 8 bits.
        var itself = Compare(_folder["pictures"], _folder["pictures"], "--count", "60");
        Assert.Equal(0, (double)itself["frechet"]!["value"]!, 1e-3); // rounding of products of some thousands in float64
        Assert.Equal(0, (double)itself["twoSample"]!["accuracy"]!);
        var fresh = Compare(Path.Combine(_models, "quickstart"), _generator, "--count", "400");
        Assert.True((double)fresh["frechet"]!["value"]! < (double)found["frechet"]!["value"]! / 10, fresh.ToJsonString());
        // Its classes are read, and its pictures compared within them, on both sides.
        Assert.InRange((double)fresh["labelsRead"]!["samples"]!["value"]!, 0.9, 1);
        Assert.InRange((double)fresh["withinClass"]!["reference"]!["mean"]!, 0.05, 0.95);
        Assert.InRange((double)fresh["twoSample"]!["accuracy"]!, 0.4, 0.6);
    }

    [Fact]
    public void People_read_a_table_and_what_was_done_to_the_pictures()
    {
        var outcome = InProcess.Gan("evaluate", _generator, "bricks", "--features", _classifier, "--count", "60");
        Assert.True(outcome.Code == 0, outcome.ToString());
        foreach (var text in new[] { "Frechet distance", "kernel distance", "coverage", "two-sample accuracy", "MS-SSIM within classes",
            "60 pictures are too few for the covariance of 128 features" })
            Assert.Contains(text, outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("FID", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_pictures_for_a_metric_are_told_with_how_many_it_needs()
    {
        InProcess.Gan("generate", _generator, "--count", "3", "--out", _folder["three"]);
        var found = Compare(_folder["three"], _generator, "--count", "50");
        Assert.Null(found["kernel"]);
        Assert.Null(found["neighbours"]);
        var notes = found["notes"]!.ToJsonString();
        Assert.Contains("the kernel distance needs 4 pictures of each side, and there are 3", notes, StringComparison.Ordinal);
        Assert.Contains("coverage needs 6 pictures of each side", notes, StringComparison.Ordinal);

        Directory.CreateDirectory(_folder["one"]);
        File.Copy(_folder["three/000000.png"], _folder["one/a.png"]);
        Refused("has 1 picture to measure; a distance needs 2", _folder["one"], _generator, "--features", _classifier);
    }

    [Fact]
    public void What_does_not_fit_is_told_with_what_would()
    {
        Refused("--features must name what to measure in", _generator, "bricks");
        Refused("models/mnist-classifier (gray, 28 x 28)", _generator, "bricks");
        Refused("There is no nowhere: name a folder", "nowhere", "bricks", "--features", _classifier);
        Refused("reads pictures of one channel (gray), but those of", Path.Combine(_models, "cifar10-dcgan"), "bricks", "--features",
            _classifier);
        Refused("--set is of a pipeline's evaluation", _generator, "bricks", "--set", "a=b");
        Refused("--count goes with two sets of pictures", _generator, "--count", "7");
        Refused("takes no images", _generator, "bricks", "--features", Path.Combine(_models, "mnist-cgan", "generator.onnx"));
    }

    [Fact]
    public void A_file_of_Inceptions_form_must_say_its_range_and_the_right_one()
    {
        var path = _folder["inception.onnx"];
        var graph = new TestGraph().Input("image", DataType.Float, -1, 3, 299, 299).Output("features", DataType.Float, -1, 2048)
            .Floats("two", [], [2]).Floats("one", [], [1]).Weights("w", 2048, 3, 23, 23)
            .Node("Mul", "image, two -> doubled").Node("Sub", "doubled, one -> normal")
            .Node("Conv", "normal, w -> maps", ("strides", new long[] { 299, 299 })).Node("Flatten", "maps -> features");
        File.WriteAllBytes(path, graph.Bytes);
        Refused("inception.onnx does not say which values black and white have in its pictures: --feature-range 0..1 (as of pytorch-fid)",
            _generator, "bricks", "--features", path);
        Refused("What it computes first fits 0..1.", _generator, "bricks", "--features", path);
        Refused("its pictures are not in 0..255. --feature-range 0..1 is right", _generator, "bricks", "--features", path,
            "--feature-range", "0..255");
    }

    private JsonObject Compare(params string[] args)
    {
        var outcome = InProcess.Gan(["evaluate", .. args, "--features", _classifier, "--json"]);
        Assert.True(outcome.Code == 0, outcome.ToString());
        return outcome.Json;
    }

    private static void Refused(string message, params string[] args)
    {
        var outcome = InProcess.Gan(["evaluate", .. args]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
