using System.Diagnostics;
using System.Globalization;

namespace GanPipeline.Training.Tests;

/// <summary>This assembly as a program: trains a small network in a folder, and says how far it is. The kill test kills it.</summary>
internal static class TrainingProcess
{
    public static readonly ArchitectureOptions Architecture = new() {
        Name = "dcgan",
        Shape = new ImageShape(1, 16, 16),
        LatentSize = 8,
        Filters = 4 };

    public static TrainingOptions Options(string folder, long steps) => new()
    {
        Folder = folder,
        Steps = steps,
        BatchSize = 8,
        Seed = 5,
        Device = "cpu",
        Threads = 1,
        // A choice by a measurement may be another one the next time.
        Precision = TrainingPrecision.Float32,
        AverageDecay = 0.9,
        Objective = new ObjectiveOptions { LabelNoise = 0.1, GeneratorBatch = GeneratorBatch.Reused },
        LogEvery = 5,
        SampleEvery = 20,
        SampleCount = 4,
        CheckpointEvery = 5,
    };

    /// <summary>This program, with its output to be read; of <see cref="Remedies"/> where one is named.</summary>
    public static ProcessStartInfo Start(string folder, long steps, string? remedy = null) => new(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(TrainingProcess).Assembly.Location, folder, steps.ToString(CultureInfo.InvariantCulture),
            .. remedy is null ? [] : new[] { remedy }])
    {
        RedirectStandardOutput = true,
    };

    public static int Main(string[] arguments)
    {
        if (arguments is [MpiProgram.Command, .. var case_]) return MpiProgram.Main(case_);
        try
        {
            return Run(arguments[0], long.Parse(arguments[1], CultureInfo.InvariantCulture), arguments.ElementAtOrDefault(2));
        }
        catch (TrainingException e)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static int Run(string folder, long steps, string? remedy)
    {
        var options = remedy is null ? Options(folder, steps) : Remedies.For(remedy, folder, steps);
        using var networks = Architectures.Create(remedy is null ? Architecture : Remedies.Architecture(options), seed: 3);
        using var source = new SyntheticSource(Architecture.Shape);
        var result = new Trainer(networks, source, options, new Announcer(), new BrightnessEvaluator()).Run();
        return result.Finished ? 0 : 1;
    }

    private sealed class Announcer : ITrainingObserver
    {
        public void Started(TrainingStarted started) => Console.WriteLine($"continues from {started.FirstStep}");

        public void Checkpointed(TrainingCheckpointed checkpoint) => Console.WriteLine($"saved {checkpoint.Step}");
    }
}
