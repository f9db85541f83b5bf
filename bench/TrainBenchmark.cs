using System.Diagnostics;
using System.Globalization;
using GanPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>
/// Training steps against those of a plain TorchSharp program on the same libtorch, and of PyTorch where it is installed, with the same
/// threads, networks and work: discriminator on real and generated images, its update; generator through the discriminator, whose
/// parameters need no gradients then; its update. A step of the Wasserstein GAN has five critic updates with gradient penalty. A row is in
/// the precision that <c>train.precision: auto</c> takes; others have their name behind the row's, as <c>/float32</c>. Peers are in float32.
/// </summary>
internal static class TrainBenchmark
{
    private const int Rounds = 7;
    private const int StepsOnCuda = 40;

    private static readonly Case[] _cases =
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
            "transfer", Steps: 1),
    ];

    private static TrainingOptions Options => new() { Folder = "unused", Steps = 1 };

    public static IEnumerable<string> Names => _cases.Select(c => c.Name);

    public static IEnumerable<Row> Run(string filter)
    {
        var cases = _cases.Where(c => Selection.Matches(filter, c.Name)).ToArray();
        if (cases.Length == 0) yield break;
        var device = Devices.Resolve("auto");
        Devices.UseThreads(0);
        var peaks = new Dictionary<TrainingPrecision, double>();
        foreach (var row in cases.SelectMany(c => Measure(c, device, peaks))) yield return row;
    }

    private static Case Dcgan(int filters) => new(
        $"train/dcgan64/f{filters}",
        new() { Name = "dcgan", Shape = new(1, 64, 64), Filters = filters },
        Options with { Objective = new() { GeneratorBatch = GeneratorBatch.Reused } },
        "dcgan",
        filters switch { >= 64 => 2, >= 32 => 4, _ => 12 },
        StepFlops(filters));

    private static IEnumerable<Row> Measure(Case c, Device device, Dictionary<TrainingPrecision, double> peaks)
    {
        var shape = c.Networks.Shape;
        var batch = c.Training.BatchSize;
        var steps = device.type == DeviceType.CUDA ? StepsOnCuda : c.Steps;
        using var networks = Architectures.Create(c.Networks);
        Devices.Move(networks.Generator, device);
        Devices.Move(networks.Discriminator, device);
        using var real = rand([batch, shape.Channels, shape.Height, shape.Width], device: device).mul_(2).sub_(1);
        using var heap = NativeHeap.KeepFreedMemory();
        object[] arguments = [c.Networks.Filters, batch, get_num_threads(), device.type == DeviceType.CUDA ? "cuda" : "cpu"];
        using var plain = PeerProcess.TorchSharp([c.Peer, .. arguments]);
        using var python = PeerProcess.TryPyTorch(c.Peer + ".py", arguments);

        PeerProcess[] peers = [plain, .. python is null ? Array.Empty<PeerProcess>() : [python]];
        var images = (double)batch * c.Training.Objective.CriticSteps * steps;
        var automatic = PrecisionChoice.Obstacle(device) is null
            ? PrecisionChoice.Measure(device, [], precision => Seconds(precision, 1)).Precision : TrainingPrecision.Float32;
        foreach (var precision in new HashSet<TrainingPrecision> { automatic, TrainingPrecision.Float32, OnCuda(device) })
        {
            var (ours, theirs) = Pair.Measure(() => Seconds(precision, steps),
                [.. peers.Select(peer => (Func<double>)(() => peer.Run(steps)))], Rounds);
            var name = precision.ToString().ToLowerInvariant();
            var row = precision == automatic ? c.Name : $"{c.Name}/{name}";
            var note = c.Flops == 0 ? name : string.Create(CultureInfo.InvariantCulture,
                $"{name}, {c.Flops * steps / ours / Peak(precision):P0} of the {Peak(precision) / 1e9:F0} GFLOP/s of a matrix product");
            foreach (var (peer, times) in peers.Zip(theirs))
                yield return new(row, images / ours, images / times.Seconds, peer.Name, "images/s", times.Ratio, Stack.Torch, note);
        }

        double Seconds(TrainingPrecision precision, int steps)
        {
            using var step = new GanStep(networks, c.Training with { Precision = precision });
            Run(step, 1);
            var watch = Stopwatch.StartNew();
            Run(step, steps);
            return watch.Elapsed.TotalSeconds;
        }

        void Run(GanStep step, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                step.Run(real, () => randn([batch, networks.LatentSize], device: device));
            }
            if (device.type == DeviceType.CUDA) cuda.synchronize();
        }

        double Peak(TrainingPrecision precision)
        {
            if (!peaks.TryGetValue(precision, out var peak)) peaks.Add(precision, peak = MatrixProductPeak(device, precision));
            return peak;
        }
    }

    /// <summary>The precision of a row that only GPUs have.</summary>
    private static TrainingPrecision OnCuda(Device device) =>
        device.type == DeviceType.CUDA ? TrainingPrecision.Float16 : TrainingPrecision.Float32;

    /// <summary>
    /// A row: its networks and step, the name of the peers, steps in a round, and a step's floating-point operations, 0 where they are not
    /// counted.
    /// </summary>
    private sealed record Case(
        string Name,
        ArchitectureOptions Networks,
        TrainingOptions Training,
        string Peer,
        int Steps,
        double Flops = 0);

    /// <summary>
    /// The most that this machine's libtorch makes of a precision, in floating-point operations a second: a product of square matrices,
    /// by the BLAS or, as a convolution of 1 x 1, by oneDNN, whichever is faster.
    /// </summary>
    private static double MatrixProductPeak(Device device, TrainingPrecision precision)
    {
        var n = device.type == DeviceType.CUDA ? 8192 : 2048;
        var type = precision switch
        {
            TrainingPrecision.Bfloat16 => bfloat16,
            TrainingPrecision.Float16 => float16,
            _ => float32,
        };
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var a = rand([n, n], device: device).to(type);
        var b = rand([n, n], device: device).to(type);
        var image = a.view(1, n, n, 1);
        var kernel = b.view(n, n, 1, 1);
        return 2.0 * n * n * n / Math.Min(Best(() => a.mm(b)), Best(() => nn.functional.conv2d(image, kernel)));

        static double Best(Func<Tensor> product)
        {
            var best = double.MaxValue;
            for (var i = 0; i < 10; i++)
            {
                using var inner = NewDisposeScope();
                var watch = Stopwatch.StartNew();
                _ = product().sum().to(float32).item<float>();
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
            }
            return best;
        }
    }

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
