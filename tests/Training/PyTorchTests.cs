using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Whole training steps against PyTorch, on the same weights and the same batch.</summary>
public class PyTorchTests(ITestOutputHelper output)
{
    // Steps are computed in float64 and compared in float32, which keeps 6e-8 of a number; a penalty by itself is computed in float32.
    private const double Tolerance = 1e-6;

    // Adam's first step is a gradient's sign, unless the gradient is small beside epsilon. So a small epsilon turns rounding around 0 into
    // steps of full length, and all that comes after the update into noise.
    private const double Epsilon = 1e-2;

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dense_step() => Compare(new("dense", new(1, 28, 28), 64));

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_of_fresh_images_after_the_discriminator_s_update() => Compare(new("dcgan", new(1, 64, 64), 16));

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_of_the_same_images_after_the_discriminator_s_update() =>
        Compare(new("dcgan", new(3, 32, 32), 16) { Batch = GeneratorBatch.Reused });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_with_both_gradients_before_either_update() =>
        Compare(new("dcgan", new(1, 32, 32), 16) { Batch = GeneratorBatch.Reused, Updates = UpdateOrder.Together });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_with_both_gradients_before_either_update_of_fresh_images() =>
        Compare(new("dcgan", new(1, 32, 32), 16) { Updates = UpdateOrder.Together });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Upsampling_step() => Compare(new("upsampling", new(3, 32, 32), 16));

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Conditional_upsampling_step() => Compare(new("upsampling", new(1, 16, 16), 16) { Labels = 4 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Transfer_step() => Compare(new("transfer", new(3, 32, 32), 8));

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Residual_step_of_pairs_with_both_penalties() => Compare(new("residual", new(3, 32, 32), 8) { Objective = Pairs });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Conditional_residual_step_with_both_gradients_before_either_update() =>
        Compare(new("residual", new(1, 16, 16), 6) {
            Objective = Pairs,
            Batch = GeneratorBatch.Reused,
            Updates = UpdateOrder.Together,
            Labels = 3,
            Blocks = 1 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_of_pairs_with_r2_alone() =>
        Compare(new("dcgan", new(1, 32, 32), 8) { Objective = new() { Loss = GanLoss.Relativistic, R2 = 3 } });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Pix2pix_step() => Compare(new("pix2pix", new(3, 64, 64), 4) { Objective = new() { L1 = 100 }, Condition = 1 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Pix2pix_step_of_the_same_images_with_instance_normalisation() => Compare(new("pix2pix", new(1, 32, 32), 4)
    {
        Objective = new() { Loss = GanLoss.LeastSquares, L1 = 10 },
        Condition = 3,
        Batch = GeneratorBatch.Reused,
        Normalization = LayerNormalization.Instance,
        Patch = 16,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Pix2pix_step_by_pixels_with_both_gradients_before_either_update() => Compare(new("pix2pix", new(3, 32, 32), 4)
    {
        Objective = new() { L1 = 100 },
        Condition = 3,
        Batch = GeneratorBatch.Reused,
        Updates = UpdateOrder.Together,
        Patch = 1,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Growing_step_while_a_level_fades_in() => Compare(new("growing", new(3, 32, 32), 4)
    {
        Objective = Wasserstein with { Drift = 0.001 },
        // Of phases of 64 images the fourth: level 2 of 16 x 16, after one of its four steps.
        Number = 13,
        Level = 2,
        Share = 0.25,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Growing_step_of_the_first_level_with_labels() => Compare(new("growing", new(1, 16, 16), 4)
    {
        Objective = Wasserstein,
        Labels = 3,
        Level = 0,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Growing_step_of_the_last_level() => Compare(new("growing", new(1, 16, 16), 8) { Number = 1000, Level = 2 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Text_to_image_step_with_texts_that_do_not_match_and_between_two() => Compare(new("text-to-image", new(3, 32, 32), 8)
    {
        Objective = new() { Interpolation = 0.5 },
        Labels = 10,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Text_to_image_step_of_the_same_images_with_r1() => Compare(new("text-to-image", new(1, 64, 64), 4)
    {
        Objective = new() { R1 = 0.5 },
        Labels = 12,
        Batch = GeneratorBatch.Reused,
        Updates = UpdateOrder.Together,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Text_to_image_step_with_conditioning_augmentation() => Compare(new("text-to-image", new(3, 32, 32), 8)
    {
        Objective = new() { Interpolation = 0.5, ConditioningDivergence = 2 },
        Labels = 10,
        Noise = 7,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Text_to_image_step_with_projection() => Compare(new("text-to-image", new(3, 32, 32), 8)
    {
        Labels = 10,
        Matching = TextMatching.Projection,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Cyclegan_step_with_identity() => Compare(new("cyclegan", new(3, 32, 32), 4)
    {
        Objective = new() { Loss = GanLoss.LeastSquares, Cycle = 5, Identity = 0.5 },
        Condition = 3,
        Batch = GeneratorBatch.Reused,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Cyclegan_step_between_gray_and_colour() => Compare(new("cyclegan", new(3, 32, 32), 4)
    {
        Objective = new() { Cycle = 10 },
        Condition = 1,
        Patch = 16,
        Blocks = 1,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Cyclegan_step_with_both_gradients_before_either_update() => Compare(new("cyclegan", new(1, 32, 32), 4)
    {
        Objective = new() { Loss = GanLoss.LeastSquares, Cycle = 5, Identity = 1 },
        Condition = 1,
        Batch = GeneratorBatch.Reused,
        Updates = UpdateOrder.Together,
        Patch = 1,
        Blocks = 1,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Pose_step_of_the_first_stage() => Compare(new("pose", new(3, 32, 32), 3)
    {
        Objective = new() { L1 = 10 },
        Condition = 7,
        Pose = 4,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Pose_step_of_the_second_stage() => Compare(new("pose", new(3, 32, 32), 3)
    {
        Objective = new() { L1 = 10 },
        Condition = 7,
        Pose = 4,
        Batch = GeneratorBatch.Reused,
        Number = 1,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Pose_step_of_the_second_stage_with_keypoints_of_gray_images() => Compare(new("pose", new(1, 64, 64), 2)
    {
        Objective = new() { Loss = GanLoss.LeastSquares, L1 = 10 },
        Condition = 6,
        Pose = 5,
        Patch = 16,
        Normalization = LayerNormalization.Instance,
        Number = 1,
    });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Saturating_step()
        => Compare(new("dcgan", new(1, 32, 32), 8) { Objective = new() { GeneratorLoss = GeneratorLoss.Saturating } });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Least_squares_step() => Compare(new("dcgan", new(1, 32, 32), 8) { Objective = new() { Loss = GanLoss.LeastSquares } });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Hinge_step() => Compare(new("dcgan", new(3, 32, 32), 8) { Objective = new() { Loss = GanLoss.Hinge } });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Wasserstein_step_with_gradient_penalty() => Compare(new("wgan-gp", new(1, 32, 32), 16) { Objective = Wasserstein });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Wasserstein_step_of_three_critic_updates()
        => Compare(new("wgan-gp", new(3, 16, 16), 8) { Objective = Wasserstein, Critics = 3 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Wasserstein_step_with_both_gradients_before_either_update() =>
        Compare(new("wgan-gp", new(1, 16, 16), 8) {
            Objective = Wasserstein,
            Batch = GeneratorBatch.Reused,
            Updates = UpdateOrder.Together,
            Critics = 2 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Conditional_wasserstein_step() => Compare(new("wgan-gp", new(3, 16, 16), 8) { Objective = Wasserstein, Labels = 5 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Dcgan_step_with_r1() => Compare(new("dcgan", new(1, 32, 32), 8) { Objective = new() { R1 = 2 } });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Conditional_hinge_step_with_r1()
        => Compare(new("wgan-gp", new(3, 16, 16), 8) { Objective = new() { Loss = GanLoss.Hinge, R1 = 2 }, Labels = 3 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Cross_entropy_step_with_gradient_penalty()
        => Compare(new("wgan-gp", new(1, 16, 16), 8) { Objective = new() { GradientPenalty = 3 } });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Hinge_step_with_spectral_normalisation() =>
        Compare(new("wgan-gp", new(3, 32, 32), 8) { Objective = new() { Loss = GanLoss.Hinge }, Spectral = true });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Wasserstein_step_with_spectral_normalisation_and_penalty() =>
        Compare(new("wgan-gp", new(1, 16, 16), 8) { Objective = Wasserstein, Spectral = true, Critics = 2 });

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Gradient_penalty_by_itself() => ComparePenalty("gradient");

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void R1_by_itself() => ComparePenalty("r1");

    [PeerFact("/usr/bin/python3", "-c", "import torch")]
    public void Adam_on_equal_gradients()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(randn(50, 20));
        var gradients = randn(7, 50, 20);
        var theirs = Ask(
            [("weight", weight.detach().clone()), ("gradients", gradients)],
            new { what = "adam", lr = 2e-3, beta1 = 0.5, beta2 = 0.999, eps = 1e-7 });
        using var adam = new FusedAdam([weight], 2e-3, 0.5, 0.999, 1e-7);
        for (var i = 0; i < 7; i++)
        {
            weight.grad = gradients.select(0, i).clone();
            adam.Step();
        }
        Assert.InRange((weight - theirs["weight"]).abs().max().item<float>(), 0, 1e-6f);
    }

    private static ObjectiveOptions Wasserstein => new() { Loss = GanLoss.Wasserstein, GradientPenalty = 10 };

    private static ObjectiveOptions Pairs => new() { Loss = GanLoss.Relativistic, R1 = 2, R2 = 1 };

    private sealed record Case(string Name, ImageShape Shape, int Filters)
    {
        public ObjectiveOptions Objective { get; init; } = new();
        public GeneratorBatch Batch { get; init; }
        public UpdateOrder Updates { get; init; }
        public int Critics { get; init; } = 1;
        public int Labels { get; init; }
        public int Noise { get; init; }
        public TextMatching Matching { get; init; }
        public bool Spectral { get; init; }
        public int Blocks { get; init; } = 2;
        public int Condition { get; init; }
        public int Pose { get; init; }
        public int Patch { get; init; } = 34;
        public LayerNormalization Normalization { get; init; }
        public long Number { get; init; }
        public int Level { get; init; }
        public double Share { get; init; } = 1;
        public bool Cycles => Name == "cyclegan";

        public ArchitectureOptions Architecture
            => Condition > 0 ? new()
            {
                Name = Name, Shape = Shape, Filters = Filters, Dropout = 0, ConditionChannels = Condition, PoseChannels = Pose,
                Patch = Patch,
                Normalization = Cycles ? LayerNormalization.Instance : Normalization, Blocks = Cycles ? Blocks : 0,
            }
            : new()
            {
                Name = Name, Shape = Shape, LatentSize = 20, LabelSize = Labels, Filters = Filters, Dropout = 0, ConditioningNoise = Noise,
                TextMatching = Matching,
                Blocks = Name == "residual" ? Blocks : 0,
            };
    }

    private static string Name(GanLoss loss) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(loss.ToString());

    private void Compare(Case c)
    {
        using var scope = NewDisposeScope();
        const int count = 16;
        using var networks = Architectures.Create(c.Architecture, seed: 11);
        // What begins at 0 hides what is before it.
        foreach (var block in networks.Generator.modules().Concat(networks.Discriminator.modules()).OfType<ResidualBlock>())
            nn.init.normal_(block.get_parameter("narrow.weight")!, 0, 0.1);
        if (networks.PoseStages is { } stages) nn.init.normal_(stages.Second.get_parameter("output.conv.weight")!, 0, 0.1);
        // In float32 an activation beside its kink may fall on either side of it, and moves a gradient by some 1e-4 of its norm.
        networks.Generator.to(float64);
        networks.Discriminator.to(float64);
        Devices.UseThreads(0);
        manual_seed(1);
        // Of networks that translate both ways, both sides.
        var channels = c.Shape.Channels + (c.Cycles ? c.Condition : 0);
        var real = Enumerable.Range(0, c.Critics).Select(_ => randn(count, channels, c.Shape.Height, c.Shape.Width).tanh()
            .to(float64)).ToArray();
        // Of poses the mask is of what stands on a plain ground.
        if (c.Pose > 0)
        {
            var figure = real[0].slice(2, 9, 20, 1).slice(3, 5, 14, 1).clone();
            real[0].fill_(0.5);
            real[0].slice(2, 9, 20, 1).slice(3, 5, 14, 1).copy_(figure);
        }
        var latents = Enumerable.Range(0, c.Critics + 1).Select(_ => randn(count, c.Architecture.LatentSize).to(float64)).ToArray();
        var condition = c.Condition == 0 ? null : randn(count, c.Condition, c.Shape.Height, c.Shape.Width).tanh().to(float64);
        var labels = c.Labels == 0 ? null : c.Architecture.TellsTexts ? randn(count, c.Labels).to(float64)
            : nn.functional.one_hot(arange(count).remainder(c.Labels), c.Labels).to(float64);
        var others = c.Architecture.TellsTexts ? labels!.roll(3, 0) : null;
        using var step = new GanStep(networks, new TrainingOptions
        {
            Folder = "unused", Steps = 1, Epsilon = Epsilon, BatchSize = count, GrowImages = 4 * count,
            FirstStageSteps = c.Pose > 0 ? 1 : 0,
            Objective = c.Objective with
            {
                GeneratorBatch = c.Batch, Updates = c.Updates, CriticSteps = c.Critics, SpectralNormalization = c.Spectral,
            },
        });
        // The step draws nothing else at random than where between the images the penalty looks.
        manual_seed(2);
        var shares = Enumerable.Range(0, c.Critics).Select(_ => rand(count, 1, 1, 1, dtype: float64)).ToArray();
        var theirs = Ask(
            [
                .. TrainingState.Of(TrainingState.Generator, networks.Generator), .. TrainingState.Of(
                    TrainingState.Discriminator,
                    networks.Discriminator),
                .. real.Select((tensor, i) => ($"real{i + 1}", tensor)),
                .. condition is null ? latents.Select((tensor, i) => ($"latents{i + 1}", tensor)) : [],
                .. shares.Select((tensor, i) => ($"share{i + 1}", tensor)), .. labels is null
                    ? []
                    : new[] { ("labels", labels) }, .. others is null ? [] : new[] { ("others", others) },
                .. condition is null ? [] : new[] { ("condition", condition) }, .. step.State,
            ],
            new
            {
                what = "step",
                name = c.Name,
                shape = new[] { c.Shape.Channels, c.Shape.Height, c.Shape.Width },
                filters = c.Filters,
                latent = c.Architecture.LatentSize,
                noise = c.Noise,
                projects = c.Matching == TextMatching.Projection,
                divergence = c.Objective.ConditioningDivergence,
                labels = c.Labels,
                objective = c.Objective.GeneratorLoss == GeneratorLoss.Saturating ? "saturating" : Name(c.Objective.Loss),
                gp = c.Objective.GradientPenalty,
                r1 = c.Objective.R1,
                r2 = c.Objective.R2,
                blocks = c.Blocks,
                condition = c.Condition,
                stage = c.Number == 0 ? 1 : 2,
                patch = c.Patch,
                instance = c.Normalization == LayerNormalization.Instance,
                l1 = c.Objective.L1,
                drift = c.Objective.Drift,
                interpolation = c.Objective.Interpolation,
                level = c.Level,
                share = c.Share,
                cycle = c.Objective.Cycle,
                identity = c.Objective.Identity,
                critics = c.Critics,
                together = c.Updates == UpdateOrder.Together,
                reuse = c.Batch == GeneratorBatch.Reused,
                eps = Epsilon,
            });

        var (batches, drawn) = (0, 0);
        manual_seed(2);
        var outcome = step.Run(() => new(real[batches++], labels, c.Cycles ? null : condition, others), () => latents[drawn++], c.Number);

        Near("loss.discriminator", outcome.DiscriminatorLoss, theirs["loss.discriminator"]);
        var whole = outcome.GeneratorLoss + (outcome.Difference ?? zeros(1)) * (c.Objective.L1 + c.Objective.Cycle);
        // The outcome does not have the identity's part, nor the divergence; gradients do.
        if (c.Objective is { Identity: 0, ConditioningDivergence: 0 }) Near("loss.generator", whole, theirs["loss.generator"]);
        foreach (var (prefix, network) in new[] {
            (TrainingState.Generator, networks.Generator),
            (TrainingState.Discriminator, networks.Discriminator) })
        {
            var learnt = (prefix == TrainingState.Generator ? step.GeneratorOptimizer : step.DiscriminatorOptimizer).Parameters;
            var noise = BiasesBeforeNormalization(network);
            foreach (var (parameterName, parameter) in network.named_parameters()
                .Zip(learnt, (named, parameter) => (named.name, parameter)))
            {
                if (noise.Values.Any(bias => bias.Name == parameterName)) continue;
                Near("grad." + prefix + parameterName, parameter.grad ?? zeros_like(parameter), theirs["grad." + prefix + parameterName]);
            }
            // Adam's first step is about the gradient's sign, whatever its size, so weights say little; moving statistics say what the
            // networks saw.
            foreach (var (bufferName, buffer) in network.named_buffers().Where(buffer => buffer.buffer.is_floating_point()))
            {
                var name = "after." + prefix + bufferName;
                var (ourNoise, theirNoise) = (zeros(1), zeros(1));
                var seesUpdated = prefix == TrainingState.Discriminator && c.Updates == UpdateOrder.Alternating;
                if (seesUpdated && noise.TryGetValue(bufferName, out var bias))
                {
                    ourNoise = bias.Momentum * network.get_parameter(bias.Name)!;
                    theirNoise = bias.Momentum * theirs["after." + prefix + bias.Name];
                }
                Near(name, buffer - ourNoise, theirs[name] - theirNoise);
            }
        }
    }

    /// <summary>
    /// The biases that batch normalisation subtracts again, by the name of its moving mean: their gradient is 0 but for rounding, and has
    /// no norm to compare by. Adam makes a step of it all the same, up to the learning rate, so that after the update these biases are
    /// noise, which a moving mean takes over by its momentum where images pass once more. The rest of the mean is compared.
    /// </summary>
    private static Dictionary<string, (string Name, double Momentum)> BiasesBeforeNormalization(nn.Module network)
    {
        var layers = network.named_children().ToArray();
        var own = layers.Zip(layers.Skip(1))
            .Where(pair => pair.First.module is Convolution { bias: not null } or Linear { bias: not null })
            .Where(pair => pair.Second.module is BatchNorm or InstanceNorm2d)
            .Select(pair => (
                pair.Second.name + ".running_mean",
                (pair.First.name + ".bias", pair.Second.module is BatchNorm norm ? norm.momentum!.Value : 0)));
        var inner = layers.SelectMany(layer => BiasesBeforeNormalization(layer.module)
            .Select(bias => ($"{layer.name}.{bias.Key}", ($"{layer.name}.{bias.Value.Name}", bias.Value.Momentum))));
        return own.Concat(inner).ToDictionary();
    }

    private void ComparePenalty(string penalty)
    {
        using var scope = NewDisposeScope();
        var shape = new ImageShape(3, 32, 32);
        using var networks = Architectures.Create(new() { Name = "wgan-gp", Shape = shape, LatentSize = 20, Filters = 16, Dropout = 0 });
        Devices.UseThreads(0);
        manual_seed(3);
        var (real, fake) = (randn(16, 3, 32, 32).tanh(), randn(16, 3, 32, 32).tanh());
        manual_seed(4);
        var share = rand(16, 1, 1, 1);
        var theirs = Ask(
            [.. TrainingState.Of(TrainingState.Discriminator, networks.Discriminator), ("real", real), ("fake", fake), ("share", share)],
            new { what = "penalty", penalty, shape = new[] { 3, 32, 32 }, filters = 16, latent = 20, labels = 0 });

        manual_seed(4);
        var images = real.detach().requires_grad_();
        var value = penalty == "gradient"
            ? GradientPenalties.Between(images => networks.Discriminate(images), real, fake)
            : GradientPenalties.At(networks.Discriminate(images), images);
        value.backward(inputs: [.. networks.Discriminator.parameters()]);
        Near("penalty", value, theirs["penalty"]);
        foreach (var (name, parameter) in networks.Discriminator.named_parameters())
            Near("grad." + name, parameter.grad ?? zeros_like(parameter), theirs["grad." + name]);
    }

    private void Near(string what, Tensor ours, Tensor theirs)
    {
        var difference = (ours.detach().to(float64).flatten() - theirs.to(float64).flatten()).norm().item<double>();
        var error = difference / Math.Max(theirs.norm().item<float>(), 1e-30);
        output.WriteLine($"{what}: {error:g3}");
        Assert.True(error <= Tolerance, $"{what} differs from PyTorch's by {error:g3} of its norm.");
    }

    internal static Dictionary<string, Tensor> Ask(IReadOnlyList<(string, Tensor)> tensors, object options)
    {
        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder["in.safetensors"]))
            SafeTensorsWriter.Write(stream, [.. tensors.Select(tensor => (tensor.Item1, In32(tensor.Item2)))]);
        File.WriteAllText(folder["options.json"], JsonSerializer.Serialize(options));
        var (code, _, error) = Peers.Run(
            Peers.Python,
            Path.Combine(AppContext.BaseDirectory, "Peers", "step.py"),
            folder["in.safetensors"],
            folder["out.safetensors"],
            folder["options.json"]);
        Assert.True(code == 0, error);
        using var file = SafeTensorsFile.Open(folder["out.safetensors"]);
        return file.Entries.Values.ToDictionary(entry => entry.Name, entry =>
        {
            var value = zeros(entry.Shape, dtype: entry.Type);
            file.CopyTo(entry, value);
            return value;
        });
    }

    private static Tensor In32(Tensor value) => value.dtype == float64 ? value.to(float32) : value;
}
