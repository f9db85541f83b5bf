using GanPipeline.Training;
using TorchSharp;

namespace GanPipeline.Bench;

/// <summary>The training step of CIFAR-10's classifier, against a plain TorchSharp program's and PyTorch's.</summary>
internal static class ClassifierBenchmark
{
    public const string Name = "train/classifier";

    private const int Rounds = 7;
    private const int Steps = 3;
    private const int StepsOnCuda = 40;

    public static IEnumerable<Row> Run(string filter)
    {
        if (!Selection.Matches(filter, Name)) yield break;
        var device = Devices.Resolve("auto");
        Devices.UseThreads(0);
        var steps = device.type == DeviceType.CUDA ? StepsOnCuda : Steps;
        using var training = new MeasuredClassifier(device);
        using var peers = new TrainingPeers("classifier", MeasuredClassifier.Options.Filters, MeasuredClassifier.Batch, device);
        var (ours, theirs) = Pair.Measure(() => training.Run(steps), peers.Run(steps), Rounds);
        var images = (double)MeasuredClassifier.Batch * steps;
        foreach (var (peer, times) in peers.Names.Zip(theirs))
            yield return new(Name, images / ours, images / times.Seconds, peer, "images/s", times.Ratio, Stack.Torch, "float32");
    }
}
