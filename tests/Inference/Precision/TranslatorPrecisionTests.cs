using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Reduced forms of networks that turn images into images.</summary>
public sealed class TranslatorPrecisionTests : IDisposable
{
    private const int Height = 24, Width = 32;

    /// <summary>As in <see cref="ReducedPrecisionTests"/>: four layers of weights rounded to 11 and to 8 bits.</summary>
    private const double HalfLoss = 5 / 2048.0, BrainLoss = 5 / 256.0;

    /// <summary>Where the values between the layers are rounded, too, there are twice as many roundings.</summary>
    private const double ComputeLoss = 2 * HalfLoss;

    /// <summary>As in <see cref="ReducedPrecisionTests"/>; with these weights measured 1 to 3 %.</summary>
    private const double IntegerLoss = 0.08;

    private readonly string _folder = Directory.CreateTempSubdirectory("gan-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private string Save(TestGraph graph)
    {
        File.WriteAllBytes(At("model.onnx"), graph.Bytes);
        return At("model.onnx");
    }

    /// <summary>A small U-Net of any size: to a quarter of the sides and back, past the bottom by one skip.</summary>
    private static TestGraph Translator(bool isFree = true, bool hasNoise = false)
    {
        long height = isFree ? -1 : Height, width = isFree ? -1 : Width;
        var graph = new TestGraph().Input("image", DataType.Float, -1, 3, height, width)
            .Weights("down", 16, 3, 4, 4).Weights("deeper", 24, 16, 4, 4).Weights("upward-", 24, 16, 4, 4).Weights("outward--", 32, 3, 4, 4)
            .Weights("b", 16).Node("Conv", "image, down, b -> d", _halving).Node("LeakyRelu", "d -> e", ("alpha", 0.2f))
            .Node("Conv", "e, deeper -> f", _halving).Node("Relu", "f -> g");
        if (hasNoise)
        {
            graph.Input("noise", DataType.Float, -1, 24 * Height / 4 * Width / 4).Whole("bottom", -1, 24, Height / 4, Width / 4)
                .Node("Reshape", "noise, bottom -> n").Floats("half", [], [0.5f]).Floats("two", [], [2]).Floats("zero", [], [0])
                .Node("GreaterOrEqual", "n, half -> kept").Node("Where", "kept, two, zero -> factor").Node("Mul", "g, factor -> h")
                .Metadata(ModelMetadata.NoiseDistribution, ModelMetadata.Uniform);
        }
        return graph.Node("ConvTranspose", $"{(hasNoise ? "h" : "g")}, upward- -> u", _halving).Node("Relu", "u -> v")
            .Node("Concat", "v, e -> w", ("axis", 1)).Node("ConvTranspose", "w, outward-- -> x", _halving)
            .Floats("small", [], [0.1f]).Node("Mul", "x, small -> y").Node("Tanh", "y -> translation")
            .Output("translation", DataType.Float, -1, 3, height, width).Metadata(ModelMetadata.TrainedSize, $"{Height},{Width}")
            .Metadata(ModelMetadata.SideMultiple, "4").Metadata(ModelMetadata.LeastSide, "4");
    }

    private static readonly (string, object)[] _halving =
        [("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })];

    private static ImageTensor Images(int count, int height = Height, int width = Width, int channels = 3)
    {
        var random = new Random(7);
        return new([.. Enumerable.Range(0, count * channels * height * width).Select(_ => random.NextSingle() * 2 - 1)], count, channels,
            height, width);
    }

    private static double Error(ImageTensor expected, ImageTensor actual) => Math.Sqrt(
        expected.Values.Zip(actual.Values, (a, b) => Math.Pow(a - b, 2)).Sum() / expected.Values.Sum(a => Math.Pow(a, 2)));

    [Theory]
    [InlineData(ModelPrecision.Float16, HalfLoss, 0.6)]
    [InlineData(ModelPrecision.BFloat16, BrainLoss, 0.6)]
    [InlineData(ModelPrecision.Float16Compute, ComputeLoss, 0.6)]
    [InlineData(ModelPrecision.Int8, IntegerLoss, 0.5)]
    public void A_form_translates_images_of_any_size_and_loses_little(ModelPrecision precision, double most, double share)
    {
        var original = Save(Translator());
        var result = ReducedPrecision.WriteTranslator(original, At("form.onnx"), precision, Images(21));
        Assert.Equal((new FileInfo(original).Length, new FileInfo(At("form.onnx")).Length), (result.OriginalBytes, result.Bytes));
        Assert.InRange(result.Bytes, 0, result.OriginalBytes * share);
        // Of 21 images 10 calibrate.
        Assert.Equal((11, 4), (result.Rows, result.Layers));
        Assert.InRange(result.Losses["translation"].RelativeError, 1e-6, most);
        Assert.Equal(precision == ModelPrecision.Int8 ? 4 : 0, result.IntegerLayers);

        using TranslatorModel first = TranslatorModel.Load(original), second = TranslatorModel.Load(At("form.onnx"));
        Assert.Equal((true, Height, Width, 4, 4),
            (second.HasFreeSize, second.Height, second.Width, second.SideMultiple, second.LeastSide));
        Assert.Equal(Reduction.NameOf(precision), second.Metadata[ModelMetadata.Precision]);
        // The loss is what a caller sees, on the images that did not calibrate; of Float16Compute a processor rounds less.
        var held = Images(21).Slice(10, 11);
        var seen = Error(first.Translate(held), second.Translate(held));
        if (precision != ModelPrecision.Float16Compute) Assert.Equal(result.Losses["translation"].RelativeError, seen, 1e-6);
        foreach (var (height, width) in ((int, int)[])[(4, 8), (40, 28)])
            Assert.InRange(Error(first.Translate(Images(3, height, width)), second.Translate(Images(3, height, width))), 0, most);
    }

    /// <summary>One of one size, too, and one that is calibrated at another size than the training's.</summary>
    [Fact]
    public void Sizes_are_the_models()
    {
        var result = ReducedPrecision.WriteTranslator(
            Save(Translator(isFree: false)), At("form.onnx"), ModelPrecision.Int8, Images(8));
        Assert.InRange(result.Losses["translation"].RelativeError, 1e-4, IntegerLoss);
        using (var model = TranslatorModel.Load(At("form.onnx"))) Assert.Equal((false, Height), (model.HasFreeSize, model.Height));
        ReducedPrecision.WriteTranslator(Save(Translator()), At("form.onnx"), ModelPrecision.Int8, Images(8, 16, 20));
        using (var model = TranslatorModel.Load(At("form.onnx"))) Assert.Equal((true, Height), (model.HasFreeSize, model.Height));
    }

    /// <summary>The noise stays an input for others, and which values it drops is decided in float32.</summary>
    [Theory]
    [InlineData(ModelPrecision.Float16, HalfLoss)]
    [InlineData(ModelPrecision.Float16Compute, ComputeLoss)]
    [InlineData(ModelPrecision.Int8, IntegerLoss)]
    public void Noise_stays_an_input_and_drops_the_same(ModelPrecision precision, double most)
    {
        var original = Save(Translator(isFree: false, hasNoise: true));
        var result = ReducedPrecision.WriteTranslator(original, At("form.onnx"), precision, Images(64));
        Assert.InRange(result.Losses["translation"].RelativeError, 1e-6, most);
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(At("form.onnx"))).Graph;
        Assert.Equal(["image", "noise"], graph.Input.Select(input => input.Name));
        Assert.Equal(24 * Height / 4 * Width / 4, graph.Input[1].Type.TensorType.Shape.Dim[1].DimValue);
        foreach (var seed in (long[])[1, 2])
        {
            var options = new ModelOptions { NoiseSeed = seed };
            using TranslatorModel first = TranslatorModel.Load(original, options), second = TranslatorModel.Load(At("form.onnx"), options);
            Assert.True(second.HasNoise);
            Assert.InRange(Error(first.Translate(Images(2)), second.Translate(Images(2))), 1e-6, most);
        }
        using var one = TranslatorModel.Load(At("form.onnx"));
        using var other = TranslatorModel.Load(At("form.onnx"), new ModelOptions { NoiseSeed = 1 });
        Assert.True(Error(one.Translate(Images(2)), other.Translate(Images(2))) > 2 * most);
    }

    [Fact]
    public void What_is_wrong_is_said_and_nothing_is_written()
    {
        var original = Save(Translator());
        Fails<ArgumentException>("At least 2 images", Images(1));
        Fails<ArgumentException>("have 1 channels", Images(4, channels: 1));
        Fails<ArgumentException>("multiples of 4", Images(4, 24, 30));
        Fails<ModelException>("makes no images", Images(4), TestModels.Features);
        Assert.Contains("is the model itself", Assert.Throws<ArgumentException>(
            () => ReducedPrecision.WriteTranslator(original, original, ModelPrecision.Int8, Images(4))).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => ReducedPrecision.WriteTranslator(original, At("form.onnx"), ModelPrecision.Int8,
            Images(4), cancellationToken: new CancellationToken(canceled: true)));
        Assert.False(File.Exists(At("form.onnx")));
        ReducedPrecision.WriteTranslator(original, At("int8.onnx"), ModelPrecision.Int8, Images(4));
        Fails<ModelException>("8-bit layers already", Images(4), At("int8.onnx"));

        void Fails<T>(string why, ImageTensor images, string? model = null) where T : Exception =>
            Assert.Contains(why, Assert.Throws<T>(() => ReducedPrecision.WriteTranslator(
                model ?? original, At("form.onnx"), ModelPrecision.Int8, images)).Message, StringComparison.Ordinal);
    }
}
