using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>
/// A training step as a TorchSharp user writes it: layers, losses and optimisers from TorchSharp's own factories, and a dispose scope a
/// step. The networks, batch and updates are those of the row that it is the peer of.
/// </summary>
internal abstract class PlainGan : PlainPeer
{
    protected PlainGan(Sequential generator, Sequential discriminator, PlainGanOptions options)
    {
        Generator = generator.to(options.Device);
        Discriminator = discriminator.to(options.Device);
        GeneratorOptimizer = optim.Adam(Generator.parameters(), options.LearningRate, options.Beta1, options.Beta2, 1e-7);
        DiscriminatorOptimizer = optim.Adam(Discriminator.parameters(), options.LearningRate, options.Beta1, options.Beta2, 1e-7);
        Options = options;
        Real = rand([options.Batch, options.Channels, options.Side, options.Side], device: options.Device) * 2 - 1;
        Ones = ones([options.Batch, 1], device: options.Device);
        Zeros = zeros([options.Batch, 1], device: options.Device);
    }

    protected PlainGanOptions Options { get; }
    protected Sequential Generator { get; }
    protected Sequential Discriminator { get; }
    protected optim.Optimizer GeneratorOptimizer { get; }
    protected optim.Optimizer DiscriminatorOptimizer { get; }
    protected Tensor Real { get; }
    protected Tensor Ones { get; }
    protected Tensor Zeros { get; }

    protected override void Step()
    {
        using var scope = NewDisposeScope();
        UpdateDiscriminator();
        // No gradient for the discriminator's parameters is needed in the generator's update.
        foreach (var parameter in Discriminator.parameters()) parameter.requires_grad = false;
        UpdateGenerator();
        foreach (var parameter in Discriminator.parameters()) parameter.requires_grad = true;
    }

    /// <summary>By cross-entropy, on generated pictures of its own.</summary>
    protected virtual void UpdateDiscriminator()
    {
        var fake = Generate();
        DiscriminatorOptimizer.zero_grad();
        var loss = 0.5 * (CrossEntropy(Discriminator.call(Real), Ones) + CrossEntropy(Discriminator.call(fake), Zeros));
        loss.backward();
        DiscriminatorOptimizer.step();
    }

    /// <summary>By cross-entropy, on fresh pictures.</summary>
    protected virtual void UpdateGenerator()
    {
        GeneratorOptimizer.zero_grad();
        var loss = CrossEntropy(Discriminator.call(Generator.call(Latents())), Ones);
        loss.backward();
        GeneratorOptimizer.step();
    }

    protected Tensor Latents() => randn([Options.Batch, Options.LatentSize], device: Options.Device);

    protected Tensor Generate()
    {
        using var untracked = no_grad();
        return Generator.call(Latents());
    }

    protected static Tensor CrossEntropy(Tensor outputs, Tensor targets) =>
        functional.binary_cross_entropy_with_logits(outputs, targets);

    /// <summary>The DCGAN's generator, from 4 x 4 pixels on.</summary>
    protected static Sequential DcganGenerator(PlainGanOptions options)
    {
        var stages = (int)Math.Log2(options.Side) - 3;
        var width = (long)options.Filters << stages;
        var layers = new List<(string, Module<Tensor, Tensor>)>
        {
            ("unflatten", Unflatten(1, [options.LatentSize, 1, 1])),
            ("conv0", ConvTranspose2d(options.LatentSize, width, 4, bias: false)),
            ("norm0", BatchNorm2d(width, eps: 1e-3)),
            ("relu0", LeakyReLU(0.2)),
        };
        for (var i = 1; i <= stages; i++, width /= 2)
        {
            layers.Add(($"conv{i}", ConvTranspose2d(width, width / 2, 4, stride: 2, padding: 1, bias: false)));
            layers.Add(($"norm{i}", BatchNorm2d(width / 2, eps: 1e-3)));
            layers.Add(($"relu{i}", LeakyReLU(0.2)));
        }
        layers.Add(("image", ConvTranspose2d(width, options.Channels, 4, stride: 2, padding: 1, bias: false)));
        layers.Add(("tanh", Tanh()));
        return NormalWeights(Sequential(layers));
    }

    protected static Sequential NormalWeights(Sequential network)
    {
        foreach (var convolution in network.modules().OfType<Convolution>()) init.normal_(convolution.weight, 0, 0.02);
        return network;
    }

    public override void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        Real.Dispose();
        Ones.Dispose();
        Zeros.Dispose();
    }
}

/// <summary>What a <see cref="PlainGan"/> is built from.</summary>
internal sealed record PlainGanOptions(int Filters, int Batch, int Channels, int Side, int LatentSize, Device Device)
{
    public double LearningRate { get; init; } = 2e-4;
    public double Beta1 { get; init; } = 0.5;
    public double Beta2 { get; init; } = 0.999;
}
