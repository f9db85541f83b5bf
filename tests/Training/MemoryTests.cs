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
                if (progress.Step % 100 == 0) output.WriteLine($"step {progress.Step}: {live[^1]} live tensors, {Process.GetCurrentProcess().WorkingSet64 >> 20} MiB resident");
            },
        };
        new Trainer(networks, source, TrainingProcess.Options(folder["run"], 500) with { SampleEvery = 50, CheckpointEvery = 50 }, observer).Run();
        // The first interval comes before the first checkpoint, which is when the optimisers' state is first looked at.
        Assert.All(live.Skip(20), count => Assert.Equal(live[20], count));
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
