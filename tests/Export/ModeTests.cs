using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Networks that are exported in training mode: dropout and the statistics of the batch.</summary>
public sealed class ModeTests : IDisposable
{
    private static readonly ExportOptions _training = new() { Mode = ExportMode.Training };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Operators => Exported.Read(_folder["net.onnx"]).Operators();

    /// <summary>In Pix2Pix, noise comes from dropout alone, and normalisation is by the picture in hand.</summary>
    [Fact]
    public void Pix2Pix_generates_in_training_mode()
    {
        using var network = Sequential(
            Conv2d(3, 8, 4, stride: 2, padding: 1), BatchNorm2d(8), LeakyReLU(0.2),
            ConvTranspose2d(8, 8, 4, stride: 2, padding: 1), BatchNorm2d(8), Dropout(0.5), ReLU(), Conv2d(8, 3, 3, padding: 1), Tanh())
            .Trained();
        network.eval();
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var result = OnnxExporter.Export(network, _folder["net.onnx"], [3, 16, 16], _training);

        Assert.True(result.Verification.Agrees);
        Assert.Equal((1, 0), (Operators.Count(op => op == Simplification.Random), Operators.Count(op => op == "BatchNormalization")));
        // The running statistics and the mode are what they were.
        Assert.All(network.state_dict(), entry => Assert.Equal(before[entry.Key], entry.Value));
        Assert.All(network.modules(), module => Assert.False(module.training));
        // A run is another picture than the next, and half of the values are dropped.
        using var input = rand(2, 3, 16, 16);
        var (first, second) = Run(input);
        Assert.NotEqual(first, second);
    }

    /// <summary>A value is zero with probability p, and 1 / (1 - p) of itself otherwise; of channels, all or none.</summary>
    [Fact]
    public void Values_and_channels_are_dropped_as_often_as_asked()
    {
        using var all = ones(10, 20, 16, 16);
        using (var network = Dropout(0.25)) OnnxExporter.Export(network, _folder["net.onnx"], [20, 16, 16], _training);
        var (values, _) = Run(all);
        // The deviation of the share of 51,200 values is 0.002.
        Assert.InRange(values.Count(value => value == 0) / (double)values.Length, 0.24, 0.26);
        Assert.All(values.Where(value => value != 0), value => Assert.Equal(1 / 0.75f, value, 1e-6f));

        Module<Tensor, Tensor>[] both = [Dropout2d(0.25), new Functional((x, on) => functional.dropout2d(x, 0.25, on))];
        foreach (var network in both)
        {
            using (network) OnnxExporter.Export(network, _folder["net.onnx"], [20, 16, 16], _training);
            var channels = Run(all).First.Chunk(256).ToArray();
            Assert.All(channels, channel => Assert.Single(channel.Distinct()));
            // Of 200 channels: five deviations on both sides.
            Assert.InRange(channels.Count(channel => channel[0] == 0), 20, 80);
        }
    }

    [Fact]
    public void Functions_and_layers_keep_the_mode_that_they_are_in()
    {
        using var network = Sequential(("norm", BatchNorm1d(6)), ("drop", Dropout(0.5)), ("last", Linear(6, 6))).Trained();
        network.eval();
        network.children().ElementAt(1).train();
        OnnxExporter.Export(network, _folder["net.onnx"], [6], new() { Mode = ExportMode.Preserve });
        Assert.Equal(["BatchNormalization", Simplification.Random, "GreaterOrEqual", "Where", "Mul", "Gemm"], Operators);
        network.eval();
        OnnxExporter.Export(network, _folder["net.onnx"], [6], new() { Mode = ExportMode.Preserve });
        Assert.Equal(["Gemm"], Operators);

        using var function = new Functional((x, on) => functional.dropout(x, 0.5, on) + functional.dropout(x, 0.5, on));
        OnnxExporter.Export(function, _folder["net.onnx"], [6], _training);
        // Two, which drop different values.
        Assert.Equal(2, Operators.Count(op => op == Simplification.Random));
        OnnxExporter.Export(function, _folder["net.onnx"], [6]);
        Assert.DoesNotContain(Simplification.Random, Operators);
        // One that drops in any mode.
        using var always = new Functional((x, _) => functional.dropout(x, 0.5, training: true));
        Assert.Contains("ExportMode.Preserve",
            Assert.Throws<ExportException>(() => OnnxExporter.Export(always, _folder["none.onnx"], [6])).Message);
        OnnxExporter.Export(always.Evaluated(), _folder["net.onnx"], [6], new() { Mode = ExportMode.Preserve });
        Assert.Contains(Simplification.Random, Operators);
    }

    /// <summary>The running statistics have no part in it.</summary>
    [Fact]
    public void Batches_are_normalised_by_their_own_statistics()
    {
        using var network = Sequential(Linear(6, 8), BatchNorm1d(8), ReLU(), BatchNorm1d(8, track_running_stats: false)).Trained();
        OnnxExporter.Export(network, _folder["net.onnx"], [6], _training);
        Assert.DoesNotContain("BatchNormalization", Operators);
        using var other = InstanceNorm2d(4, affine: true, track_running_stats: true).Trained();
        OnnxExporter.Export(other, _folder["net.onnx"], [4, 5, 5], _training);
        Assert.Equal(["InstanceNormalization"], Operators);
        using var function = new Functional((x, on) => functional.batch_norm(x, zeros(6), ones(6), training: on));
        OnnxExporter.Export(function, _folder["net.onnx"], [6], _training);
        Assert.DoesNotContain("BatchNormalization", Operators);
    }

    [Fact]
    public void What_has_no_training_form_says_so()
    {
        Refused("take Dropout, or evaluate it", AlphaDropout(), _training);
        Refused("drops everything", Dropout(1), _training);
        Refused("drops channels of [N, C, ...]", Dropout2d(), _training);
        Refused("layer.eval() and ExportMode.Preserve", new Attention(), _training);
        Refused("evaluation mode alone", Dropout(), _training with { Precision = Inference.ModelPrecision.Float16 });
        Refused("track_running_stats: true", BatchNorm1d(6, track_running_stats: false), new());

        void Refused(string expected, Module<Tensor, Tensor> network, ExportOptions options)
        {
            using (network)
                Assert.Contains(expected, Assert.Throws<ExportException>(
                    () => OnnxExporter.Export(network, _folder["none.onnx"], [6], options)).Message, StringComparison.Ordinal);
            Assert.False(File.Exists(_folder["none.onnx"]));
        }
    }

    /// <summary>Two runs: a session goes on drawing, and another one begins with the same numbers.</summary>
    private (float[] First, float[] Second) Run(Tensor input)
    {
        using var session = new InferenceSession(_folder["net.onnx"]);
        return (Once(), Once());

        float[] Once()
        {
            using var results = OrtRun.Run(session, ["input"], [input], ["output"]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    private sealed class Functional(Func<Tensor, bool, Tensor> function) : Module<Tensor, Tensor>("Functional")
    {
        public override Tensor forward(Tensor input) => function(input, training);

        public Functional Evaluated()
        {
            eval();
            return this;
        }
    }

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.MultiheadAttention _attention = MultiheadAttention(6, 2);

        public Attention() : base("Attention") => RegisterComponents();

        public override Tensor forward(Tensor input) => _attention.call(input.unsqueeze(0), input.unsqueeze(0), input.unsqueeze(0)).Item1;
    }
}
