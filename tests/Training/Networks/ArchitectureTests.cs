using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class ArchitectureTests
{
    private static ArchitectureOptions Dense(int channels, int height, int width)
        => new() { Name = "dense", Shape = new ImageShape(channels, height, width) };

    private static ArchitectureOptions Dcgan(int side, int channels = 1, int filters = 64)
        => new() { Name = "dcgan", Shape = new ImageShape(channels, side, side), Filters = filters };

    private static GanNetworks Material(string name, int channels, int side)
        => Architectures.Create(new ArchitectureOptions { Name = name, Shape = new ImageShape(channels, side, side) });

    private static IEnumerable<string> Types(nn.Module<Tensor, Tensor> network)
        => network.named_children().Select(child => child.module.GetType().Name);

    private static IEnumerable<double> Momenta(GanNetworks networks) =>
        networks.Generator.modules().Concat(networks.Discriminator.modules()).OfType<BatchNorm2d>().Select(layer => layer.momentum!.Value);

    /// <summary>The side of the picture that goes in, and those that come out of some layers.</summary>
    private static List<long> Sides(nn.Module<Tensor, Tensor> network, Tensor x, params string[] layers)
    {
        using var scope = NewDisposeScope();
        List<long> sides = [x.shape[^1]];
        network.eval();
        foreach (var (name, layer) in network.named_children())
        {
            x = ((nn.Module<Tensor, Tensor>)layer).call(x);
            if (layers.Contains(name)) sides.Add(x.shape[^1]);
        }
        return sides;
    }

    [Fact]
    public void Dense_has_the_material_s_parameter_counts()
    {
        using var networks = Architectures.Create(Dense(1, 28, 28));
        Assert.Equal(533_505, ParameterCount.Count(networks.Discriminator).Total);
        Assert.Equal(1_493_520, ParameterCount.Count(networks.Generator).Total);
        Assert.Equal(1_489_936, ParameterCount.Count(networks.Generator).Trainable);
    }

    [Fact]
    public void Dcgan_has_the_material_s_parameter_counts()
    {
        using var networks = Architectures.Create(Dcgan(64));
        Assert.Equal(2_765_312, ParameterCount.Count(networks.Discriminator).Total);
        Assert.Equal(3_576_576, ParameterCount.Count(networks.Generator).Total);
    }

    [Fact]
    public void Upsampling_has_the_material_s_parameter_counts()
    {
        using var networks = Material("upsampling", 3, 32);
        Assert.Equal(new ParameterCount(1_051_267 - 384, 384), ParameterCount.Count(networks.Generator));
        Assert.Equal(new ParameterCount(396_609 - 896, 896), ParameterCount.Count(networks.Discriminator));
        Assert.Equal([1, 5 * 5 * 256], networks.Discriminator.get_parameter("logit.weight")!.shape);
    }

    [Fact]
    public void Upsampling_has_the_material_s_layers()
    {
        using var networks = Material("upsampling", 3, 32);
        Assert.Equal(["Linear", "ReLU", "Unflatten", "Upsample", "Conv2d", "BatchNorm2d", "ReLU", "Upsample", "Conv2d", "BatchNorm2d",
            "ReLU", "Conv2d", "Tanh"], Types(networks.Generator));
        Assert.Equal(
        [
            "ZeroPad2d", "Conv2d", "LeakyReLU", "Dropout",
            "ZeroPad2d", "Conv2d", "ZeroPad2d", "BatchNorm2d", "LeakyReLU", "Dropout",
            "Conv2d", "BatchNorm2d", "LeakyReLU", "Dropout",
            "Conv2d", "BatchNorm2d", "LeakyReLU", "Dropout",
            "Flatten", "Linear",
        ], Types(networks.Discriminator));
        Assert.Equal(
            [8, 16, 16, 32, 32, 32],
            Sides(networks.Generator, randn(2, 100), "unflatten", "upsample1", "conv1", "upsample2", "conv2", "image")[1..]);
        Assert.Equal([32, 16, 8, 9, 5, 5], Sides(networks.Discriminator, randn(2, 3, 32, 32), "conv1", "conv2", "pad", "conv3", "conv4"));
        Assert.Equal([0.22, 0.22, 0.18, 0.18, 0.2], Momenta(networks), (x, y) => Math.Abs(x - y) < 1e-12);
    }

    /// <summary>
    /// Keras pads an even side at bottom and right alone: the first output sees the picture's first rows, the last one a row of zeros.
    /// </summary>
    [Fact]
    public void Upsampling_pads_as_Keras_does()
    {
        using var scope = NewDisposeScope();
        using var networks = Material("upsampling", 3, 32);
        var discriminator = (Sequential)networks.Discriminator;
        var weight = discriminator.get_parameter("conv1.weight")!;
        var image = zeros(1, 3, 32, 32);
        image[0, 0, 0, 0] = 1;
        var first = ((nn.Module<Tensor, Tensor>)discriminator[1]).call(((nn.Module<Tensor, Tensor>)discriminator[0]).call(image));
        // The corner pixel meets the kernel's corner, not its middle.
        Assert.Equal(weight[0, 0, 0, 0].item<float>(), first[0, 0, 0, 0].item<float>());
    }

    [Fact]
    public void Wgan_gp_s_critic_has_no_batch_normalisation()
    {
        using var networks = Material("wgan-gp", 3, 64);
        Assert.Equal(new ParameterCount(2_764_737, 0), ParameterCount.Count(networks.Discriminator));
        Assert.Equal(3_808_000, ParameterCount.Count(networks.Generator).Total);
        Assert.DoesNotContain(networks.Discriminator.modules(), module => module is BatchNorm);
        Assert.Equal(
            [64, 32, 16, 8, 4, 1],
            Sides(networks.Discriminator, randn(2, 3, 64, 64), "conv1", "conv2", "conv3", "conv4", "score"));
    }

    [Fact]
    public void Transfer_has_the_paper_s_convolutions()
    {
        using var networks = Material("transfer", 3, 32);
        Assert.Equal(4_589_440, ParameterCount.Count(networks.Discriminator).Total);
        Assert.Equal(4_728_320, ParameterCount.Count(networks.Generator).Total);
        Assert.Equal(256, networks.LatentSize);
        Convolution[] convolutions = [.. networks.Discriminator.modules().OfType<Convolution>()];
        Assert.Equal([128, 128, 256, 256, 512, 512, 1], convolutions.Select(c => c.weight.shape[0]));
        Assert.Equal(
            [32, 32, 16, 16, 8, 8, 4, 1],
            Sides(networks.Discriminator, randn(2, 3, 32, 32), "conv1", "conv2", "conv3", "conv4", "conv5", "conv6", "logit"));
        Assert.Equal(28_672, 16 * convolutions[..^1].Sum(c => c.weight.shape[0]));
    }

    /// <summary>
    /// The published programs print 11.378 M with 9 blocks and 2.765 M, of each of two networks.
    /// </summary>
    [Fact]
    public void Cyclegan_at_the_papers_size_has_the_papers_parameters()
    {
        using var networks = Architectures.Create(new() { Name = "cyclegan", Shape = new(3, 256, 256), ConditionChannels = 3 });
        Assert.Equal((9, 70), (networks.Options.Blocks, networks.Options.Patch));
        Assert.Equal(2 * 11_378_179, ParameterCount.Count(networks.Generator).Trainable);
        Assert.Equal(2 * 2_764_737, ParameterCount.Count(networks.Discriminator).Trainable);
    }

    /// <summary>By hand: 3 x 3 convolutions of 16 to 64 filters at four sizes, and twice 4,096 x 64 in the first stage's middle.</summary>
    [Fact]
    public void Pose_networks_have_two_stages()
    {
        using var networks = Architectures.Create(new()
        {
            Name = "pose", Shape = new(3, 64, 64), ConditionChannels = 7, PoseChannels = 4, Filters = 16,
        });
        Assert.Equal((70, 0, 0), (networks.Options.Patch, networks.Options.LatentSize, networks.LabelSize));
        var stages = networks.PoseStages!;
        var middle = 2 * 4096 * 64 + 64 + 4096;
        Assert.Equal(361_731, ParameterCount.Count(stages.First).Trainable - middle);
        // One input channel less.
        Assert.Equal(ParameterCount.Count(stages.First).Trainable - middle - 16 * 9, ParameterCount.Count(stages.Second).Trainable);
        Assert.Equal(177_105, ParameterCount.Count(networks.Discriminator).Trainable);
        using var scope = NewDisposeScope();
        networks.Generator.eval();
        Assert.Equal([2, 3, 64, 64], networks.Translate(randn(2, 7, 64, 64)).shape);
        Assert.Equal([2, 36], networks.Discriminate(randn(2, 3, 64, 64), condition: randn(2, 7, 64, 64)).shape);
    }

    /// <summary>The published program prints 23,079,115 and 23,087,249 (of networks of 1024 x 1024).</summary>
    [Fact]
    public void Text_to_image_at_the_papers_size_has_dcgans_parameters_and_those_of_the_texts()
    {
        // 64 x 64 pixels and texts of 1024 numbers (Reed et al. 2016, section 5).
        using var networks = Architectures.Create(new() { Name = "text-to-image", Shape = new(3, 64, 64), LabelSize = 1024 });
        using var plain = Architectures.Create(new() { Name = "dcgan", Shape = new(3, 64, 64) });
        const int projection = 1024 * 128 + 128;
        Assert.Equal(ParameterCount.Count(plain.Generator).Total + projection + 128 * 512 * 16, Count(networks.Generator));
        // The convolution of one pixel and its normalisation.
        Assert.Equal(
            ParameterCount.Count(plain.Discriminator).Total + projection + (512 + 128) * 512 + 4 * 512, Count(networks.Discriminator));
        Assert.Equal((4_758_400, 3_228_288), (Count(networks.Generator), Count(networks.Discriminator)));

        static long Count(TorchSharp.torch.nn.Module network) => ParameterCount.Count(network).Total;
    }

    [Fact]
    public void Growing_networks_at_the_papers_size_have_the_papers_parameters()
    {
        using var networks = GrowingGan.Create(new() { Name = "growing", Shape = new(3, 1024, 1024), Filters = 16 });
        Assert.Equal(23_079_115, ParameterCount.Count(networks.Generator).Trainable);
        Assert.Equal(23_087_249, ParameterCount.Count(networks.Discriminator).Trainable);
    }

    /// <summary>
    /// The published programs print 54.414 M and 2.769 M. The U-Net here has biases where no normalisation follows, 576 more numbers.
    /// </summary>
    [Fact]
    public void Pix2pix_has_the_paper_s_sizes()
    {
        using var networks = Architectures.Create(new() { Name = "pix2pix", Shape = new(3, 256, 256), ConditionChannels = 3 });
        Assert.Equal(54_413_955 + 64 + 512, ParameterCount.Count(networks.Generator).Trainable);
        Assert.Equal(2_768_705, ParameterCount.Count(networks.Discriminator).Trainable);
        Assert.Equal(3, networks.Generator.modules().OfType<Dropout>().Count());
        using var scope = NewDisposeScope();
        Assert.Equal([2, 30 * 30], networks.Discriminate(randn(2, 3, 256, 256), condition: randn(2, 3, 256, 256)).shape);
    }

    /// <summary>The pixels that a logit depends on are a square of the side that the option names.</summary>
    [Theory]
    [InlineData(1, 32)]
    [InlineData(16, 32)]
    [InlineData(34, 64)]
    [InlineData(70, 128)]
    [InlineData(142, 256)]
    [InlineData(286, 512)]
    public void Pix2pix_judges_patches_of_the_side_that_was_asked_for(int patch, int side)
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(
            new() { Name = "pix2pix", Shape = new(1, side, side), ConditionChannels = 1, Filters = 2, Patch = patch });
        networks.Discriminator.eval();
        var image = randn(1, 1, side, side).requires_grad_();
        var logits = networks.Discriminate(image, condition: zeros(1, 1, side, side));
        var places = (int)Math.Sqrt(logits.shape[1]);
        // The one in the middle reaches over no edge, or over as little as may be.
        logits[0, places / 2 * places + places / 2].backward();
        var rows = image.grad!.abs().sum([0, 1, 3]).ne(0).sum().item<long>();
        Assert.Equal(patch, rows);
    }

    [Fact]
    public void Residual_networks_mirror_each_other()
    {
        using var networks = Material("residual", 3, 32);
        string[] blocks = ["ResidualBlock", "ResidualBlock"], up = ["Conv2d", "Upsample"], down = ["AvgPool2d", "Conv2d"];
        string[] basis = ["Linear", "Unflatten", "ConvTranspose2d"];
        Assert.Equal([.. basis, .. blocks, .. up, .. blocks, .. up, .. blocks, .. up, .. blocks, "Conv2d", "Tanh"],
            Types(networks.Generator));
        Assert.Equal(["Conv2d", .. blocks, .. down, .. blocks, .. down, .. blocks, .. down, .. blocks, "Conv2d", "Flatten", "Linear"],
            Types(networks.Discriminator));
        Assert.DoesNotContain(networks.Discriminator.modules(), module => module is BatchNorm);
        // Of a block of c channels: 2c (c + 1), 2c (16 * 9 + 1), 2c c. Two of 32, 64, 128 and 256 channels; three changes of width.
        var shared = 2 * new[] { 32, 64, 128, 256 }.Sum(c => 2 * c * (c + 1 + 145 + c)) + 32 * 64 + 64 * 128 + 128 * 256;
        Assert.Equal(shared + 64 * 256 + 256 * 16 + 32 * 3, ParameterCount.Count(networks.Generator).Total);
        Assert.Equal(shared + 3 * 32 + 256 * 16 + 256, ParameterCount.Count(networks.Discriminator).Total);
        Assert.Equal(
            [64, 4, 8, 16, 32, 32],
            Sides(networks.Generator, randn(2, 64), "basis", "upsample2", "upsample1", "upsample0", "image"));
        Assert.Equal([32, 32, 16, 8, 4, 1], Sides(networks.Discriminator, randn(2, 3, 32, 32), "channels", "downsample1", "downsample2",
            "downsample3", "basis"));
        // At 64 x 64 there would be 16 times as many channels at 4 x 4.
        using var larger = Architectures.Create(new() { Name = "residual", Shape = new(1, 64, 64), Filters = 4, Blocks = 1 });
        Assert.Equal([32, 1, 4, 4], larger.Generator.get_parameter("basis.weight")!.shape);
        Assert.Single(larger.Generator.named_children(), child => child.name.StartsWith("block4", StringComparison.Ordinal));
    }

    [Fact]
    public void A_residual_block_begins_as_the_identity()
    {
        using var scope = NewDisposeScope();
        using var block = new ResidualBlock(24, blocks: 8);
        var x = randn(2, 24, 8, 8, requires_grad: true);
        var kept = x.detach().clone();
        Assert.True(block.call(x).allclose(x));
        nn.init.normal_(block.get_parameter("narrow.weight")!);
        Assert.False(block.call(x).allclose(x));
        Assert.True(x.allclose(kept));
        // 2 / (1 + 0.2²) over the inputs of an output, 24 and 16 * 9, and the eighth of the blocks to the power of a half.
        foreach (var (name, inputs) in new[] { ("widen.weight", 24), ("mix.weight", 144) })
        {
            // 1,152 and 6,912 numbers: five deviations of their variance are 21 and 9 %.
            Assert.Equal(1, block.get_parameter(name)!.var().item<float>() / (2 / 1.04 / inputs / Math.Sqrt(8)), 0.21);
        }
    }

    [Theory]
    [InlineData("residual", 0, "from 1 to 16")]
    [InlineData("residual", 17, "from 1 to 16")]
    [InlineData("dcgan", 2, "take 'residual'")]
    public void Blocks_are_of_residual_networks(string name, int blocks, string advice) => Assert.Contains(
        advice,
        Assert.Throws<ArgumentException>(() => Architectures.Check(new() { Name = name, Shape = new(1, 32, 32), Blocks = blocks })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Dcgan_has_the_lesson_s_layers()
    {
        using var networks = Material("dcgan", 1, 64);
        string[] up = ["ConvTranspose2d", "BatchNorm2d", "LeakyReLU"];
        string[] down = ["Conv2d", "BatchNorm2d", "LeakyReLU", "Dropout"];
        Assert.Equal(["Unflatten", .. up, .. up, .. up, .. up, "ConvTranspose2d", "Tanh"], Types(networks.Generator));
        Assert.Equal(["Conv2d", "LeakyReLU", "Dropout", .. down, .. down, .. down, "Conv2d", "Flatten"], Types(networks.Discriminator));
        Assert.All(
            networks.Generator.modules().Concat(networks.Discriminator.modules()).OfType<Convolution>(),
            layer => Assert.Null(layer.bias));
        Assert.All(networks.Discriminator.modules().OfType<Dropout>(), layer => Assert.Equal(0.3, layer.p));
        Assert.All(
            networks.Generator.modules().Concat(networks.Discriminator.modules()).OfType<LeakyReLU>(),
            layer => Assert.Equal(0.2, layer.negative_slope));
        Assert.All(Momenta(networks), momentum => Assert.Equal(0.1, momentum));
    }

    [Theory]
    [InlineData("dense", 1, 28, 28)]
    [InlineData("dense", 3, 5, 9)]
    [InlineData("dcgan", 1, 16, 16)]
    [InlineData("dcgan", 3, 32, 32)]
    [InlineData("dcgan", 2, 64, 64)]
    [InlineData("dcgan", 3, 128, 128)]
    [InlineData("dcgan", 1, 256, 256)]
    [InlineData("wgan-gp", 1, 32, 32)]
    [InlineData("wgan-gp", 3, 64, 64)]
    [InlineData("upsampling", 3, 32, 32)]
    [InlineData("upsampling", 1, 24, 40)]
    [InlineData("transfer", 1, 32, 32)]
    [InlineData("residual", 3, 16, 16)]
    [InlineData("residual", 1, 64, 64)]
    public void Networks_take_and_give_the_promised_shapes(string name, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(
            new ArchitectureOptions { Name = name, Shape = new ImageShape(channels, height, width), LatentSize = 7, Filters = 4 });
        var images = networks.Generator.call(randn(3, 7));
        Assert.Equal([3, channels, height, width], images.shape);
        Assert.InRange(images.abs().max().item<float>(), 0, 1);
        Assert.Equal([3, 1], networks.Discriminator.call(images).shape);
    }

    [Theory]
    [InlineData("dense", 1, 28)]
    [InlineData("dcgan", 3, 32)]
    [InlineData("wgan-gp", 1, 16)]
    [InlineData("upsampling", 3, 32)]
    [InlineData("transfer", 1, 32)]
    [InlineData("residual", 3, 16)]
    public void Conditional_networks_take_labels_and_look_at_them(string name, int channels, int side)
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new ArchitectureOptions {
            Name = name,
            Shape = new ImageShape(channels, side, side),
            LatentSize = 7,
            LabelSize = 3,
            Filters = 4 });
        networks.Generator.eval();
        networks.Discriminator.eval();
        var (latents, labels) = (randn(1, 7).expand(3, -1), eye(3));
        var images = networks.Generate(latents, labels);
        Assert.Equal([3, channels, side, side], images.shape);
        Assert.False(images[0].Equals(images[1]));
        var logits = networks.Discriminate(images[0].expand(3, -1, -1, -1), labels);
        Assert.Equal([3, 1], logits.shape);
        Assert.NotEqual(logits[0].item<float>(), logits[1].item<float>());
        Assert.Contains(
            "labels [N, 3]",
            Assert.Throws<ArgumentException>(() => networks.Generate(latents)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "labels [N, 3]",
            Assert.Throws<ArgumentException>(() => networks.Discriminate(images)).Message,
            StringComparison.Ordinal);
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
        Assert.Contains("dense, upsampling, dcgan, wgan-gp, transfer, residual", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dcgan", 28, 28, 32)]
    [InlineData("dcgan", 32, 64, 64)]
    [InlineData("dcgan", 8, 8, 16)]
    [InlineData("dcgan", 500, 500, 256)]
    [InlineData("wgan-gp", 28, 28, 32)]
    [InlineData("upsampling", 28, 32, 32)]
    [InlineData("transfer", 64, 64, 32)]
    [InlineData("residual", 28, 28, 32)]
    public void Other_sizes_are_refused_with_one_that_works(string name, int height, int width, int works)
    {
        var options = new ArchitectureOptions { Name = name, Shape = new ImageShape(1, height, width) };
        var error = Assert.Throws<ArgumentException>(() => Architectures.Create(options));
        Assert.Contains($"{width} x {height}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"data.size: {works},", error.Message, StringComparison.Ordinal);
        Architectures.Check(options with { Shape = new ImageShape(1, works, works) });
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
