using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>A training step as a TorchSharp user writes it, in a process of its own.</summary>
internal abstract class PlainPeer : IDisposable
{
    /// <summary>The first argument of a process that is a peer; the others are those of <see cref="Serve"/>.</summary>
    public const string Command = "peer";

    /// <summary>Runs as many steps as each line of the standard input says, and answers with the seconds they took.</summary>
    /// <param name="arguments">The peer, filters, batch, threads, device.</param>
    public static void Serve(string[] arguments)
    {
        var numbers = arguments[1..4].Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var (filters, batch, device) = (numbers[0], numbers[1], arguments[4] == "cuda" ? CUDA : CPU);
        set_num_threads(numbers[2]);
        manual_seed(1);
        using PlainPeer peer = arguments[0] switch
        {
            "dcgan" => new PlainDcgan(new(filters, batch, Channels: 1, Side: 64, LatentSize: 100, device)),
            "wgan-gp" => new PlainWganGp(new(filters, batch, Channels: 3, Side: 64, LatentSize: 128, device)
            {
                LearningRate = 1e-4,
                Beta1 = 0,
                Beta2 = 0.9,
            }),
            "upsampling" => new PlainUpsamplingGan(new(filters, batch, Channels: 3, Side: 32, LatentSize: 100, device)),
            "dense" => new PlainDenseGan(new(filters, batch, Channels: 1, Side: 28, LatentSize: 100, device)),
            "transfer" => new PlainTransferGan(new(filters, batch, Channels: 3, Side: 32, LatentSize: 256, device)),
            "classifier" => new PlainClassifier(filters, batch, device),
            var other => throw new BenchmarkException($"there is no peer '{other}'"),
        };
        Console.WriteLine($"TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(3)}, plain");
        while (Console.ReadLine() is { } line)
        {
            var watch = Stopwatch.StartNew();
            for (var i = int.Parse(line, CultureInfo.InvariantCulture); i > 0; i--) peer.Step();
            if (device.type == DeviceType.CUDA) cuda.synchronize();
            Console.WriteLine(watch.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>One step of the training.</summary>
    protected abstract void Step();

    public abstract void Dispose();
}
