using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>A whole step of a text encoder's training against PyTorch, on the same weights and the same batch.</summary>
public class TextEncoderPeerTests(ITestOutputHelper output)
{
    // As of the GAN's steps: computed in float64 and compared in float32, which keeps 6e-8 of a number.
    private const double Tolerance = 1e-6;

    [PeerTheory("/usr/bin/python3", "-c", "import torch")]
    [InlineData(0, TextPooling.Mean)]
    [InlineData(0, TextPooling.Last)]
    [InlineData(2, TextPooling.Mean)]
    [InlineData(2, TextPooling.Last)]
    public void Step(int convolutions, TextPooling pooling)
    {
        using var scope = NewDisposeScope();
        const int count = 12, length = 11;
        var options = new TextEncoderOptions
        {
            Shape = new(3, 16, 16),
            Vocabulary = Vocabulary.Build(["a b c d e f g h i j k l"]),
            EmbeddingSize = 10, TokenSize = 7, StateSize = 9, Filters = 4, Depth = 2, Convolutions = convolutions, Pooling = pooling,
        };
        using var encoder = TextEncoder.Create(options, seed: 3);
        // In float32 a hinge or an activation beside its kink may fall on either side of it.
        encoder.Text.to(float64);
        encoder.Image.to(float64);
        // Scores within the margin of each other leave no hinge unpaid, and then a bias has no gradient but rounding.
        using (no_grad())
        {
            encoder.Text.get_parameter("embedding.weight")!.mul_(8);
            encoder.Image.get_parameter("features.weight")!.mul_(4);
        }
        Devices.UseThreads(0);
        manual_seed(1);
        var images = randn(count, 3, 16, 16).tanh().to(float64);
        var lengths = randint(1, length + 1, [count, 1], dtype: int64);
        var texts = randint(1, options.Vocabulary.Size, [count, length], dtype: int64) * arange(length).unsqueeze(0).lt(lengths).to(int64);
        var groups = tensor(new long[] { 0, 0, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8 });
        var theirs = PyTorchTests.Ask(
            [.. TextEncoderCheckpoint.Tensors(encoder), ("images", images), ("texts", texts), ("groups", groups)],
            new { what = "text", shape = new[] { 3, 16, 16 }, convolutions, last = pooling == TextPooling.Last });
        using var step = new TextEncoderStep(encoder, 1e-3);
        var (loss, _) = step.Run(images, texts, groups);

        Near("loss", loss, theirs["loss"]);
        Assert.True(loss.item<double>() > 0.1);
        foreach (var (prefix, network) in new[] { ("text.", encoder.Text), ("image.", (nn.Module)encoder.Image) })
        {
            foreach (var (name, parameter) in network.named_parameters())
                Near("grad." + prefix + name, parameter.grad!, theirs["grad." + prefix + name]);
        }
    }

    private void Near(string what, Tensor ours, Tensor theirs)
    {
        var difference = (ours.detach().to(float64).flatten() - theirs.to(float64).flatten()).norm().item<double>();
        var error = difference / Math.Max(theirs.norm().item<float>(), 1e-30);
        output.WriteLine($"{what}: {error:g3}");
        Assert.True(error <= Tolerance, $"{what} differs from PyTorch's by {error:g3} of its norm.");
    }
}
