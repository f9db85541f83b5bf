using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>The DCGAN at 64 x 64 in gray; the generator learns from the batch that the discriminator saw.</summary>
internal sealed class PlainDcgan(PlainGanOptions options) : PlainGan(DcganGenerator(options), Critic(options), options)
{
    private Tensor? _fake;

    protected override void UpdateDiscriminator()
    {
        _fake = Generator.call(Latents());
        DiscriminatorOptimizer.zero_grad();
        var loss = 0.5 * (CrossEntropy(Discriminator.call(Real), Ones) + CrossEntropy(Discriminator.call(_fake.detach()), Zeros));
        loss.backward();
        DiscriminatorOptimizer.step();
    }

    protected override void UpdateGenerator()
    {
        GeneratorOptimizer.zero_grad();
        var loss = CrossEntropy(Discriminator.call(_fake!), Ones);
        loss.backward();
        GeneratorOptimizer.step();
    }

    private static Sequential Critic(PlainGanOptions options)
    {
        long width = options.Filters;
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv0", Conv2d(options.Channels, width, 4, stride: 2, padding: 1, bias: false)),
            ("relu0", LeakyReLU(0.2)),
            ("dropout0", Dropout(0.3)),
        };
        for (var i = 1; i <= 3; i++, width *= 2)
        {
            layers.Add(($"conv{i}", Conv2d(width, 2 * width, 4, stride: 2, padding: 1, bias: false)));
            layers.Add(($"norm{i}", BatchNorm2d(2 * width, eps: 1e-3)));
            layers.Add(($"relu{i}", LeakyReLU(0.2)));
            layers.Add(($"dropout{i}", Dropout(0.3)));
        }
        layers.Add(("logit", Conv2d(width, 1, 4, bias: false)));
        layers.Add(("flatten", Flatten()));
        return NormalWeights(Sequential(layers));
    }
}
