using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class AutoBalanceTests
{
    /// <summary>The factors after many steps in which the discriminator is right on these shares.</summary>
    private static (double Discriminator, double Generator) After(int steps, double real, double generated, AutoBalance? balance = null)
    {
        balance ??= new AutoBalance(0, CPU, ProcessGroup.Alone);
        using var realLogits = Logits(real, 1);
        using var generatedLogits = Logits(generated, -1);
        (double, double) factors = (1, 1);
        for (var step = 0; step < steps; step++)
        {
            factors = balance.Factors(step);
            balance.Watch(realLogits, generatedLogits);
        }
        return factors;

        static Tensor Logits(double right, float sign) =>
            tensor([.. Enumerable.Range(0, 20).Select(i => i < right * 20 ? sign : -sign)], [20, 1]);
    }

    [Fact]
    public void Balanced_networks_keep_their_rates() => Assert.Equal((1, 1), After(500, 0.7, 0.8));

    [Fact]
    public void The_network_that_is_ahead_is_slowed_step_by_step()
    {
        Assert.Equal((1, 1), After(60, 1, 1));
        var (discriminator, generator) = After(400, 1, 1);
        Assert.InRange(discriminator, 0.2, 0.6);
        Assert.Equal(1, generator);
        Assert.Equal((1.0 / 64, 1), After(3000, 1, 1));
        Assert.Equal((1, 1.0 / 64), After(3000, 0.5, 0.45));
    }

    [Fact]
    public void Right_on_one_kind_alone_is_not_ahead() => Assert.Equal((1, 1), After(500, 1, 0.6));

    [Fact]
    public void Rates_grow_back()
    {
        using var balance = new AutoBalance(0, CPU, ProcessGroup.Alone);
        After(3000, 1, 1, balance);
        Assert.Equal(1, After(3000, 0.7, 0.7, balance).Discriminator, 6);
    }

    [Fact]
    public void A_critic_s_outputs_are_compared_with_their_middle()
    {
        using var balance = new AutoBalance(null, CPU, ProcessGroup.Alone);
        using var real = tensor([70f, 80, 90], [3, 1]);
        using var generated = tensor([10f, 20, 30], [3, 1]);
        for (var step = 0; step < 1000; step++)
        {
            balance.Factors(step);
            balance.Watch(real, generated);
        }
        Assert.True(balance.Factors(1000).Discriminator < 0.1);
    }

    [Fact]
    public void A_resumed_training_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        // A rate at which the discriminator is right on everything within the first hundred steps.
        var options = TrainingProcess.Options(folder["whole"], 190) with
        {
            AutoBalance = true,
            LearningRate = 1e-5,
            DiscriminatorLearningRate = 4e-3,
            AverageDecay = 0,
            CheckpointEvery = 1000,
        };
        var whole = Train(options);
        // Between two adaptations, and at one.
        Train(options with { Folder = folder["parts"], Steps = 70 });
        Train(options with { Folder = folder["parts"], Steps = 150 });
        var parts = Train(options with { Folder = folder["parts"] });
        Assert.True(whole.Last!.DiscriminatorLearningRate < 4e-3, "nothing was slowed, and so nothing tested");
        Assert.Equal(whole.Last.DiscriminatorLearningRate, parts.Last!.DiscriminatorLearningRate);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.Checkpoint, "weights.safetensors")));

        static TrainingResult Train(TrainingOptions options)
        {
            using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
            using var images = new SyntheticSource(TrainingProcess.Architecture.Shape);
            return new Trainer(networks, images, options).Run();
        }
    }
}
