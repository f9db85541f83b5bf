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
/// the precision that <c>train.precision: auto</c> takes; others have their name behind the row's, as <c>/float32</c>. Peers are in
/// float32.
/// </summary>
internal static class TrainBenchmark
{
    private const int Rounds = 7;
    private const int StepsOnCuda = 40;

    public static IEnumerable<string> Names => TrainCase.All.Select(c => c.Name);

    public static IEnumerable<Row> Run(string filter)
    {
        var cases = TrainCase.All.Where(c => Selection.Matches(filter, c.Name)).ToArray();
        if (cases.Length == 0) yield break;
        var device = Devices.Resolve("auto");
        Devices.UseThreads(0);
        var peaks = new Dictionary<TrainingPrecision, double>();
        foreach (var row in cases.SelectMany(c => Measure(c, device, peaks))) yield return row;
    }

    private static IEnumerable<Row> Measure(TrainCase c, Device device, Dictionary<TrainingPrecision, double> peaks)
    {
        var steps = device.type == DeviceType.CUDA ? StepsOnCuda : c.Steps;
        using var peers = new TrainingPeers(c.Peer, c.Networks.Filters, c.Training.BatchSize, device);
        var images = (double)c.Training.BatchSize * c.Training.Objective.CriticSteps * steps;
        var automatic = Automatic(c, device);
        foreach (var precision in new HashSet<TrainingPrecision> { automatic, TrainingPrecision.Float32, OnCuda(device) })
        {
            using var training = new MeasuredGan(c, device, precision);
            var (ours, theirs) = Pair.Measure(() => training.Run(steps), peers.Run(steps), Rounds);
            var name = precision.ToString().ToLowerInvariant();
            var row = precision == automatic ? c.Name : $"{c.Name}/{name}";
            var note = c.Flops == 0 ? name : string.Create(CultureInfo.InvariantCulture,
                $"{name}, {c.Flops * steps / ours / Peak(precision):P0} of the {Peak(precision) / 1e9:F0} GFLOP/s of a matrix product");
            foreach (var (peer, times) in peers.Names.Zip(theirs))
                yield return new(row, images / ours, images / times.Seconds, peer, "images/s", times.Ratio, Stack.Torch, note);
        }

        double Peak(TrainingPrecision precision)
        {
            if (!peaks.TryGetValue(precision, out var peak)) peaks.Add(precision, peak = MatrixProductPeak(device, precision));
            return peak;
        }
    }

    /// <summary>The precision that a training of this case chooses.</summary>
    private static TrainingPrecision Automatic(TrainCase c, Device device)
    {
        if (PrecisionChoice.Obstacle(device) is not null) return TrainingPrecision.Float32;
        using MeasuredGan single = new(c, device, TrainingPrecision.Float32), half = new(c, device, TrainingPrecision.Bfloat16);
        return PrecisionChoice.Measure(new(device, () => []), precision =>
            (precision == TrainingPrecision.Float32 ? single : half).Run(1)).Precision;
    }

    /// <summary>The precision of a row that only GPUs have.</summary>
    private static TrainingPrecision OnCuda(Device device) =>
        device.type == DeviceType.CUDA ? TrainingPrecision.Float16 : TrainingPrecision.Float32;

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
}
