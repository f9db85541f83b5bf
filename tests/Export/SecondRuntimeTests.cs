using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>A discriminator in a runtime that is not ours; <see cref="PeerTests"/> does generators.</summary>
public class SecondRuntimeTests
{
    [NodeRuntimeFact]
    public void A_discriminator_gives_Torchs_logits_and_their_probabilities_in_onnxruntime_node()
    {
        using var folder = new TemporaryFolder();
        using var discriminator = Sequential(
            Conv2d(3, 8, 4, stride: 2, padding: 1), LeakyReLU(0.2), ZeroPad2d((0, 1, 0, 1)), BatchNorm2d(8),
            Conv2d(8, 8, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(8), LeakyReLU(0.2), Dropout(0.3), Flatten(), Linear(
                8 * 4 * 4,
                1)).Trained();
        GanExporter.ExportDiscriminator(discriminator, 3, 16, 16, folder["discriminator.onnx"]);
        var images = Latents.Normal(9, 0, 3, 3 * 16 * 16);
        var answer = OnnxRuntimeNode.Run(folder["discriminator.onnx"], "image", [3, 3, 16, 16], images);

        discriminator.eval();
        using var expected = discriminator.call(tensor(images, [3, 3, 16, 16]));
        Assert.Equal([3, 1], answer["logit"].Dims);
        // The exporter's own bound: 1e-4, relative to values above 1.
        foreach (var (ours, theirs) in expected.data<float>().ToArray().Zip(answer["logit"].Data))
            Assert.InRange(Math.Abs(ours - theirs), 0, 1e-4 * Math.Max(1, Math.Abs(ours)));
        foreach (var (logit, probability) in answer["logit"].Data.Zip(answer["probability"].Data))
            Assert.Equal(1 / (1 + Math.Exp(-logit)), probability, 1e-5);
    }
}
