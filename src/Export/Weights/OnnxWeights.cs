using System.Runtime.InteropServices;
using GanPipeline.Inference;
using Onnx;
using TorchSharp.Modules;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// An ONNX file's initializers. Exporters keep most names of a module's parameters, ours as C identifiers. Where one transposes a weight,
/// packs it with others or gives it a number, the layer's operators tell which it is: they are named after the layer.
/// </summary>
internal sealed class OnnxWeights : WeightFile
{
    private readonly Dictionary<string, WeightTensor> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<string> _transposed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _nodesOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ambiguous = new(StringComparer.Ordinal);
    private readonly string _prefix, _producer;

    private OnnxWeights(ModelProto model, string prefix) : base(stream: null)
    {
        (_prefix, _producer) = (prefix, model.ProducerName);
        foreach (var tensor in model.Graph.Initializer) _initializers.TryAdd(tensor.Name, Weight(tensor));
        // PyTorch's exporter writes equal weights once, and the others as copies.
        foreach (var node in model.Graph.Node)
            if (node is { OpType: "Identity", Input: [var source], Output: [var copy] }) _aliases.TryAdd(copy, source);
        foreach (var node in model.Graph.Node)
        {
            if (node.Input.Count > 1 && (node.OpType == "MatMul" ||
                node.OpType == "Gemm" && node.Attribute.FirstOrDefault(a => a.Name == "transB") is not { I: 1 }))
            {
                _transposed.Add(Resolve(node.Input[1]));
            }
            foreach (var path in OnnxPaths.Of(node)) Nodes(path).Add(node);
        }
        Tensors = [.. _initializers.Values.Where(tensor => tensor.Type is null or not (ScalarType.Int64 or ScalarType.Int32)),
            .. _aliases.Keys.Where(name => !_initializers.ContainsKey(name)).Select(Lookup).OfType<WeightTensor>()];
    }

    public override string Format => "ONNX";

    public override IReadOnlyList<WeightTensor> Tensors { get; }

    /// <exception cref="ModelException">The file is damaged, or of another format.</exception>
    public static OnnxWeights Open(string path, ReadOnlySpan<byte> start, WeightOptions options)
    {
        // The first field of a model as every exporter writes it.
        const byte irVersionTag = 0x08;
        if (start is [irVersionTag, ..]) return new(ModelContent.ReadWeights(path), options.Prefix);
        var text = start.IndexOfAnyExceptInRange((byte)0x09, (byte)0x7E) < 0 && start.Length > 0
            ? $": it is text that starts with \"{System.Text.Encoding.ASCII.GetString(start).ReplaceLineEndings(" ").Trim()}\""
            : start.Length == 0 ? ": it is empty" : "";
        throw new ModelException($"'{path}' is no file of weights{text}. Those of ONNX, safetensors and PyTorch's torch.save are read.");
    }

    public override WeightTensor? Find(WeightTarget target)
    {
        string[] paths = [_prefix + target.Path, _prefix + target.PlainPath];
        foreach (var path in paths.Select(path => path.TrimEnd('.')).Distinct())
        {
            var identifier = path.Length == 0 ? "" : Identifiers.From(path) + "_";
            var layer = new OnnxLayer(target, OpsOf(path), Lookup);
            var name = Identifier(path, target.Own);
            if (_ambiguous.Contains(name)) continue;
            if ((layer.Packed(identifier) ?? Lookup(name) ?? layer.Unnamed()) is { } found) return found;
        }
        return null;
    }

    // An identifier of two parameters (a.b_c and a_b.c) says nothing.
    public override void Expect(IReadOnlyList<WeightTarget> targets) => _ambiguous.UnionWith(targets
        .GroupBy(Identifier).Where(group => group.Count() > 1).Select(group => group.Key));

    private string Identifier(WeightTarget target) => Identifier((_prefix + target.Path).TrimEnd('.'), target.Own);

    private static string Identifier(string path, string own) =>
        path.Length == 0 ? Identifiers.From(own) : $"{Identifiers.From(path)}_{Identifiers.From(own)}";

    public override WeightTensor Adapt(WeightTensor tensor, WeightTarget target)
    {
        if (tensor.Shape.Length == 2 && target.Shape.Length == 2)
        {
            var swapped = tensor.Shape[0] == target.Shape[1] && tensor.Shape[1] == target.Shape[0];
            var same = tensor.Shape.AsSpan().SequenceEqual(target.Shape);
            // A square matrix does not tell; a layer whose product is known does.
            if (swapped && (!same || target.Layer is Linear or MultiheadAttention && _transposed.Contains(Resolve(tensor.Name))))
                return tensor with { Shape = target.Shape, Read = () => tensor.Read().t() };
        }
        // One number for each channel, with axes of length 1 behind it.
        if (tensor.Shape.Length != target.Shape.Length &&
            tensor.Shape.Where(side => side != 1).SequenceEqual(target.Shape.Where(side => side != 1)))
            return tensor with { Shape = target.Shape, Read = () => tensor.Read().reshape(target.Shape) };
        return tensor;
    }

