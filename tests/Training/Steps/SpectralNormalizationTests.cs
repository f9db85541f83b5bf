using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class SpectralNormalizationTests
{
    private static readonly ArchitectureOptions _architecture = TrainingProcess.Architecture with { Name = "wgan-gp" };

    [Fact]
    public void The_largest_singular_value_is_one_and_stays_near_it()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var step = new GanStep(
            networks,
            TrainingProcess.Options("unused", 1) with { Objective = new() { Loss = GanLoss.Hinge, SpectralNormalization = true } });
        // Fifteen rounds of power iteration on random matrices find sigma to a few percent; what training adds, it follows.
        Assert.All(Largest(networks), sigma => Assert.Equal(1, sigma, 0.05));
        manual_seed(1);
        for (var i = 0; i < 30; i++) step.Run(rand(8, 1, 16, 16), () => randn(8, _architecture.LatentSize), null);
        Assert.All(Largest(networks), sigma => Assert.Equal(1, sigma, 0.02));
    }

    private static double[] Largest(GanNetworks networks) =>
        [.. networks.Discriminator.modules().OfType<Conv2d>()
            .Select(c => linalg.svd(c.weight.detach().flatten(1), fullMatrices: false).Item2.max().item<float>())];

    [Fact]
    public void A_checkpoint_s_networks_judge_as_those_in_training()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(_architecture, seed: 3);
        using var source = new SyntheticSource(_architecture.Shape);
        var result = new Trainer(
            networks,
            source,
            TrainingProcess.Options(folder["run"], 5) with { Objective = new() { SpectralNormalization = true } }).Run();
        using var loaded = Checkpoint.LoadNetworks(result.Checkpoint);
        Assert.True(Bits.Same(loaded.Discriminator, networks.Discriminator));
    }
}
