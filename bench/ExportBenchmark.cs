using System.Diagnostics;
using System.Globalization;
using GanPipeline.Export;
using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using Onnx;

namespace GanPipeline.Bench;

/// <summary>
/// Files of the exporter beside those that PyTorch's own writes of the same networks with the same weights: nodes, bytes, the time until
/// ONNX Runtime has loaded them, and how fast it runs them; and their smaller forms beside the file in float32.
/// </summary>
internal static class ExportBenchmark
{
    private const int Rounds = 15;

    // Half of them calibrates an 8-bit form, and the other half measures what a form loses.
    private const int Rows = 64;

    public static IEnumerable<string> Names => ExportNetworks.All.Select(network => Name(network.Name));

    public static IEnumerable<Row> Run(string filter)
    {
        foreach (var network in ExportNetworks.All.Where(network => Selection.Matches(filter, Name(network.Name))))
        {
            if (PeerProcess.PyTorchProgram("export.py") is not var (python, script)) yield break;
            var folder = Directory.CreateTempSubdirectory("gan-bench-").FullName;
            try
            {
                foreach (var row in Measure(network.Name, network.Make, network.Input, network.Batch, python, script, folder))
                    yield return row;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Name(string network) => "export/" + network;

    private static IEnumerable<Row> Measure(
        string name, Func<TorchSharp.torch.nn.Module> make, ModelInput input, int batch, string python, string script, string folder)
    {
        var peerName = Export(python, script, name, folder);
        string ours = Path.Combine(folder, "ours.onnx"), theirs = Path.Combine(folder, "peer.onnx");
        var watch = Stopwatch.StartNew();
        ReducedModel[] forms;
        using (var network = make())
        {
            ModuleWeights.Load(network, Path.Combine(folder, "weights.pt"));
            watch.Restart();
            OnnxExporter.Export(network, ours, [input]);
            watch.Stop();
            var report = OnnxVerifier.Verify(network, theirs, [input]);
            if (!report.Agrees) throw new BenchmarkException($"PyTorch's file of {name} does not compute the same: {report}");
            forms = [.. Enum.GetValues<ModelPrecision>().Select(precision => Form(network, input, precision, folder))];
        }

        Row New(string what, double mine, double other, string unit, double ratio, string? note = null) =>
            new($"{Name(name)}/{what}", mine, other, peerName, unit, ratio, Stack.OnnxRuntime, note);

        var nodes = (Nodes(ours), Nodes(theirs));
        yield return New("nodes", nodes.Item1, nodes.Item2, "nodes", (double)nodes.Item2 / nodes.Item1,
            string.Create(CultureInfo.InvariantCulture, $"ours was written and verified in {watch.Elapsed.TotalSeconds:F1} s"));
        var bytes = (new FileInfo(ours).Length / 1e3, new FileInfo(theirs).Length / 1e3);
        yield return New("size", bytes.Item1, bytes.Item2, "kB", bytes.Item2 / bytes.Item1);
        var (load, loadPeer, loadRatio) = Pair.Measure(() => Load(ours), () => Load(theirs), Rounds);
        yield return New("load", load * 1000, loadPeer * 1000, "ms", loadRatio);
        using Side mine = new(ours, input, batch), peer = new(theirs, input, batch);
        var (run, runPeer, runRatio) = Pair.Measure(mine.Run, peer.Run, Rounds);
        yield return New("run", Side.Runs * batch / run, Side.Runs * batch / runPeer, "rows/s", runRatio, $"batches of {batch}");
        foreach (var form in forms)
        {
            using var side = new Side(form.Path, input, batch);
            var (fast, plain, ratio) = Pair.Measure(side.Run, mine.Run, Rounds);
            yield return new Row($"{Name(name)}/{form.Precision.ToString().ToLowerInvariant()}", Side.Runs * batch / fast,
                Side.Runs * batch / plain, "the file in float32", "rows/s", ratio, Stack.OnnxRuntime, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{100.0 * form.Bytes / form.OriginalBytes:F0} % of the size, {100 * form.Losses["output"].RelativeError:G2} % off"));
        }
    }

    private static ReducedModel Form(TorchSharp.torch.nn.Module network, ModelInput input, ModelPrecision precision, string folder)
    {
        long[] shape = [Rows, .. input.Shape];
        using var rows = input.Type == TensorProto.Types.DataType.Int64
            ? TorchSharp.torch.randint(0, 1000, shape, dtype: TorchSharp.torch.int64)
            : TorchSharp.torch.randn(shape);
        var options = new ExportOptions { Precision = precision, Calibration = [rows] };
        return OnnxExporter.Export(network, Path.Combine(folder, $"{precision}.onnx"), [input], options).Reduced!;
    }

    private static string Export(string python, string script, string name, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(python, [script, name, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new BenchmarkException($"{script} {name} failed: {errors.Result}");
        return answer.Trim().Split('\n')[^1] + "'s exporter";
    }

    private static int Nodes(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node.Count;

    private static double Load(string path)
    {
        var watch = Stopwatch.StartNew();
        using var session = new InferenceSession(path);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>A file, loaded, with a batch of inputs.</summary>
    private sealed class Side : IDisposable
    {
        public const int Runs = 10;

        private readonly InferenceSession _session;
        private readonly OrtValue _input;
        private readonly RunOptions _run = new();

        public Side(string path, ModelInput input, int batch)
        {
            using var options = new SessionOptions();
            // Threads that wait at work would take the processors from the other side.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            _session = new InferenceSession(path, options);
            var random = new Random(1);
            long[] shape = [batch, .. input.Shape];
            var count = (int)shape.Aggregate(1L, (product, size) => product * size);
            _input = input.Type == TensorProto.Types.DataType.Int64
                ? OrtValue.CreateTensorValueFromMemory(Enumerable.Range(0, count).Select(_ => (long)random.Next(1000)).ToArray(), shape)
                : OrtValue.CreateTensorValueFromMemory(Enumerable.Range(0, count).Select(_ => random.NextSingle()).ToArray(), shape);
        }

        public double Run()
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Runs; i++)
                using (_session.Run(_run, ["input"], [_input], ["output"]))
                {
                }
            return watch.Elapsed.TotalSeconds;
        }

        public void Dispose()
        {
            _input.Dispose();
            _run.Dispose();
            _session.Dispose();
        }
    }
}
