using System.Globalization;

namespace GanPipeline.Training.Tests;

/// <summary>This assembly as a program: trains a small network in a folder, and says how far it is. The kill test kills it.</summary>
internal static class TrainingProcess
{
    public static readonly ArchitectureOptions Architecture = new() { Name = "dcgan", Shape = new ImageShape(1, 16, 16), LatentSize = 8, Filters = 4 };

    public static TrainingOptions Options(string folder, long steps) => new()
    {
        Folder = folder,
        Steps = steps,
        BatchSize = 8,
        Seed = 5,
        Device = "cpu",
        Threads = 1,
        AverageDecay = 0.9,
        Objective = new ObjectiveOptions { LabelNoise = 0.1, GeneratorBatch = GeneratorBatch.Reused },
        LogEvery = 5,
        SampleEvery = 20,
        SampleCount = 4,
        CheckpointEvery = 5,
    };

    public static int Main(string[] arguments)
    {
        using var networks = Architectures.Create(Architecture, seed: 3);
        using var source = new SyntheticSource(Architecture.Shape);
        var options = Options(arguments[0], long.Parse(arguments[1], CultureInfo.InvariantCulture));
        var result = new Trainer(networks, source, options, new Announcer()).Run();
        return result.Finished ? 0 : 1;
    }

    private sealed class Announcer : ITrainingObserver
    {
        public void Started(TrainingStarted started) => Console.WriteLine($"continues from {started.FirstStep}");

        public void Checkpointed(TrainingCheckpointed checkpoint) => Console.WriteLine($"saved {checkpoint.Step}");
    }
}
