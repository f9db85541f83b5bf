using GanPipeline.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests.Networks;

public class ArchitectureTests
{
    private static ArchitectureOptions Dense(int channels, int height, int width) => new() { Name = "dense", Shape = new ImageShape(channels, height, width) };

    private static ArchitectureOptions Dcgan(int side, int channels = 1, int filters = 64) => new() { Name = "dcgan", Shape = new ImageShape(channels, side, side), Filters = filters };

    [Fact]
    public void Dense_has_the_material_s_parameter_counts()
    {
        using var networks = Architectures.Create(Dense(1, 28, 28));
        Assert.Equal(533_505, ParameterCount.Of(networks.Discriminator).Total);
        Assert.Equal(1_493_520, ParameterCount.Of(networks.Generator).Total);
        Assert.Equal(1_489_936, ParameterCount.Of(networks.Generator).Trainable);
    }

    [Fact]
    public void Dcgan_has_the_material_s_parameter_counts()
    {
        using var networks = Architectures.Create(Dcgan(64));
        Assert.Equal(2_765_312, ParameterCount.Of(networks.Discriminator).Total);
        Assert.Equal(3_576_576, ParameterCount.Of(networks.Generator).Total);
    }

    [Fact]
    public void Transfer_has_the_paper_s_convolutions()
    {
        using var networks = Architectures.Create(new() { Name = "transfer", Shape = new ImageShape(3, 32, 32), LatentSize = 256, Filters = 128 });
        networks.Discriminator.eval();
        Assert.Equal(4_589_440, ParameterCount.Of(networks.Discriminator).Total);
        Assert.Equal(4_728_320, ParameterCount.Of(networks.Generator).Total);
        Convolution[] convolutions = [.. networks.Discriminator.modules().OfType<Convolution>()];
        Assert.Equal([128, 128, 256, 256, 512, 512, 1], convolutions.Select(c => c.weight.shape[0]));
        using var scope = NewDisposeScope();
        var x = zeros(1, 3, 32, 32);
        List<long> sides = [];
        foreach (var layer in networks.Discriminator.named_children().Select(child => child.module).Cast<nn.Module<Tensor, Tensor>>())
        {
            x = layer.call(x);
            if (layer is Convolution) sides.Add(x.shape[^1]);
        }
        Assert.Equal([32, 16, 16, 8, 8, 4, 1], sides);
    }

    [Theory]
    [InlineData("transfer", 1, 32, 32)]
    [InlineData("dense", 1, 28, 28)]
    [InlineData("dense", 3, 5, 9)]
    [InlineData("dcgan", 1, 16, 16)]
    [InlineData("dcgan", 3, 32, 32)]
    [InlineData("dcgan", 2, 64, 64)]
    [InlineData("dcgan", 3, 128, 128)]
    public void Networks_take_and_give_the_promised_shapes(string name, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new ArchitectureOptions { Name = name, Shape = new ImageShape(channels, height, width), LatentSize = 7, Filters = 4 });
        var images = networks.Generator.call(randn(3, 7));
        Assert.Equal([3, channels, height, width], images.shape);
        Assert.InRange(images.abs().max().item<float>(), 0, 1);
        Assert.Equal([3, 1], networks.Discriminator.call(images).shape);
    }

    [Fact]
    public void Weights_depend_on_the_seed_alone()
    {
        using var scope = NewDisposeScope();
        using var first = Architectures.Create(Dcgan(16, filters: 8), seed: 1);
        _ = randn(5);
        using var again = Architectures.Create(Dcgan(16, filters: 8), seed: 1);
        using var other = Architectures.Create(Dcgan(16, filters: 8), seed: 2);
        Assert.True(Bits.Same(first.Generator, again.Generator));
        Assert.True(Bits.Same(first.Discriminator, again.Discriminator));
        Assert.False(Bits.Same(first.Generator, other.Generator));
    }

    [Fact]
    public void Dcgan_weights_are_normal_with_a_deviation_of_a_fiftieth()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(Dcgan(32));
        foreach (var (name, weight) in networks.Generator.named_parameters().Concat(networks.Discriminator.named_parameters()))
        {
            if (!name.StartsWith("norm", StringComparison.Ordinal))
            {
                // The smallest layer has 1024 weights: its deviation is known to 0.02 / sqrt(2 * 1024), which is 0.00045; five of those.
                Assert.InRange(weight.std().item<float>(), 0.0177, 0.0223);
            }
            else if (name.EndsWith("weight", StringComparison.Ordinal)) Assert.Equal(1, weight.min().item<float>());
            else Assert.Equal(0, weight.abs().max().item<float>());
        }
    }

    [Fact]
    public void Dense_weights_are_uniform_within_glorot_s_limit()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(Dense(1, 28, 28));
        var weight = networks.Discriminator.get_parameter("dense1.weight")!;
        var limit = Math.Sqrt(6.0 / (784 + 512));
        Assert.InRange(weight.abs().max().item<float>(), 0.99 * limit, limit);
        Assert.Equal(0, networks.Discriminator.get_parameter("dense1.bias")!.abs().max().item<float>());
    }

    [Fact]
    public void Unknown_architecture_names_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Architectures.Create(Dense(1, 28, 28) with { Name = "dcgann" }));
        Assert.Contains("'dcgann'", error.Message, StringComparison.Ordinal);
        Assert.Contains("dense, dcgan, transfer", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, 28)]
    [InlineData(32, 64)]
    [InlineData(8, 8)]
    public void Dcgan_refuses_other_sizes_and_says_what_works(int height, int width)
    {
        var error = Assert.Throws<ArgumentException>(() => Architectures.Create(Dcgan(32) with { Shape = new ImageShape(1, height, width) }));
        Assert.Contains($"{width} x {height}", error.Message, StringComparison.Ordinal);
        Assert.Contains("data.size", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Untrained_generator_draws_the_same_images_for_the_same_seed()
    {
        using var networks = Architectures.Create(Dcgan(16, filters: 4), seed: 9);
        var few = GeneratorSamples.Draw(networks, 3, seed: 4);
        var many = GeneratorSamples.Draw(networks, 70, seed: 4);
        // The same latents in another batch size: rounding may differ, the images may not.
        Assert.All(few.Values.Zip(many.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(70, many.Count);
    }
}
