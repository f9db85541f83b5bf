using Microsoft.ML.OnnxRuntime;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Reduced forms are smaller, are computed as they should be, and lose little; what has no such form says so.</summary>
public sealed class ReducedPrecisionTests : IDisposable
{
    private const int Z = 16, Side = 32;

    /// <summary>A float16 has 11 significant bits, and five layers of weights rounded to them add up.</summary>
    private const double HalfLoss = 5 / 2048.0;

    /// <summary>
    /// Of uint8 activations the step is a 255th of their range, of weights a 64th of the largest of their channel; with the random weights
    /// of these networks, in all layers together, measured 2 to 4 %.
    /// </summary>
    private const double IntegerLoss = 0.08;

    private readonly string _folder = Directory.CreateTempSubdirectory("gan-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private string Save(TestGraph graph, string name = "model.onnx")
    {
        File.WriteAllBytes(At(name), graph.Bytes);
        return At(name);
    }

    /// <summary>A DCGAN's generator: 4 x 4, 8 x 8, 16 x 16, 32 x 32.</summary>
    private static TestGraph Generator(string activation = "Relu", bool pixels = false)
    {
        var graph = new TestGraph().Input("latent", DataType.Float, -1, Z).Whole("start", -1, Z, 1, 1)
            .Node("Reshape", "latent, start -> x0");
        int[] channels = [Z, 32, 24, 16, 1];
        for (var i = 0; i < 4; i++)
        {
            // Weights are drawn by the length of the name.
            var (weights, bias) = ($"w{i}{new string('w', i)}", $"b{i}{new string('b', i)}");
            graph.Weights(weights, channels[i], channels[i + 1], 4, 4).Weights(bias, channels[i + 1]);
            graph.Node("ConvTranspose", $"x{i}, {weights}, {bias} -> c{i}",
                ("strides", i == 0 ? new long[] { 1, 1 } : [2, 2]), ("pads", i == 0 ? new long[] { 0, 0, 0, 0 } : [1, 1, 1, 1]));
            if (i < 3) graph.Node(activation, $"c{i} -> x{i + 1}");
        }
        graph.Floats("tenth", [], [0.02f]).Node("Mul", "c3, tenth -> small").Node("Tanh", "small -> image");
        if (!pixels) return graph.Output("image", DataType.Float, -1, 1, Side, Side);
        return graph.Floats("half", [], [127.5f]).Floats("one", [], [1]).Node("Add", "image, one -> up").Node("Mul", "up, half -> large")
            .Node("Round", "large -> whole").Node("Cast", "whole -> bytes", ("to", (int)DataType.Uint8))
            .Node("Transpose", "bytes -> pixels", ("perm", new long[] { 0, 2, 3, 1 })).Output("pixels", DataType.Uint8, -1, Side, Side, 1);
    }

    /// <summary>A discriminator's features: convolutions to 16 x 16, 8 x 8, 4 x 4, each pooled to 4 x 4.</summary>
    private static TestGraph Features()
    {
        var graph = new TestGraph().Input("image", DataType.Float, -1, 1, Side, Side);
        int[] channels = [1, 16, 24, 32];
        string[] parts = ["f0", "f1", "f2"];
        for (var i = 0; i < 3; i++)
        {
            var weights = $"w{i}{new string('w', i)}";
            graph.Weights(weights, channels[i + 1], channels[i], 4, 4)
                .Node("Conv", $"{(i == 0 ? "image" : $"x{i - 1}")}, {weights} -> c{i}", ("strides", new long[] { 2, 2 }),
                    ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("LeakyRelu", $"c{i} -> x{i}", ("alpha", 0.2f));
            long window = 4 >> i;
            graph.Node("MaxPool", $"x{i} -> p{i}", ("kernel_shape", new[] { window, window }), ("strides", new[] { window, window }))
                .Node("Flatten", $"p{i} -> f{i}");
        }
        return graph.Node("Concat", string.Join(", ", parts) + " -> features", ("axis", 1))
            .Output("features", DataType.Float, -1, 16 * (16 + 24 + 32));
    }

    private static ImageTensor Images(int count, int side = Side)
    {
        var random = new Random(7);
        return new([.. Enumerable.Range(0, count * side * side).Select(_ => random.NextSingle() * 2 - 1)], count, 1, side, side);
    }

    private static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));

