using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

public class PrecisionTests
{
    [Fact]
    public void Autocast_computes_in_16_bits_and_ends_where_it_is_disposed()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(8, 8);
        var input = randn(4, 8);
        Assert.True(Autocast.IsAvailable);
        using (Autocast.On(CPU, ScalarType.BFloat16)) Assert.Equal(ScalarType.BFloat16, layer.call(input).dtype);
        Assert.Equal(ScalarType.Float32, layer.call(input).dtype);
    }

    [Fact]
    public void Copies_of_the_weights_are_not_used_after_these_have_changed()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(8, 8, hasBias: false);
        var input = ones(1, 8);
        float Sum()
        {
            using var autocast = Autocast.On(CPU, ScalarType.BFloat16);
            return layer.call(input).to(float32).sum().item<float>();
        }
        using (no_grad()) layer.weight!.fill_(1);
        Assert.Equal(64, Sum());
        using (no_grad()) layer.weight!.fill_(2);
        Assert.Equal(128, Sum());
    }

    /// <summary>tanh(5) lies 9e-5 under 1, and its gradient is 1.8e-4; in bfloat16 it is 1, and its gradient 0.</summary>
    [Fact]
    public void What_is_nearly_white_can_still_change_in_16_bits()
    {
        using var scope = NewDisposeScope();
        using var network = FastSequential.Of(("image", Linear(4, 4)), ("tanh", Tanh()));
        var bias = network.get_parameter("image.bias")!;
        using (no_grad()) bias.fill_(5);
        using (Autocast.On(CPU, ScalarType.BFloat16)) network.call(zeros(2, 4)).to(float32).mean().backward();
        // The bias is exact in 8 bits; what is left is float32's rounding.
        var expected = (1 - Math.Pow(Math.Tanh(5), 2)) / 4;
        Assert.All(bias.grad!.data<float>().ToArray(), gradient => Assert.Equal(expected, gradient, 1e-7));
    }

    [Theory]
    [InlineData("dcgan", GanLoss.CrossEntropy, 0)]
    [InlineData("upsampling", GanLoss.Hinge, 0)]
    [InlineData("dense", GanLoss.LeastSquares, 0)]
    [InlineData("wgan-gp", GanLoss.Wasserstein, 0)] // With the gradient penalty.
    [InlineData("transfer", GanLoss.CrossEntropy, 1)]
    [InlineData("residual", GanLoss.Relativistic, 1)]
    public void A_step_in_bfloat16_is_that_in_float32_to_its_digits(string name, GanLoss loss, double r1)
    {
        var (singleLosses, singleGradients) = Step(TrainingPrecision.Float32);
        var (halfLosses, halfGradients) = Step(TrainingPrecision.Bfloat16);
        // bfloat16 keeps 8 bits: a loss is wrong by some 1/256. So much of a layer's activations fall on the other side of their kink, each
        // of which changes the gradient wholly: by the square root of 1/256 of its norm, 6 %, for each of some six layers.
        Assert.All(singleLosses.Zip(halfLosses), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 1e-9, 0.03));
        Assert.InRange((halfGradients - singleGradients).norm().item<float>() / singleGradients.norm().item<float>(), 1e-4, 0.37);
        singleGradients.Dispose();
        halfGradients.Dispose();

        (float[] Losses, Tensor Gradients) Step(TrainingPrecision precision)
        {
            using var scope = NewDisposeScope();
            var shape = new ImageShape(3, 32, 32);
            using var networks = Architectures.Create(new() { Name = name, Shape = shape, LatentSize = 16, Filters = 8, Dropout = 0.2 });
            using var step = new GanStep(networks, new()
            {
                Folder = "unused",
                Precision = precision,
                Objective = new() { Loss = loss, R1 = r1, CriticSteps = 1 },
                Epsilon = 1, // So that Adam's steps are small, and the generator learns from nearly the same discriminator.
            });
            manual_seed(3);
            var images = randn(16, 3, 32, 32).tanh();
            var outcome = step.Run(images, () => randn(16, 16));
            Assert.All(new[] { outcome.RealLogits, outcome.GeneratedLogits, outcome.DiscriminatorLoss, outcome.GeneratorLoss },
                value => Assert.Equal(ScalarType.Float32, value.dtype));
            var parameters = networks.Generator.parameters().Concat(networks.Discriminator.parameters()).ToArray();
            Assert.All(parameters, parameter => Assert.Equal(ScalarType.Float32, parameter.grad!.dtype));
            return ([outcome.DiscriminatorLoss.item<float>(), outcome.GeneratorLoss.item<float>()],
                cat([.. parameters.Select(parameter => parameter.grad!.flatten())]).DetachFromDisposeScope());
        }
    }

    [Fact]
    public void What_was_asked_for_is_taken_and_what_a_training_began_with_is_kept()
    {
        Assert.Equal(TrainingPrecision.Bfloat16, Make(TrainingPrecision.Bfloat16, null).Precision);
        Assert.Equal(TrainingPrecision.Float32, Make(TrainingPrecision.Float32, null).Precision);
        var kept = Make(TrainingPrecision.Auto, TrainingPrecision.Bfloat16);
        Assert.Equal((TrainingPrecision.Bfloat16, "as the training began"), (kept.Precision, kept.Reason));

        var e = Assert.Throws<TrainingException>(() => Make(TrainingPrecision.Float16, null));
        Assert.Contains("float16", e.Message, StringComparison.Ordinal);
        Assert.Contains("CUDA", e.Message, StringComparison.Ordinal);
        var options = new TrainingOptions { Folder = "unused", Precision = TrainingPrecision.Float16, Device = "cpu" };
        Assert.Equal(nameof(TrainingOptions.Precision), Assert.Single(options.Problems()).Member);

        static PrecisionChoice Make(TrainingPrecision asked, TrainingPrecision? kept) =>
            PrecisionChoice.Make(asked, kept, CPU, new(CPU, () => throw new InvalidOperationException("measured")), _ => { });
    }

    [Theory]
    [InlineData(60, 5, TrainingPrecision.Bfloat16)]
    [InlineData(5, 60, TrainingPrecision.Float32)]
    public void The_faster_one_is_taken_and_the_weights_are_put_back(int inFloat32, int inBfloat16, TrainingPrecision faster)
    {
        using var weights = ones(3);
        var trial = new StepTrial(CPU, () => [weights]);
        var choice = trial.Measure(() => PrecisionChoice.Measure(trial, precision =>
        {
            weights.add_(1);
            Thread.Sleep(precision == TrainingPrecision.Float32 ? inFloat32 : inBfloat16);
        }));
        Assert.Equal(faster, choice.Precision);
        Assert.Contains("times as fast", choice.Reason, StringComparison.Ordinal);
        Assert.Equal([1f, 1f, 1f], weights.data<float>().ToArray());
    }

    [Fact]
    public void A_training_that_chooses_for_itself_keeps_its_choice_in_its_checkpoints()
    {
        using var folder = new TemporaryFolder();
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var options = TrainingProcess.Options(folder.Path, 3) with { Precision = TrainingPrecision.Auto };
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        var observer = new RecordingObserver();
        var result = new Trainer(networks, source, options, observer).Run();
        var started = observer.Start!;
        Assert.Equal(result.Precision, started.Precision);
        Assert.NotEqual(TrainingPrecision.Auto, result.Precision);
        Assert.NotEmpty(started.PrecisionReason);
        Assert.Equal(result.Precision, Checkpoint.ReadInfo(result.Checkpoint).Precision);
        Assert.NotEmpty(started.ThreadsReason);
        Assert.Equal((1, 1), (result.Threads, Checkpoint.ReadInfo(result.Checkpoint).Threads)); // As asked for.
    }
}
