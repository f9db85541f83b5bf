using GanPipeline.Inference;
using GanPipeline.Inference.Tests;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Cli.Tests;

/// <summary>gan reduce writes smaller forms, says what they lose, and what is wrong with a request.</summary>
public sealed class ReduceTests : IDisposable
{
    private static readonly (string, object)[] _halving =
        [("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Copy(string name, string tests = "Inference")
    {
        File.Copy(Path.Combine(Repository.Root, "tests", tests, "models", name), _folder[name]);
        return _folder[name];
    }

    private static void AssertRefused(string expected, params string[] args)
    {
        var outcome = InProcess.Gan(["reduce", .. args]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake in the program", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_is_reduced_beside_its_original()
    {
        var path = Copy("conditional.onnx");
        var outcome = InProcess.Gan("reduce", path, "--rows", "20", "--json");
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.Equal(("generator", "int8"), ((string?)outcome.Json["kind"], (string?)outcome.Json["precision"]));
        Assert.Equal((20, 1), ((int)outcome.Json["rows"]!, (int)outcome.Json["integerLayers"]!));
        Assert.InRange((double)outcome.Json["losses"]!["image"]!["relativeError"]!, 1e-4, 0.1);
        Assert.Equal(_folder["conditional-int8.onnx"], (string?)outcome.Json["output"]);
        using var generator = GeneratorModel.Load(_folder["conditional-int8.onnx"]);
        Assert.Equal("int8", generator.Metadata[ModelMetadata.Precision]);

        var lines = InProcess.Gan("reduce", path, "--to", "float16", "--out", _folder["half.onnx"], "--rows", "20").Output;
        Assert.Contains("half.onnx: generator, ", lines, StringComparison.Ordinal);
        Assert.Contains("image: ", lines, StringComparison.Ordinal);
        Assert.Contains(" % relative error; ", lines, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["half.onnx"]));
    }

    [Fact]
    public void A_network_of_images_needs_images()
    {
        // Of gray images of 16 x 16.
        var path = Copy("features.onnx", "ML");
        AssertRefused("takes images. --data names some", path);
        var outcome = InProcess.Gan("reduce", path, "--data", "bricks", "--rows", "16", "--json");
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.True(File.Exists(_folder["features-int8.onnx"]));
        Assert.Equal(["features"], outcome.Json["losses"]!.AsObject().Select(loss => loss.Key));
        AssertRefused("--size and --channels bring the images to it", path, "--data", "bricks", "--size", "8");
    }

    [Fact]
    public void A_translator_of_any_size_stays_one()
    {
        var path = _folder["translator.onnx"];
        File.WriteAllBytes(path, new TestGraph().Input("image", DataType.Float, -1, 3, -1, -1).Weights("w", 12, 3, 4, 4)
            .Weights("ww", 12, 3, 4, 4).Node("Conv", "image, w -> seen", _halving).Node("Relu", "seen -> bent")
            .Node("ConvTranspose", "bent, ww -> made", _halving).Node("Tanh", "made -> translation")
            .Output("translation", DataType.Float, -1, 3, -1, -1).Metadata(ModelMetadata.SideMultiple, "2").Bytes);
        AssertRefused("translator.onnx is a translator and takes images. --data names some", path);
        var outcome = InProcess.Gan("reduce", path, "--data", "bricks", "--channels", "3", "--size", "20", "--rows", "16", "--json");
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.Equal(("translator", 16, 2),
            ((string?)outcome.Json["kind"], (int)outcome.Json["rows"]!, (int)outcome.Json["integerLayers"]!));
        // As in tests/Inference/Precision: steps of 8-bit activations, and of 7-bit weights.
        Assert.InRange((double)outcome.Json["losses"]!["translation"]!["relativeError"]!, 1e-4, 0.08);
        using var translator = TranslatorModel.Load(_folder["translator-int8.onnx"]);
        Assert.Equal((true, "int8"), (translator.HasFreeSize, translator.Metadata[ModelMetadata.Precision]));
        Assert.Equal(34, translator.Translate(new ImageTensor(1, 3, 6, 34)).Width);
        AssertRefused("--size and --channels bring the images to it", path, "--data", "bricks", "--channels", "3", "--size", "21");
    }

    [Fact]
    public void What_is_wrong_with_a_request()
    {
        AssertRefused("There is no file", _folder["none.onnx"]);
        File.WriteAllText(_folder["text.onnx"], "text");
        AssertRefused("is not an ONNX model", _folder["text.onnx"]);
        var path = Copy("generator.onnx");
        AssertRefused("'int4'", path, "--to", "int4");
        AssertRefused("is the model itself", path, "--out", path);
        AssertRefused("takes no images", path, "--data", "bricks");
        Assert.Equal(0, InProcess.Gan("reduce", path, "--rows", "4").Code);
        AssertRefused("8-bit layers already", _folder["generator-int8.onnx"]);
    }
}
