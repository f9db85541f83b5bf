using System.Diagnostics;
using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>
/// The DCGAN training step at 64 x 64, batch 64, against PyTorch's on the same libtorch, threads, batch and network, both with the same work:
/// discriminator on real and generated images, its update; generator through the discriminator, whose parameters need no gradients then; its update.
/// </summary>
internal static class TrainBenchmark
{
    private const int Batch = 64;
    private const int Rounds = 7;
    private static readonly int[] Sizes = [64, 32, 16];

    public static IEnumerable<Row> Run(string filter)
    {
        var sizes = Sizes.Where(f => Selection.Matches(filter, Name(f))).ToArray();
        if (sizes.Length == 0) yield break;
        set_num_threads(Environment.ProcessorCount);
        var peak = MatrixProductPeak();
        foreach (var filters in sizes) yield return Measure(filters, peak);
    }

    private static string Name(int filters) => $"train/dcgan64/f{filters}";

    private static Row Measure(int filters, double peak)
    {
        var device = cuda.is_available() ? CUDA : CPU;
        using var networks = Architectures.Create(new ArchitectureOptions { Name = "dcgan", Shape = new ImageShape(1, 64, 64), Filters = filters });
        networks.Generator.to(device);
        networks.Discriminator.to(device);
        using var step = new GanStep(networks, new TrainingOptions { Folder = "unused", Steps = 1, BatchSize = Batch, GeneratorBatch = GeneratorBatch.Reused });
        using var real = rand([Batch, 1, 64, 64], device: device).mul_(2).sub_(1);
        using var peer = new PythonPeer("torch_dcgan.py", filters, Batch, get_num_threads(), device.type == DeviceType.CUDA ? "cuda" : "cpu");

        var steps = filters switch { >= 64 => 2, >= 32 => 4, _ => 12 };
        var (ours, theirs, ratio) = Pair.Measure(() => Time(steps), () => peer.Run(steps), Rounds);
        var images = (double)Batch * steps;
        var share = StepFlops(filters) * steps / ours / peak;
        return new Row(Name(filters), images / ours, images / theirs, peer.Name, "images/s", ratio, Stack.Torch,
            string.Create(CultureInfo.InvariantCulture, $"{share:P0} of the {peak / 1e9:F0} GFLOP/s of a matrix product"));

        double Time(int count)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                step.Run(real, () => randn([Batch, networks.LatentSize], device: device));
            }
            if (device.type == DeviceType.CUDA) cuda.synchronize();
            return watch.Elapsed.TotalSeconds;
        }
    }

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
    /// Floating-point operations of one step's convolutions. A layer's forward pass, its input gradient and its weight gradient cost the same.
    /// The discriminator: two forward and two backward passes in its own update (no gradient for its input), one forward and one input
    /// gradient in the generator's. The generator: one forward and one backward pass (no gradient for the latents).
    /// </summary>
    private static double StepFlops(int f)
    {
        // Multiply-adds of one forward pass of one image: output places x kernel x input channels x output channels.
        double[] discriminator = [32 * 32 * 16 * f, 16 * 16 * 16 * 2.0 * f * f, 8 * 8 * 16 * 8.0 * f * f, 4 * 4 * 16 * 32.0 * f * f, 16 * 8.0 * f];
        double[] generator = [100 * 16 * 8.0 * f, 4 * 4 * 16 * 32.0 * f * f, 8 * 8 * 16 * 8.0 * f * f, 16 * 16 * 16 * 2.0 * f * f, 32 * 32 * 16 * f];
        var d = discriminator.Sum();
        var g = generator.Sum();
        var own = 2 * (3 * d - discriminator[0]);
        var through = 2 * d;
        var learned = 3 * g - generator[0];
        return 2 * Batch * (own + through + learned);
    }
}
