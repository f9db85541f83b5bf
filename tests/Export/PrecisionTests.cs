using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Networks written in 16 and in 8 bits, and what they lose.</summary>
public sealed class PrecisionTests : IDisposable
{
    /// <summary>
    /// A float16 has 11 significant bits and a bfloat16 8. Of weights, each layer adds an error of half the last bit times the share of it
    /// that does not cancel; the deepest of these networks have a dozen layers.
    /// </summary>
    private const double Half = 4 / 2048.0, Brain = 4 / 256.0;

    /// <summary>
    /// Where values are rounded too: each layer adds the errors of its weights, of its input and of its output. Of 95 draws of the
    /// weights CycleGAN's generator, the worst of these networks, lost at most 0.0019, a quarter of this.
    /// </summary>
    private const double Compute = 4 * Half;

    /// <summary>
    /// The volumes end in averages of values whose mean was taken from them, so that outputs may be as small as a hundredth of these values,
    /// by the draw of the weights: their errors are compared to these values. They have a variance of 1; each of a few layers rounds them by
    /// 1/2048 at most, half of it on average, and averaging 64 of them lessens it. Of 304 draws the worst was off by a quarter of this.
    /// </summary>
    private const double Average = 1 / 2048.0;

    /// <summary>As for files that <see cref="ReducedPrecision"/> writes.</summary>
    private const double Integers = 0.08;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names =>
    [
        "DCGAN's generator", "DCGAN's discriminator", "dense generator", "U-Net", "ResNet", "CycleGAN's generator", "super resolution",
        "convolution over time", "volumes", "multi-head attention", "causal transformer", "LSTM of words", "GRU", "words and regions",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_loses_little(string name)
    {
        var (network, inputs) = RecordingTests.Make(name);
        using (network)
        {
            Tensor[] rows = [.. inputs.Select(input => Recording.Example(input, 24))];
            foreach (var (precision, most) in new[]
            {
                (ModelPrecision.Float16, Half), (ModelPrecision.BFloat16, Brain), (ModelPrecision.Float16Compute, Compute),
                (ModelPrecision.Int8, Integers),
            })
            {
                var result = OnnxExporter.Export(
                    network, _folder["network.onnx"], inputs, new() { Precision = precision, Calibration = rows });
                var form = result.Reduced!;
                // Small weights stay as they are, so that small networks lose nothing.
                Assert.All(form.Losses, loss =>
                {
                    if ((name, precision) == ("volumes", ModelPrecision.Float16Compute))
                        Assert.InRange(loss.Value.MeanAbsoluteError, double.Epsilon, Average);
                    else Assert.InRange(loss.Value.RelativeError, 0, most);
                });
                Assert.Equal((12, precision == ModelPrecision.Int8), (form.Rows, form.IntegerLayers > 0));
                Assert.Equal(new FileInfo(result.Path).Length, form.Bytes);
                // It is a model like any other, of float32 outside.
                ModelCheck.Require(result.Path);
                var model = Exported.Read(result.Path);
                Assert.DoesNotContain(model.Graph.Input.Concat(model.Graph.Output), value =>
                    (DataType)value.Type.TensorType.ElemType is DataType.Float16 or DataType.Bfloat16);
                AssertRuns(result.Path, inputs, rows);
            }
        }
    }

    [Fact]
    public void Forms_are_measured_on_random_inputs_where_none_are_given()
    {
        using var network = Linear(8, 400);
        var result = OnnxExporter.Export(network, _folder["network.onnx"], [8], new() { Precision = ModelPrecision.Float16 });
        Assert.Equal(ReducedPrecision.DefaultRows, result.Reduced!.Rows);
        Assert.InRange(result.Reduced.Losses["output"].RelativeError, 1e-6, Half);
        Assert.InRange((double)result.Reduced.Bytes / result.Reduced.OriginalBytes, 0.4, 0.6);
        Assert.True(result.Verification.Agrees);
    }

    /// <summary>Each weight is the bfloat16 that Torch rounds it to.</summary>
    [Fact]
    public void Bfloat16_is_rounded_as_Torch_rounds()
    {
        using var network = Linear(100, 100, hasBias: false);
        var result = OnnxExporter.Export(network, _folder["network.onnx"], [100], new() { Precision = ModelPrecision.BFloat16 });
        var stored = Exported.Read(result.Path).Graph.Initializer.Single(tensor => tensor.DataType == (int)DataType.Bfloat16);
        float[] expected = [.. network.weight.to(ScalarType.BFloat16).to(ScalarType.Float32).data<float>()];
        Assert.Equal(expected, Inference.FloatTensor.Read16(stored)!);
    }

    /// <summary>Sizes of an enlargement are not computed in float16, in which 2,049 is no number.</summary>
    [Fact]
    public void What_sizes_are_computed_from_stays_float32()
    {
        using var network = Sequential(Conv2d(1, 4, 3, padding: 1), Upsample(scale_factor: [2, 3], mode: UpsampleMode.Bilinear), ReLU());
        var result = OnnxExporter.Export(network, _folder["network.onnx"], [1, 6, 5], new() { Precision = ModelPrecision.Float16Compute });
        var graph = Exported.Read(result.Path).Graph;
        var scales = graph.Node.Single(node => node.OpType == "Resize").Input[2];
        Assert.Equal((int)DataType.Float, graph.Initializer.Single(tensor => tensor.Name == scales).DataType);
        Assert.Equal(2, graph.Initializer.Count(tensor => tensor.DataType == (int)DataType.Float16));
    }

    /// <summary>A network of many layers has none with a twentieth of the work, and all are worth it.</summary>
    [Fact]
    public void Deep_networks_are_computed_in_8_bits()
    {
        using var network = Sequential(Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? (Module<Tensor, Tensor>)Conv2d(8, 8, 3, padding: 1)
            : ReLU()).ToArray());
        var result = OnnxExporter.Export(network, _folder["network.onnx"], [8, 8, 8],
            new() { Precision = ModelPrecision.Int8, Calibration = [randn(32, 8, 8, 8)] });
        // The last one's rounding is what everybody sees.
        Assert.Equal((29, 30), (result.Reduced!.IntegerLayers, result.Reduced.Layers));
    }

