using System.Diagnostics;
using System.Globalization;
using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

/// <summary>This assembly as a program that several processes run: a training of one of these cases.</summary>
internal static class MpiProgram
{
    public const string Command = "mpi";

    public const string Plain = "networks without batch normalisation";
    public const string Synchronized = "batch normalisation over all, R1, spectral normalisation, an average";
    public const string Everything = Remedies.AllWithPenalty;
    public const string Mixed = Remedies.AllWithR1;
    public const string Damaged = "rank 1 cannot read its pictures";
    public const string Diverging = "a learning rate that is far too high";
    public const string Unequal = "rank 1 has another seed";
    public const string Automatic = "as many threads as the training chooses";
    public const string Indivisible = "a batch of 7";

    public static readonly ImageShape Shape = TrainingProcess.Architecture.Shape;

    /// <summary>Two processes of it.</summary>
    public static ProcessStartInfo Start(MpiKind kind, string name, string folder, long steps)
    {
        var own = TrainingProcess.Start(folder, steps);
        return MpiLauncher.Start(kind, own.FileName,
            [own.ArgumentList[0], Command, name, folder, steps.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>The case in this process.</summary>
    public static TrainingResult Train(string name, string folder, long steps, ProcessGroup? processes = null,
        ITrainingObserver? observer = null)
    {
        var options = Options(name, folder, steps, processes?.Rank ?? 0);
        using var networks = Networks(name, options);
        using var source = new Source(name == Damaged && processes?.Rank == 1);
        var result = new Trainer(networks, source, options, observer, new BrightnessEvaluator(), processes).Run();
        if (processes is not null)
        {
            File.WriteAllText(Path.Combine(folder, $"threads-{processes.Rank}"), result.Threads.ToString(CultureInfo.InvariantCulture));
            File.WriteAllBytes(Path.Combine(folder, $"weights-{processes.Rank}"), Weights(networks));
        }
        return result;
    }

    public static int Main(string[] arguments)
    {
        var (name, folder, steps) = (arguments[0], arguments[1], long.Parse(arguments[2], CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        try
        {
            using var processes = ProcessGroup.FromEnvironment();
            File.WriteAllText(Path.Combine(folder, $"pid-{processes.Rank}"),
                Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return Train(name, folder, steps, processes, new Announcer()).Finished ? 0 : 1;
        }
        catch (Exception e) when (e is TrainingException or CheckpointException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    // Adam's epsilon is large: else it makes a full step of a gradient that is nothing but rounding.
    private static TrainingOptions Options(string name, string folder, long steps, int rank) => name switch
    {
        Everything => Remedies.For(Remedies.AllWithPenalty, folder, steps),
        Mixed => Remedies.For(Remedies.AllWithR1, folder, steps) with { SynchronizeBatchNormalization = true },
        Diverging => Small(folder, steps) with { LearningRate = 1e30, LogEvery = 3 },
        Automatic => Small(folder, steps) with { Threads = null },
        Unequal => Small(folder, steps) with { Seed = rank },
        Indivisible => Small(folder, steps) with { BatchSize = 7 },
        Synchronized => Small(folder, steps) with
        {
            SynchronizeBatchNormalization = true,
            AverageDecay = 0.9,
            Objective = new()
            {
                Loss = GanLoss.Hinge, R1 = 1, R1Every = 2, SpectralNormalization = true, GeneratorBatch = GeneratorBatch.Reused,
            },
        },
        _ => Small(folder, steps) with { Objective = new() { CriticSteps = 2 } },
    };

    private static TrainingOptions Small(string folder, long steps) => TrainingProcess.Options(folder, steps) with
    {
        Epsilon = 1e-3, LearningRate = 1e-3, AverageDecay = 0, Objective = new(),
    };

    private static GanNetworks Networks(string name, TrainingOptions options)
    {
        if (name is Everything or Mixed) return Architectures.Create(Remedies.Architecture(options), seed: 3);
        if (name == Synchronized) return Architectures.Create(TrainingProcess.Architecture with { Dropout = 0 }, seed: 3);
        manual_seed(3).Dispose();
        return new(TrainingProcess.Architecture,
            Sequential(Linear(8, 64), LeakyReLU(0.2), Linear(64, Shape.Size), Tanh(), Unflatten(1, [1, Shape.Height, Shape.Width])),
            Sequential(Conv2d(1, 8, 4, stride: 2, padding: 1), LeakyReLU(0.2), Flatten(), Linear(512, 1)));
    }

    private static byte[] Weights(GanNetworks networks) =>
        [.. networks.Generator.parameters().Concat(networks.Discriminator.parameters()).SelectMany(weights => weights.bytes.ToArray())];

    private sealed class Source(bool isDamaged) : IImageSource
    {
        private readonly SyntheticSource _images = new(Shape);

        public string Name => _images.Name;
        public int Count => _images.Count;
        ImageShape IImageSource.Shape => _images.Shape;
        public IReadOnlyList<string> Classes => _images.Classes;
        public string Fingerprint => _images.Fingerprint;
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public int Label(int index) => _images.Label(index);
        public bool TryRead(int index, Span<byte> pixels) =>
            isDamaged ? throw new TrainingException("the disk with the pictures is gone") : _images.TryRead(index, pixels);

        public void Dispose() => _images.Dispose();
    }

    private sealed class Announcer : ITrainingObserver
    {
        public void Started(TrainingStarted started) =>
            Console.WriteLine($"continues from {started.FirstStep} with {started.Processes} processes");

        public void Checkpointed(TrainingCheckpointed checkpoint) => Console.WriteLine($"saved {checkpoint.Step}");

        public void Warned(string message) => Console.WriteLine(message);
    }
}
