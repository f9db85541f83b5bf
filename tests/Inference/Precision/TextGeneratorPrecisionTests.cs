using System.Text.Json;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Reduced forms of generators that make what a text says.</summary>
public sealed class TextGeneratorPrecisionTests : IDisposable
{
    private const int Z = 8, Embedding = 16, Side = 8;

    /// <summary>As in <see cref="ReducedPrecisionTests"/>: four layers of weights, the embedding's among them.</summary>
    private const double HalfLoss = 5 / 2048.0, BrainLoss = 5 / 256.0, ComputeLoss = 2 * HalfLoss, IntegerLoss = 0.08;

    /// <summary>More ids than float16 has whole numbers: 2,049 is none.</summary>
    private static readonly Vocabulary _words =
        Vocabulary.Build(Enumerable.Range(0, 3000).Select(i => $"word{i} brick block"), new() { Length = 6 });

    private static readonly string[] _examples = [.. Enumerable.Range(0, 40).Select(i => $"brick {string.Join(' ',
        _words.Tokens.Skip(2045 + 13 * i).Take(1 + i % 5))}")];

    private readonly string _folder = Directory.CreateTempSubdirectory("gan-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private string Save(IReadOnlyList<string>? examples)
    {
        var graph = new TestGraph().Input("latent", DataType.Float, -1, Z).Input("text", DataType.Int64, -1, _words.Length)
            .Weights("table", _words.Size, Embedding).Node("Gather", "table, text -> words")
            .Node("ReduceMean", "words -> mean", ("axes", new long[] { 1 }), ("keepdims", 0))
            .Floats("three", [], [3]).Node("Mul", "mean, three -> said").Node("Concat", "latent, said -> both", ("axis", 1))
            .Weights("first_", Z + Embedding, 64).Node("MatMul", "both, first_ -> a").Node("LeakyRelu", "a -> b", ("alpha", 0.2f))
            .Weights("second_", 64, 64).Node("MatMul", "b, second_ -> c").Node("Relu", "c -> d")
            .Weights("third_____", 64, 3 * Side * Side).Node("MatMul", "d, third_____ -> e").Floats("small", [], [0.1f])
            .Node("Mul", "e, small -> f").Node("Tanh", "f -> g").Whole("sides", -1, 3, Side, Side).Node("Reshape", "g, sides -> image")
            .Output("image", DataType.Float, -1, 3, Side, Side).Metadata(ModelMetadata.Vocabulary, _words.ToJson());
        if (examples is not null) graph.Metadata(ModelMetadata.TextExamples, JsonSerializer.Serialize(examples));
        File.WriteAllBytes(At("model.onnx"), graph.Bytes);
        return At("model.onnx");
    }

    private static double Error(ImageTensor expected, ImageTensor actual) => Math.Sqrt(
        expected.Values.Zip(actual.Values, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Values.Sum(a => Math.Pow(a, 2)));

    [Theory]
    [InlineData(ModelPrecision.Float16, HalfLoss)]
    [InlineData(ModelPrecision.BFloat16, BrainLoss)]
    [InlineData(ModelPrecision.Float16Compute, ComputeLoss)]
    [InlineData(ModelPrecision.Int8, IntegerLoss)]
    public void A_form_is_told_the_same_texts_and_loses_little(ModelPrecision precision, double most)
    {
        var original = Save(_examples);
        var result = ReducedPrecision.WriteGenerator(original, At("form.onnx"), precision, rows: 50, seed: 3);
        Assert.InRange(result.Losses["image"].RelativeError, 1e-6, most);
        Assert.InRange((double)result.Bytes / result.OriginalBytes, 0.4, 0.65);
        Assert.Equal((50, 3, precision == ModelPrecision.Int8), (result.Rows, result.Layers, result.IntegerLayers > 0));

        // Ids are whole numbers outside, and no words are mistaken for their neighbours.
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(At("form.onnx"))).Graph;
        Assert.Equal([("latent", DataType.Float), ("text", DataType.Int64)],
            graph.Input.Select(input => (input.Name, (DataType)input.Type.TensorType.ElemType)));
        using GeneratorModel first = GeneratorModel.Load(original), second = GeneratorModel.Load(At("form.onnx"));
        Assert.Equal(_words.ToJson(), second.Vocabulary!.ToJson());
        Assert.Equal(Reduction.NameOf(precision), second.Metadata[ModelMetadata.Precision]);
        Assert.Equal(_examples, second.TextExamples);
        // The loss is what a caller sees, with the texts and latents after those for calibration.
        var seen = Error(first.Sample(50, seed: 3, first: 50), second.Sample(50, seed: 3, first: 50));
        if (precision != ModelPrecision.Float16Compute) Assert.Equal(result.Losses["image"].RelativeError, seen, 1e-6);
        string[] texts = ["brick " + _words.Tokens[2047], "block " + _words.Tokens[2999]];
        Assert.InRange(Error(first.Sample(20, labels: texts), second.Sample(20, labels: texts)), 1e-6, most);
    }

    [Fact]
    public void Without_examples_there_is_nothing_to_calibrate_with()
    {
        var error = Assert.Throws<ArgumentException>(
            () => ReducedPrecision.WriteGenerator(Save(null), At("form.onnx"), ModelPrecision.Int8, rows: 4));
        Assert.Contains("has no examples of its own", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("form.onnx")));
    }
}
