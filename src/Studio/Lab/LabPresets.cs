using GanPipeline.Training;

namespace GanPipeline.Studio;

/// <summary>Situations of the course, as settings; their names are keys of the texts <c>lab.preset.*</c>.</summary>
internal static class LabPresets
{
    /// <summary>By name, in the order in which they are shown.</summary>
    public static IReadOnlyList<KeyValuePair<string, LabSettings>> All { get; } =
    [
        // Chosen by the Kullback-Leibler divergence over 4,000 rounds: R1 and two updates of the discriminator keep it from circling.
        new("balanced", new()
        {
            Data = LabShape.Ring,
            Noise = LabNoise.Normal,
            R1 = 0.05,
            Averaging = 0.99,
            Generator = new() { Width = 32, LearningRate = 2e-3 },
            Discriminator = new() { Width = 32, LearningRate = 4e-3, Steps = 2 },
        }),
        new("discriminator-too-strong", new()
        {
            Data = LabShape.Disjoint,
            Generator = new() { Layers = 1, Width = 8, LearningRate = 3e-6 },
            Discriminator = new() { Layers = 3, Width = 64, LearningRate = 1e-2, Steps = 5 },
        }),
        new("generator-too-strong", new()
        {
            Data = LabShape.Gaussians,
            Generator = new() { Width = 32, LearningRate = 2e-2, Steps = 5 },
            Discriminator = new() { Width = 8, LearningRate = 2e-3 },
        }),
        new("collapse", new()
        {
            Data = LabShape.Gaussians,
            Generator = new() { Width = 32, LearningRate = 2e-3, Steps = 10 },
            Discriminator = new() { Width = 16, LearningRate = 2e-3 },
        }),
        new("wasserstein", new()
        {
            Data = LabShape.Spiral,
            Noise = LabNoise.Normal,
            Loss = GanLoss.Wasserstein,
            GradientPenalty = 0.1,
            Averaging = 0.99,
            Generator = new() { Width = 32, LearningRate = 1e-3 },
            Discriminator = new() { Width = 32, LearningRate = 2e-3, Steps = 3 },
        }),
    ];
}
