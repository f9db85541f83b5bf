using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>Trainings that no memory would hold.</summary>
public class StepMemoryTests
{
    [Fact]
    public void The_least_that_a_step_needs_is_counted()
    {
        using var dense = Architectures.Create(new() { Name = "dense", Shape = new ImageShape(1, 28, 28), LatentSize = 100 });
        // The outputs of the layers with weights, and each weight with its gradient and two moments, in float32.
        var generator = 256 + 256 + 512 + 512 + 1024 + 1024 + 784;
        var discriminator = 512 + 256 + 1;
        var weights = 1_489_936 + 533_505;
        Assert.Equal(4L * (4 * weights + 128 * (generator + 2 * discriminator)), StepMemory.AtLeast(dense, 128));
        Assert.True(dense.Generator.training);
    }

    [Fact]
    public void A_batch_that_cannot_fit_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        using var images = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var options = TrainingProcess.Options(folder["run"], 5) with { BatchSize = 100_000_000 };
        var refused = Assert.Throws<TrainingException>(() => new Trainer(networks, images, options).Run());
        Assert.Matches("A step with 100,000,000 images needs at least [0-9.]+ GB of memory, and there are [0-9.]+ GB.", refused.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["run"]));
    }

    [Fact]
    public void What_libtorch_has_no_memory_for_is_told_with_advice()
    {
        // A petabyte, more than a process can address. A new tensor of that size would make TorchSharp wait for finalizers, which do not
        // run in this process (TensorScopes).
        var told = Assert.Throws<TrainingException>(() => StepMemory.Guard(() => ones(1).expand(1L << 48).clone()));
        Assert.StartsWith("There is not enough memory for a step of this training.", told.Message, StringComparison.Ordinal);
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => StepMemory.Guard(() => ones(2).add(ones(3))));
    }
}
