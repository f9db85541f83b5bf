using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>The Wasserstein GAN with gradient penalty: five updates of the critic for one of the generator.</summary>
internal sealed class PlainWganGp(PlainGanOptions options) : PlainGan(DcganGenerator(options), Critic(options), options)
{
    private const int CriticSteps = 5;
    private const double Weight = 10;

    protected override void UpdateDiscriminator()
    {
        for (var i = 0; i < CriticSteps; i++)
        {
            using var scope = NewDisposeScope();
            var fake = Generate();
            DiscriminatorOptimizer.zero_grad();
            var loss = Discriminator.call(fake).mean() - Discriminator.call(Real).mean() + Weight * Penalty(fake);
            loss.backward();
            DiscriminatorOptimizer.step();
        }
    }

    protected override void UpdateGenerator()
    {
        GeneratorOptimizer.zero_grad();
        var loss = -Discriminator.call(Generator.call(Latents())).mean();
        loss.backward();
        GeneratorOptimizer.step();
    }

    private Tensor Penalty(Tensor fake)
    {
        var share = rand([Options.Batch, 1, 1, 1], device: Options.Device);
        var between = (share * Real + (1 - share) * fake).requires_grad_();
        var gradient = autograd.grad([Discriminator.call(between).sum()], [between], retain_graph: true, create_graph: true)[0];
        return (gradient.flatten(1).norm(1) - 1).pow(2).mean();
    }

    private static Sequential Critic(PlainGanOptions options)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        long before = options.Channels;
        for (var i = 0; i < 4; before = (long)options.Filters << i++)
        {
            layers.Add(($"conv{i}", Conv2d(before, (long)options.Filters << i, 4, stride: 2, padding: 1)));
            layers.Add(($"relu{i}", LeakyReLU(0.2)));
        }
        layers.Add(("score", Conv2d(before, 1, 4)));
        layers.Add(("flatten", Flatten()));
        return Sequential(layers);
    }
}
