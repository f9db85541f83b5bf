using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Onnx;
using TorchSharp.Modules;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The weights of a network in an ONNX file, of this project or any other, for a network of the same layers: convolutions, transposed ones,
/// matrix products and batch normalisations are taken in their order.
/// </summary>
/// <remarks>
/// Exporters multiply batch normalisation into the layer before it. Such a layer's weights are taken as they are, and the
/// normalisation after it is given the statistics of what they make of real images or latents, and the scale and shift that leave it
/// unchanged: the network computes what the file's does, and a training goes on from there.
/// </remarks>
internal static class OnnxWeights
{
    private sealed record Layer(string Type, float[] Weights, long[] Shape, float[]? Bias, float[]? Mean = null, float[]? Variance = null);

    /// <summary>A hash of the files' bytes.</summary>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public static string Hash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(ReadBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Fills a network in training mode.</summary>
    /// <param name="file">The ONNX file.</param>
    /// <param name="network">Of the same layers; on any device.</param>
    /// <param name="pass">Runs the network on what it will be trained on, a few hundred images or latents.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or holds another network; nothing is filled then.</exception>
    public static void Load(string file, Module<Tensor, Tensor> network, Action pass)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var layers = new Queue<Layer>(Read(file));
        List<Action> fill = [];
        List<BatchNorm> folded = [];
        float[]? shift = null;
        foreach (var (name, module) in InOrder(network, "").Where(entry => entry.Module.parameters(recurse: false).Any()))
        {
            if (module is BatchNorm norm)
            {
                if (layers.TryPeek(out var next) && next.Type == "BatchNormalization")
                {
                    if (shift is not null) throw Different(file, $"a bias before '{name}'");
                    if (next.Shape is not [var channels] || channels != norm.num_features)
                        throw Different(file, $"[{string.Join(", ", next.Shape)}] where '{name}' is [{norm.num_features}]");
                    layers.Dequeue();
                    fill.Add(() => Fill(norm, next));
                }
                else
                {
                    var bias = shift;
                    fill.Add(() => FillFolded(norm, bias));
                    folded.Add(norm);
                }
                shift = null;
                continue;
            }
            if (shift is not null) throw Different(file, $"a bias in the layer before '{name}'");
            if (!layers.TryDequeue(out var layer)) throw Different(file, $"nothing for '{name}' and what follows");
            var (weight, own) = module switch
            {
                Conv2d conv when layer.Type == "Conv" => (conv.weight, conv.bias),
                ConvTranspose2d conv when layer.Type == "ConvTranspose" => (conv.weight, conv.bias),
                Linear linear when layer.Type == "Gemm" => (linear.weight, linear.bias),
                _ => throw Different(file, $"a {layer.Type} where '{name}' is a {module.GetName()}"),
            };
            if (!layer.Shape.AsSpan().SequenceEqual(weight.shape))
                throw Different(file, $"[{string.Join(", ", layer.Shape)}] where '{name}' is [{string.Join(", ", weight.shape)}]");
            shift = own is null ? layer.Bias : null;
            fill.Add(() =>
            {
                weight.copy_(tensor(layer.Weights, layer.Shape));
                own?.copy_(layer.Bias is null ? zeros_like(own) : tensor(layer.Bias));
            });
        }
        if (shift is not null || layers.Count > 0) throw Different(file, $"{layers.Count + (shift is null ? 0 : 1)} more than it");
        foreach (var action in fill) action();
        if (folded.Count > 0) Calibrate(network, folded, pass);
    }

    /// <summary>A network's modules in the order in which they were registered; TorchSharp names those inside of others last.</summary>
    private static IEnumerable<(string Name, Module Module)> InOrder(Module network, string prefix) =>
        network.named_children().SelectMany(child => InOrder(child.module, $"{prefix}{child.name}.")
            .Prepend((prefix + child.name, child.module)));

    /// <summary>Gives each normalisation, which leaves its input unchanged, the statistics of its input.</summary>
    private static void Calibrate(Module<Tensor, Tensor> network, IReadOnlyList<BatchNorm> norms, Action pass)
    {
        var statistics = new Dictionary<BatchNorm, (Tensor Mean, Tensor Variance)>();
        var hooks = norms.Select(norm => norm.register_forward_hook((_, input, output) =>
        {
            long[] dimensions = [.. Enumerable.Range(0, (int)input.dim()).Where(d => d != 1).Select(d => (long)d)];
            statistics[norm] = (input.mean(dimensions), input.var(dimensions, unbiased: false));
            return output;
        })).ToArray();
        network.eval();
        try
        {
            pass();
        }
        finally
        {
            network.train();
            foreach (var hook in hooks) hook.remove();
        }
        foreach (var (norm, (mean, variance)) in statistics)
        {
            norm.running_mean!.copy_(mean);
            norm.running_var!.copy_(variance);
            norm.bias!.add_(mean);
            norm.weight!.copy_((variance + norm.eps).sqrt());
        }
    }

    private static void FillFolded(BatchNorm norm, float[]? shift)
    {
        norm.running_mean!.zero_();
        norm.running_var!.fill_(1);
        norm.weight!.fill_(Math.Sqrt(1 + norm.eps));
        norm.bias!.copy_(shift is null ? zeros_like(norm.bias) : tensor(shift));
    }

    private static void Fill(BatchNorm norm, Layer layer)
    {
        norm.weight!.copy_(tensor(layer.Weights));
        norm.bias!.copy_(tensor(layer.Bias!));
        norm.running_mean!.copy_(tensor(layer.Mean!));
        norm.running_var!.copy_(tensor(layer.Variance!));
    }

    private static List<Layer> Read(string file)
    {
        ModelProto model;
        try { model = ModelProto.Parser.ParseFrom(ReadBytes(file)); }
        catch (InvalidProtocolBufferException e) { throw new CheckpointException($"'{file}' is no ONNX file: {e.Message}", e); }
        if (model.Graph is not { } graph) throw new CheckpointException($"'{file}' holds no network.");
        var constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        foreach (var node in graph.Node.Where(node => node.OpType == "Constant" && node.Output.Count == 1))
            if (node.Attribute.FirstOrDefault(a => a.Name == "value")?.T is { } value) constants.TryAdd(node.Output[0], value);
        List<Layer> layers = [];
        foreach (var node in graph.Node)
        {
            if (node.OpType is not ("Conv" or "ConvTranspose" or "Gemm" or "MatMul" or "BatchNormalization")) continue;
            // A product of two computed values has no weights.
            if (node.Input.Count < 2 || !constants.TryGetValue(node.Input[1], out var weights)) continue;
            var (values, shape) = (Values(file, weights), weights.Dims.ToArray());
            var bias = node.Input.Count > 2 && constants.TryGetValue(node.Input[2], out var third) ? Values(file, third) : null;
            if (node.OpType == "BatchNormalization")
            {
                if (node.Input.Count < 5 || !constants.TryGetValue(node.Input[3], out var mean)
                    || !constants.TryGetValue(node.Input[4], out var variance)) continue;
                layers.Add(new(node.OpType, values, shape, bias, Values(file, mean), Values(file, variance)));
                continue;
            }
            var isProduct = node.OpType is "Gemm" or "MatMul";
            if (isProduct && shape.Length == 2 && (node.Attribute.FirstOrDefault(a => a.Name == "transB")?.I ?? 0) == 0)
                (values, shape) = (Transposed(values, shape), [shape[1], shape[0]]);
            // A product's bias may be a sum after it.
            if (node.OpType == "MatMul" && graph.Node.FirstOrDefault(n => n.OpType == "Add" && n.Input.Contains(node.Output[0])) is { } sum
                && constants.TryGetValue(sum.Input.First(i => i != node.Output[0]), out var addend)) bias = Values(file, addend);
            layers.Add(new(isProduct ? "Gemm" : node.OpType, values, shape, bias));
        }
        return layers;
    }

    private static float[] Values(string file, TensorProto tensor)
    {
        var count = tensor.Dims.Aggregate(1L, (product, d) => product * d);
        if ((DataType)tensor.DataType != DataType.Float)
            throw new CheckpointException($"'{file}' has its weights '{tensor.Name}' in {(DataType)tensor.DataType}, not in float32.");
        var values = tensor.RawData.Length > 0
            ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : tensor.FloatData.ToArray();
        if (values.Length != count)
            throw new CheckpointException($"'{file}' does not hold its weights '{tensor.Name}' itself, or not all of them.");
        return values;
    }

    private static float[] Transposed(float[] values, long[] shape)
    {
        var (rows, columns) = ((int)shape[0], (int)shape[1]);
        var transposed = new float[values.Length];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) transposed[c * rows + r] = values[r * columns + c];
        return transposed;
    }

    private static byte[] ReadBytes(string file)
    {
        try { return File.ReadAllBytes(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"Cannot read '{file}': {e.Message}", e);
        }
    }

    private static CheckpointException Different(string file, string what) =>
        new($"'{file}' holds another network than the one to be trained: {what}.");
}