    /// <summary>The operators that ONNX Runtime runs, after its own changes to the graph.</summary>
    private Dictionary<string, int> Kernels(string path)
    {
        using (var options = new SessionOptions { OptimizedModelFilePath = At("optimized.onnx") })
        {
            options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
            new InferenceSession(path, options).Dispose();
        }
        return Read(At("optimized.onnx")).Graph.Node.GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count());
    }

    /// <summary>Other 16-bit forms halve the file, too; a bfloat16 has 8 significant bits, and pixels are bytes as before.</summary>
    [Theory]
    [InlineData(ModelPrecision.BFloat16, 5 / 256.0)]
    [InlineData(ModelPrecision.Float16Compute, 5 / 2048.0)]
    public void Forms_of_16_bits_lose_as_much_as_their_numbers(ModelPrecision precision, double most)
    {
        var result = ReducedPrecision.WriteGenerator(Save(Generator()), At("form.onnx"), precision, rows: 20);
        Assert.InRange(result.Losses["image"].RelativeError, most / 1000, most);
        Assert.InRange((double)result.Bytes / result.OriginalBytes, 0.45, 0.6);
        using (var model = GeneratorModel.Load(At("form.onnx"))) Assert.Equal(3 * Side * Side, model.Sample(3, 1).Values.Length);
        var pixels = ReducedPrecision.WriteGenerator(Save(Generator(pixels: true)), At("pixels.onnx"), precision, rows: 20);
        // 127.5 of a byte is 1 of an image.
        Assert.InRange(pixels.Losses["pixels"].MaximumAbsoluteError, 0, 1 + 255 * most);
    }

    [Fact]
    public void Float16_halves_the_file_and_costs_nothing_at_run_time()
    {
        var original = Save(Generator());
        var result = ReducedPrecision.WriteGenerator(original, At("half.onnx"), ModelPrecision.Float16, rows: 20);

        Assert.Equal((new FileInfo(original).Length, new FileInfo(At("half.onnx")).Length), (result.OriginalBytes, result.Bytes));
        Assert.InRange(result.Bytes, 0, result.OriginalBytes * 0.6);
        Assert.Equal((0, 4, 20), (result.IntegerLayers, result.Layers, result.Rows));
        Assert.InRange(result.Losses["image"].RelativeError, 1e-6, HalfLoss);
        Assert.DoesNotContain("Cast", Kernels(At("half.onnx")).Keys);
        using var generator = GeneratorModel.Load(At("half.onnx"));
        Assert.Equal((Z, 1, Side, Side), (generator.LatentSize, generator.Channels, generator.Height, generator.Width));
        Assert.Equal("float16", generator.Metadata[ModelMetadata.Precision]);
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("Elu")]
    public void An_8_bit_generator_is_computed_in_8_bits_and_loses_little(string activation)
    {
        var original = Save(Generator(activation));
        var result = ReducedPrecision.WriteGenerator(original, At("int8.onnx"), ModelPrecision.Int8, rows: 40);

        Assert.InRange(result.Bytes, 0, result.OriginalBytes * 0.5);
        // The first is a product with one pixel; the last has a tenth of the products.
        Assert.Equal((2, 4), (result.IntegerLayers, result.Layers));
        var loss = result.Losses["image"];
        Assert.InRange(loss.RelativeError, 1e-4, IntegerLoss);
        Assert.InRange(loss.MeanAbsoluteError, 1e-5, loss.MaximumAbsoluteError);
        // Two transposed convolutions of four phases each; what the last one computes in float32 is no phase.
        var kernels = Kernels(At("int8.onnx"));
        Assert.Equal(8, kernels["QLinearConv"]);
        Assert.Equal(2, kernels["QLinearConcat"]);
        Assert.DoesNotContain("Conv", kernels.Keys);
        Assert.Equal(activation == "LeakyRelu", kernels.ContainsKey("QLinearLeakyRelu"));
        Assert.DoesNotContain("Relu", kernels.Keys);
        using var generator = GeneratorModel.Load(At("int8.onnx"));
        Assert.Equal("int8", generator.Metadata[ModelMetadata.Precision]);
    }

    /// <summary>The losses are those that a caller sees.</summary>
    [Fact]
    public void The_loss_is_the_difference_of_the_images()
    {
        var original = Save(Generator());
        var loss = ReducedPrecision.WriteGenerator(original, At("int8.onnx"), ModelPrecision.Int8, rows: 24, seed: 5).Losses["image"];
        using GeneratorModel first = GeneratorModel.Load(original), second = GeneratorModel.Load(At("int8.onnx"));
        // Held out: the latents after those for calibration.
        float[] expected = first.Sample(24, seed: 5, first: 24).Values, actual = second.Sample(24, seed: 5, first: 24).Values;
        double[] differences = [.. expected.Zip(actual, (a, b) => Math.Abs((double)a - b))];
        Assert.Equal(differences.Average(), loss.MeanAbsoluteError, 1e-6);
        Assert.Equal(differences.Max(), loss.MaximumAbsoluteError, 1e-6);
        Assert.Equal(Math.Sqrt(differences.Sum(d => d * d) / expected.Sum(a => (double)a * a)), loss.RelativeError, 1e-6);
    }

    [Fact]
    public void Features_are_computed_in_8_bits_from_pooling_to_pooling()
    {
        var original = Save(Features());
        var result = ReducedPrecision.WriteImageModel(original, At("int8.onnx"), ModelPrecision.Int8, Images(60));

        Assert.Equal((3, 3, 30), (result.IntegerLayers, result.Layers, result.Rows));
        Assert.InRange(result.Losses["features"].RelativeError, 1e-4, IntegerLoss);
        var kernels = Kernels(At("int8.onnx"));
        Assert.Equal(3, kernels["QLinearConv"]);
        Assert.Equal(2, kernels["QLinearLeakyRelu"]);
        Assert.DoesNotContain("Conv", kernels.Keys);
        using var features = FeatureModel.Load(At("int8.onnx"));
        Assert.Equal(16 * (16 + 24 + 32), features.FeatureCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matrix_products_are_computed_in_8_bits(bool transposed)
    {
        var graph = new TestGraph().Input("latent", DataType.Float, -1, Z).Weights("w", [.. transposed ? new long[] { 64, Z } : [Z, 64]])
            .Weights("bb", 64).Node("Gemm", "latent, w, bb -> h", ("transB", transposed ? 1 : 0)).Node("LeakyRelu", "h -> a")
            .Weights("www", 64, 64).Node("MatMul", "a, www -> d").Floats("tenth", [], [0.1f]).Node("Mul", "d, tenth -> e")
            .Node("Tanh", "e -> t").Whole("shape", -1, 1, 8, 8).Node("Reshape", "t, shape -> image")
            .Output("image", DataType.Float, -1, 1, 8, 8);
        var result = ReducedPrecision.WriteGenerator(Save(graph), At("int8.onnx"), ModelPrecision.Int8, rows: 64);
        Assert.Equal(2, result.IntegerLayers);
        Assert.InRange(result.Losses["image"].RelativeError, 1e-4, IntegerLoss);
        var kernels = Kernels(At("int8.onnx"));
        Assert.DoesNotContain("Gemm", kernels.Keys);
        Assert.DoesNotContain("MatMul", kernels.Keys);
        Assert.DoesNotContain("FusedGemm", kernels.Keys);
    }

    /// <summary>Bytes stay bytes, and the loss is in their unit.</summary>
    [Fact]
    public void A_generator_of_bytes()
    {
        var result = ReducedPrecision.WriteGenerator(Save(Generator(pixels: true)), At("int8.onnx"), ModelPrecision.Int8, rows: 16);
        Assert.Equal(["pixels"], result.Losses.Keys);
        Assert.InRange(result.Losses["pixels"].MeanAbsoluteError, 0.01, 8);
        Assert.Equal(["pixels"], Read(At("int8.onnx")).Graph.Output.Select(output => output.Name));
        using var generator = GeneratorModel.Load(At("int8.onnx"));
        Assert.Equal(2 * Side * Side, generator.SamplePixels(2).Length);
    }

    [Fact]
    public void Labels_and_metadata_stay()
    {
        ReducedPrecision.WriteGenerator(TestModels.Conditional, At("int8.onnx"), ModelPrecision.Int8, rows: 32);
        using GeneratorModel first = GeneratorModel.Load(TestModels.Conditional), second = GeneratorModel.Load(At("int8.onnx"));
        Assert.Equal(first.Labels!.ToJson(), second.Labels!.ToJson());
        Assert.Equal(first.Metadata.Append(new(ModelMetadata.Precision, "int8")).OrderBy(m => m.Key), second.Metadata.OrderBy(m => m.Key));
    }

    [Fact]
    public void A_reduced_form_can_be_reduced_further_from_float16_and_not_from_8_bits()
    {
        var original = Save(Generator());
        foreach (var stored in new[] { ModelPrecision.Float16, ModelPrecision.BFloat16 })
        {
            ReducedPrecision.WriteGenerator(original, At("half.onnx"), stored, rows: 8);
            Assert.Equal(2, ReducedPrecision.WriteGenerator(At("half.onnx"), At("int8.onnx"), ModelPrecision.Int8, rows: 8).IntegerLayers);
        }
        var again = Assert.Throws<ModelException>(
            () => ReducedPrecision.WriteGenerator(At("int8.onnx"), At("none.onnx"), ModelPrecision.Int8, rows: 8));
        Assert.Contains("8-bit layers already", again.Message, StringComparison.Ordinal);
        var graph = new TestGraph().Input("latent", DataType.Float, -1, Z).Whole("shape", -1, 1, 4, 4)
            .Node("Reshape", "latent, shape -> x").Node("Tanh", "x -> image").Output("image", DataType.Float, -1, 1, 4, 4);
        var error = Assert.Throws<ModelException>(
            () => ReducedPrecision.WriteGenerator(Save(graph), At("none.onnx"), ModelPrecision.Int8, rows: 8));
        Assert.Contains("no convolution or matrix product", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("none.onnx")));
    }

    /// <summary>A fixed batch is run whole, and rows that fill none are left out.</summary>
    [Fact]
    public void A_fixed_batch()
    {
        var graph = Generator();
        graph.Model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = 3;
        graph.Model.Graph.Output[0].Type.TensorType.Shape.Dim[0].DimValue = 3;
        Assert.Equal(9, ReducedPrecision.WriteGenerator(Save(graph), At("int8.onnx"), ModelPrecision.Int8, rows: 10).Rows);
        var error = Assert.Throws<ModelException>(
            () => ReducedPrecision.WriteGenerator(At("model.onnx"), At("more.onnx"), ModelPrecision.Int8, rows: 2));
        Assert.Contains("3 rows at once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_such_form_says_why_and_nothing_is_written()
    {
        var large = Generator();
        large.Floats("huge", [256], [.. Enumerable.Repeat(1e6f, 256)]).Node("ReduceMax", "huge -> top", ("keepdims", 0))
            .Output("top", DataType.Float);
        Refused(large, ModelPrecision.Float16, "beyond 65504");
        var old = Generator();
        old.Model.OpsetImport[0].Version = 11;
        Refused(old, ModelPrecision.Int8, "version 11");

        var original = Save(Generator());
        Assert.Throws<ArgumentException>(() => ReducedPrecision.WriteGenerator(original, original, ModelPrecision.Float16));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ReducedPrecision.WriteGenerator(original, At("x.onnx"), ModelPrecision.Float16, rows: 0));
        var features = Save(Features(), "features.onnx");
        Assert.Throws<ArgumentException>(
            () => ReducedPrecision.WriteImageModel(features, At("x.onnx"), ModelPrecision.Int8, Images(1)));
        Assert.Throws<ArgumentException>(
            () => ReducedPrecision.WriteImageModel(features, At("x.onnx"), ModelPrecision.Int8, Images(4, side: 16)));
        Assert.Throws<OperationCanceledException>(() => ReducedPrecision.WriteGenerator(
            original, At("x.onnx"), ModelPrecision.Int8, cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(File.Exists(At("x.onnx")));

        void Refused(TestGraph graph, ModelPrecision precision, string why)
        {
            var path = Save(graph);
            var error = Assert.Throws<ModelException>(() => ReducedPrecision.WriteGenerator(path, At("x.onnx"), precision, rows: 4));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }
}
