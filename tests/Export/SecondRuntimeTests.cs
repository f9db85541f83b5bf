using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>The files in a runtime that is not ours: onnxruntime-node loads them and agrees with Torch.</summary>
public class SecondRuntimeTests
{
    [NodeRuntimeFact]
    public void A_DCGAN_generator_gives_Torchs_images()
    {
        using var folder = new TemporaryFolder();
        using var generator = Sequential(
            Linear(8, 16 * 4 * 4, hasBias: false), Unflatten(1, [16, 4, 4]), BatchNorm2d(16), ReLU(),
            ConvTranspose2d(16, 8, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(8), LeakyReLU(0.2),
            ConvTranspose2d(8, 3, 4, stride: 2, padding: 1, bias: false), Tanh()).Trained();
        GanExporter.ExportGenerator(generator, 8, folder["generator.onnx"]);
        Agrees(folder["generator.onnx"], generator, "latent", "image", [8], [3, 16, 16]);
    }

    [NodeRuntimeFact]
    public void A_dense_generator_gives_Torchs_images()
    {
        using var folder = new TemporaryFolder();
        using var generator = Sequential(
            Linear(8, 32), LeakyReLU(0.2), BatchNorm1d(32), Linear(32, 64), LeakyReLU(0.2), BatchNorm1d(64), Linear(64, 49), Tanh(),
            Unflatten(1, [1, 7, 7])).Trained();
        GanExporter.ExportGenerator(generator, 8, folder["generator.onnx"]);
        Agrees(folder["generator.onnx"], generator, "latent", "image", [8], [1, 7, 7]);
    }

    [NodeRuntimeFact]
    public void A_discriminator_gives_Torchs_logits_and_their_probabilities()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Sequential(
            Conv2d(3, 8, 4, stride: 2, padding: 1), LeakyReLU(0.2), ZeroPad2d((0, 1, 0, 1)), BatchNorm2d(8),
            Conv2d(8, 8, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(8), LeakyReLU(0.2), Dropout(0.3), Flatten(), Linear(8 * 4 * 4, 1)).Trained();
        GanExporter.ExportDiscriminator(discriminator, 3, 16, 16, folder["discriminator.onnx"]);
        var answer = Agrees(folder["discriminator.onnx"], discriminator, "image", "logit", [3, 16, 16], [1]);
        foreach (var (logit, probability) in answer["logit"].Data.Zip(answer["probability"].Data))
            Assert.Equal(1 / (1 + Math.Exp(-logit)), probability, 1e-5);
    }

    // The exporter's own bound: 1e-4, relative to values above 1.
    private static IReadOnlyDictionary<string, NodeTensor> Agrees(
        string path, Module<Tensor, Tensor> network, string input, string output, int[] inputShape, int[] outputShape)
    {
        const int Count = 3;
        var size = inputShape.Aggregate(1, (product, side) => product * side);
        var values = Latents.Normal(9, 0, Count, size);
        var answer = OnnxRuntimeNode.Run(path, input, [Count, .. inputShape], values);
        Assert.Equal([Count, .. outputShape], answer[output].Dims);

        network.eval();
        using var expected = network.call(tensor(values, [Count, .. inputShape.Select(side => (long)side)]));
        foreach (var (x, y) in expected.data<float>().ToArray().Zip(answer[output].Data))
            Assert.InRange(Math.Abs(y - x), 0, 1e-4 * Math.Max(1, Math.Abs(x)));
        return answer;
    }
}
