using GanPipeline.Training;

namespace GanPipeline.Bench;

/// <summary>A training step that is measured.</summary>
/// <param name="Name">The row's.</param>
/// <param name="Networks">What is trained.</param>
/// <param name="Training">How.</param>
/// <param name="Peer">The name of the peers' programs.</param>
/// <param name="Steps">Steps in a round on a processor.</param>
/// <param name="Flops">A step's floating-point operations; 0 where they are not counted.</param>
internal sealed record TrainCase(
    string Name,
    ArchitectureOptions Networks,
    TrainingOptions Training,
    string Peer,
    int Steps,
    double Flops = 0)
{
    public static readonly TrainCase[] All =
    [
        .. new[] { 64, 32, 16 }.Select(Dcgan),
        new("train/wgan-gp/f32", new() { Name = "wgan-gp", Shape = new(3, 64, 64), Filters = 32 }, Options with
        {
            Objective = new() { Loss = GanLoss.Wasserstein },
            LearningRate = 1e-4,
            Beta1 = 0,
            Beta2 = 0.9,
        }, "wgan-gp", Steps: 1),
        new("train/upsampling/f64", new() { Name = "upsampling", Shape = new(3, 32, 32) },
            Options with { Objective = new() { LabelNoise = 0.05, GeneratedLabelNoise = 0.05 } },
            "upsampling", Steps: 4),
        new("train/dense", new() { Name = "dense", Shape = new(1, 28, 28) }, Options with { BatchSize = 128 },
            "dense", Steps: 40),
        new("train/transfer/f64", new() { Name = "transfer", Shape = new(3, 32, 32), Filters = 64 },
            Options with { Objective = new() { LabelSmoothing = 0.1 } },
            "transfer", Steps: 3),
    ];

    private static TrainingOptions Options => new() { Folder = "unused", Steps = 1 };

    private static TrainCase Dcgan(int filters) => new(
        $"train/dcgan64/f{filters}",
        new() { Name = "dcgan", Shape = new(1, 64, 64), Filters = filters },
        Options with { Objective = new() { GeneratorBatch = GeneratorBatch.Reused } },
        "dcgan",
        filters switch { >= 64 => 2, >= 32 => 4, _ => 12 },
        StepFlops(filters));

    /// <summary>
    /// Floating-point operations of the convolutions of one DCGAN step at batch 64. A layer's forward pass, its input gradient and its
    /// weight gradient cost the same. The discriminator: two forward and two backward passes in its own update (no gradient for its
    /// input), one forward and one input gradient in the generator's. The generator: one forward and one backward pass (no gradient for
    /// the latents).
    /// </summary>
    private static double StepFlops(int f)
    {
        // Multiply-adds of one forward pass of one image: output places x kernel x input channels x output channels.
        double square = f * f;
        double[] discriminator =
            [32 * 32 * 16 * f, 16 * 16 * 16 * 2 * square, 8 * 8 * 16 * 8 * square, 4 * 4 * 16 * 32 * square, 16 * 8 * f];
        double[] generator =
            [100 * 16 * 8 * f, 4 * 4 * 16 * 32 * square, 8 * 8 * 16 * 8 * square, 16 * 16 * 16 * 2 * square, 32 * 32 * 16 * f];
        var d = discriminator.Sum();
        var g = generator.Sum();
        var own = 2 * (3 * d - discriminator[0]);
        var through = 2 * d;
        var learned = 3 * g - generator[0];
        return 2 * 64 * (own + through + learned);
    }
}