    public override IEnumerable<string> Notes(IReadOnlyList<WeightTarget> missing)
    {
        if (missing.Any(target => target.Own is "running_mean" or "running_var"))
        {
            yield return "The file was written with batch normalizations folded into other layers, so that the weights of those are " +
                "others, too. " + (_producer == "GanPipeline"
                    ? "Export it with ExportOptions.FoldBatchNormalization = false."
                    : "Load the state dict that torch.save(model.state_dict(), path) writes, or export it with " +
                      "training=torch.onnx.TrainingMode.PRESERVE.");
        }
        if (missing.Any(target => _ambiguous.Contains(Identifier(target))))
            yield return "Some of its identifiers stand for two of the network's names (a.b_c and a_b.c), so that they are not taken.";
        var numbered = _initializers.Keys.Count(name => name.StartsWith("onnx::", StringComparison.Ordinal) ||
            name.Length > 0 && name.All(char.IsAsciiDigit));
        if (missing.Count > 0 && numbered > 0)
            yield return $"The file has numbers in the place of names for {numbered} of its weights.";
    }

    private List<NodeProto> Nodes(string path)
    {
        if (!_nodesOf.TryGetValue(path, out var nodes)) _nodesOf.Add(path, nodes = []);
        return nodes;
    }

    // Our names of a layer's operators, or PyTorch's.
    private List<NodeProto> OpsOf(string path) =>
        _nodesOf.GetValueOrDefault(OnnxPaths.Torch(path)) ?? _nodesOf.GetValueOrDefault(OnnxPaths.Own(path)) ?? [];

    private string Resolve(string name)
    {
        // Copies of copies end, unless a damaged file has a circle of them.
        for (var i = 0; i < _aliases.Count && !_initializers.ContainsKey(name) && _aliases.TryGetValue(name, out var source); i++)
            name = source;
        return name;
    }

    private WeightTensor? Lookup(string name) =>
        _initializers.GetValueOrDefault(Resolve(name)) is { } tensor ? tensor with { Name = name, Parts = [name] } : null;

    private static WeightTensor Weight(TensorProto tensor)
    {
        var type = (DataType)tensor.DataType switch
        {
            DataType.Float => ScalarType.Float32,
            DataType.Double => ScalarType.Float64,
            DataType.Float16 => ScalarType.Float16,
            DataType.Bfloat16 => ScalarType.BFloat16,
            DataType.Int64 => ScalarType.Int64,
            DataType.Int32 => ScalarType.Int32,
            DataType.Int16 => ScalarType.Int16,
            DataType.Int8 => ScalarType.Int8,
            DataType.Uint8 => ScalarType.Byte,
            DataType.Bool => ScalarType.Bool,
            _ => (ScalarType?)null,
        };
        return new(tensor.Name, type, ((DataType)tensor.DataType).ToString(), [.. tensor.Dims], () => Read(tensor, type ??
            throw new InvalidDataException($"its weights '{tensor.Name}' are of {(DataType)tensor.DataType}, which is not read")));
    }

    private static Tensor Read(TensorProto tensor, ScalarType type)
    {
        var needed = WeightTensor.Count(tensor.Dims) * WeightTensor.ElementSize(type);
        var bytes = tensor.RawData.Length > 0 ? tensor.RawData.Memory : Listed(tensor, type);
        if (tensor.Dims.Any(side => side < 0) || needed != bytes.Length)
        {
            throw new InvalidDataException($"its weights '{tensor.Name}', [{string.Join(", ", tensor.Dims)}], have {bytes.Length} bytes, " +
                $"where {needed} would be right");
        }
        var values = empty([.. tensor.Dims], dtype: type);
        bytes.Span.CopyTo(values.bytes);
        return values;
    }

    // Numbers one by one, in the field that their type has.
    private static ReadOnlyMemory<byte> Listed(TensorProto tensor, ScalarType type)
    {
        static byte[] Bytes<T>(IEnumerable<T> values) where T : unmanaged => MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray();
        return type switch
        {
            ScalarType.Float32 => Bytes(tensor.FloatData),
            ScalarType.Float64 => Bytes(tensor.DoubleData),
            ScalarType.Int64 => Bytes(tensor.Int64Data),
            ScalarType.Int32 => Bytes(tensor.Int32Data),
            ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => Bytes(tensor.Int32Data.Select(value => (short)value)),
            _ => Bytes(tensor.Int32Data.Select(value => (byte)value)),
        };
    }
}