    [Fact]
    public void What_has_no_such_form_says_so()
    {
        using var large = new Scaled(1e4f);
        using var larger = new Scaled(1e6f);
        Refused("have values beyond 65504", larger, ModelPrecision.Float16Compute);
        Refused("'output' is not finite then, because a value on the way exceeds 65504", large, ModelPrecision.Float16Compute);
        using var network = Linear(4, 100);
        using (no_grad()) network.weight.fill_(1e5f);
        Refused("'weight' have values beyond 65504", network, ModelPrecision.Float16);
        Refused("'weight' have values beyond 65504", network, ModelPrecision.Float16Compute);
        Refused("it has no convolution or matrix product", large, ModelPrecision.Int8, rand(8, 4));
        Refused("set Calibration to some hundred of them", network, ModelPrecision.Int8);
        Wrong("2 tensors, and the model has 1 inputs", rand(8, 4), rand(8, 4));
        Wrong("[8, 5] for 'input', which is [8, 4]", rand(8, 5));
        Wrong("Int64 for 'input', which is Float32", ones(8, 4, ScalarType.Int64));
        Wrong("at least 2 rows", rand(1, 4));

        void Refused(string expected, Module<Tensor, Tensor> module, ModelPrecision precision, params Tensor[] rows)
        {
            var error = Assert.Throws<ExportException>(() => OnnxExporter.Export(
                module, _folder["none.onnx"], [4], new() { Precision = precision, Calibration = rows }));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        }

        void Wrong(string expected, params Tensor[] rows)
        {
            var error = Assert.Throws<ArgumentException>(() => OnnxExporter.Export(
                network, _folder["none.onnx"], [4], new() { Precision = ModelPrecision.Int8, Calibration = rows }));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Bounds and masks beyond float16's range become its largest numbers: what they do stays the same.</summary>
    [Fact]
    public void Single_numbers_out_of_range_are_bounds()
    {
        using var network = new Masked();
        var result = OnnxExporter.Export(network, _folder["network.onnx"], [8], new() { Precision = ModelPrecision.Float16Compute });
        Assert.InRange(result.Reduced!.Losses["output"].RelativeError, double.Epsilon, Half);
    }

    private static void AssertRuns(string path, ModelInput[] inputs, Tensor[] rows)
    {
        using var session = new InferenceSession(path);
        using var results = OrtRun.Run(session, [.. inputs.Select(input => input.Name)], rows.Select(row => row[..2].contiguous()),
            [.. session.OutputNames]);
        Assert.All(results, result => Assert.Equal(2, result.GetTensorTypeAndShape().Shape[0]));
    }

    private sealed class Scaled(float by) : Module<Tensor, Tensor>("Scaled")
    {
        public override Tensor forward(Tensor input) => input * by * 10;
    }

    private sealed class Masked() : Module<Tensor, Tensor>("Masked")
    {
        public override Tensor forward(Tensor input) => input.masked_fill(input < 0, -1e9).softmax(-1);
    }
}
