using System.Diagnostics;
using TorchSharp;
using Xunit.Abstractions;

namespace GanPipeline.Training.Tests;

public class MemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void No_tensor_outlives_its_step()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(TrainingProcess.Architecture);
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var live = new List<long>();
        var observer = new RecordingObserver
        {
            OnProgress = progress =>
            {
                live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                if (progress.Step % 100 == 0) output.WriteLine(
                    $"step {progress.Step}: {live[^1]} live tensors, {Process.GetCurrentProcess().WorkingSet64 >> 20} MiB resident");
            },
        };
        new Trainer(networks, source, TrainingProcess.Options(folder["run"], 500) with { SampleEvery = 50, CheckpointEvery = 50 }, observer)
            .Run();
        // The first interval comes before the first checkpoint, which is when the optimisers' state is first looked at.
        Assert.All(live.Skip(20), count => Assert.Equal(live[20], count));
    }

    [Fact]
    public void No_tensor_of_any_remedy_outlives_its_step()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(TrainingProcess.Architecture with { Name = "wgan-gp" });
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var live = new List<long>();
        var options = TrainingProcess.Options(folder["run"], 60) with
        {
            Objective = new()
            {
                Loss = GanLoss.Hinge,
                GradientPenalty = 1,
                LabelFlips = 0.1,
                CriticSteps = 2,
                SpectralNormalization = true,
                Augment = Augmentations.Color | Augmentations.Translation | Augmentations.Cutout | Augmentations.Flip,
                AugmentTarget = 0.5,
                AugmentImages = 100,
                InstanceNoise = 0.1,
                GeneratorBatch = GeneratorBatch.Reused,
            },
            EvaluateEvery = 10,
            CheckpointEvery = 10,
        };
        var observer = new RecordingObserver { OnProgress = _ => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) };
        new Trainer(networks, source, options, observer, new BrightnessEvaluator()).Run();
        Assert.Equal(12, live.Count);
        // The first intervals come before the first checkpoint, which is when the optimisers' state is first looked at.
        Assert.All(live.Skip(4), count => Assert.Equal(live[4], count));

        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Trainer(networks, source, options with { Folder = folder["second"], Steps = 10 }, null, new BrightnessEvaluator()).Run();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_trainer_leaves_nothing_but_the_networks()
    {
        using var folder = new TemporaryFolder();
        using var networks = Architectures.Create(TrainingProcess.Architecture);
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        new Trainer(networks, source, TrainingProcess.Options(folder["first"], 5)).Run();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        new Trainer(networks, source, TrainingProcess.Options(folder["second"], 5)).Run();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
