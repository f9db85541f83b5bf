using System.Diagnostics;
using System.Globalization;
using GanPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>
/// Training steps against those of a plain TorchSharp program on the same libtorch, and of PyTorch where it is installed, with the same
/// threads, networks and work: discriminator on real and generated images, its update; generator through the discriminator, whose
/// parameters need no gradients then; its update. A step of the Wasserstein GAN has five critic updates with gradient penalty.
/// </summary>
internal static class TrainBenchmark
{
    private const int Rounds = 7;

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
        set_num_threads(Environment.ProcessorCount);
        var peak = MatrixProductPeak();
        foreach (var row in cases.SelectMany(c => Measure(c, peak))) yield return row;
    }

    private static Case Dcgan(int filters) => new(
        $"train/dcgan64/f{filters}",
        new() { Name = "dcgan", Shape = new(1, 64, 64), Filters = filters },
        Options with { Objective = new() { GeneratorBatch = GeneratorBatch.Reused } },
        "dcgan",
        filters switch { >= 64 => 2, >= 32 => 4, _ => 12 },
        StepFlops(filters));

    private static IEnumerable<Row> Measure(Case c, double peak)
    {
        var device = cuda.is_available() ? CUDA : CPU;
        var shape = c.Networks.Shape;
        var batch = c.Training.BatchSize;
        using var networks = Architectures.Create(c.Networks);
        networks.Generator.to(device);
        networks.Discriminator.to(device);
        using var step = new GanStep(networks, c.Training);
        using var real = rand([batch, shape.Channels, shape.Height, shape.Width], device: device).mul_(2).sub_(1);
        using var heap = NativeHeap.KeepFreedMemory();
        object[] arguments = [c.Networks.Filters, batch, get_num_threads(), device.type == DeviceType.CUDA ? "cuda" : "cpu"];
        using var plain = PeerProcess.TorchSharp([c.Peer, .. arguments]);
        using var python = PeerProcess.TryPyTorch(c.Peer + ".py", arguments);

        PeerProcess[] peers = [plain, .. python is null ? Array.Empty<PeerProcess>() : [python]];
        var (ours, theirs) = Pair.Measure(Time, [.. peers.Select(peer => (Func<double>)(() => peer.Run(c.Steps)))], Rounds);
        var images = (double)batch * c.Training.Objective.CriticSteps * c.Steps;
        var note = c.Flops == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{c.Flops * c.Steps / ours / peak:P0} of the {peak / 1e9:F0} GFLOP/s of a matrix product");
        return peers.Zip(theirs, (peer, times) =>
            new Row(c.Name, images / ours, images / times.Seconds, peer.Name, "images/s", times.Ratio, Stack.Torch, note));

        double Time()
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < c.Steps; i++)
            {
                using var scope = NewDisposeScope();
                step.Run(real, () => randn([batch, networks.LatentSize], device: device));
            }
            if (device.type == DeviceType.CUDA) cuda.synchronize();
            return watch.Elapsed.TotalSeconds;
        }
    }

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
    /// The most that this machine's libtorch makes of float32, in floating-point operations a second: a product of 2048 x 2048 matrices,
    /// by the BLAS or, as a convolution of 1 x 1, by oneDNN, whichever is faster.
    /// </summary>
    private static double MatrixProductPeak()
    {
        const int n = 2048;
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var device = cuda.is_available() ? CUDA : CPU;
        var a = rand([n, n], device: device);
        var b = rand([n, n], device: device);
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
                _ = product().sum().item<float>();
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
