using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>An exported network with an input, and what Torch makes of it, for a runtime that is neither ours nor Torch.</summary>
/// <param name="Name">What a message calls it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Input">A batch of 2 for its only input, <c>x</c>.</param>
/// <param name="Expected">Torch's output.</param>
internal sealed record NetworkCase(string Name, string Path, NodeTensor Input, NodeTensor Expected)
{
    public static NetworkCase Of(string name, Module<Tensor, Tensor> network, long[] shape, string path, ExportOptions? options = null)
    {
        OnnxExporter.Export(network, path, [ModelInput.Uniform("x", shape, -2, 2)], options);
        using var input = rand([2, .. shape]) * 4 - 2;
        network.eval();
        using var untracked = no_grad();
        // Before the call, which may change it in place.
        var given = Numbers(input);
        using var output = network.call(input).to(ScalarType.Float32).contiguous();
        return new(name, path, given, Numbers(output));
    }

    /// <summary>Random networks, the same for the same seed.</summary>
    public static IEnumerable<NetworkCase> Random(TemporaryFolder folder, uint seed, int count, ExportOptions? options = null)
    {
        var networks = Networks.RandomNetwork.Any();
        for (var i = 0; i < count; i++)
        {
            var (shape, choices) = networks.Generate(new CsCheck.PCG(seed, (ulong)i), null, out _);
            manual_seed(i);
            using var network = new Networks.RandomNetwork(shape, choices);
            yield return Of(string.Join(" -> ", network.Steps), network, shape, folder[$"network{i}.onnx"], options);
        }
    }

    /// <summary>The largest difference of an answer, for the scale of what is right; infinite where the shape is another.</summary>
    public double Difference(NodeTensor answer)
    {
        if (!answer.Dims.SequenceEqual(Expected.Dims) && answer.Data.Length != Expected.Data.Length) return double.PositiveInfinity;
        var scale = Expected.Data.Select(Math.Abs).Append(1).Max();
        return Expected.Data.Zip(answer.Data, (x, y) => x.Equals(y) ? 0 : Math.Abs((double)x - y)).Select(difference =>
            double.IsNaN(difference) ? double.PositiveInfinity : difference).Append(0).Max() / scale;
    }

    private static NodeTensor Numbers(Tensor tensor) =>
        new([.. tensor.shape.Select(size => (int)size)], tensor.data<float>().ToArray());
}
