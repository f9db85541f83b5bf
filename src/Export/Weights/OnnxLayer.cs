using System.Globalization;
using System.Text.RegularExpressions;
using Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Finds a parameter among the initializers of its layer's operators, where no name says which it is.</summary>
/// <param name="target">The parameter.</param>
/// <param name="operators">The layer's operators, in the graph's order.</param>
/// <param name="lookup">Finds an initializer by its name.</param>
internal sealed partial class OnnxLayer(WeightTarget target, IReadOnlyList<NodeProto> operators, Func<string, WeightTensor?> lookup)
{
    /// <summary>A parameter that lies with others in one initializer, in other order, or in parts.</summary>
    /// <param name="identifier">What our exporter's names of the layer's constants begin with.</param>
    public WeightTensor? Packed(string identifier) => (target.Layer, target.Own) switch
    {
        (LSTM, _) => Recurrent("LSTM", [0, 3, 1, 2]),
        (GRU, _) => Recurrent("GRU", [1, 0, 2]),
        (RNN, _) => Recurrent("RNN", [0]),
        (LSTMCell or GRUCell or RNNCell, "weight_ih") => lookup(identifier + "input_weight"),
        (LSTMCell or GRUCell or RNNCell, "weight_hh") => lookup(identifier + "state_weight"),
        (LSTMCell or GRUCell or RNNCell, "bias_ih") => lookup(identifier + "input_weight_bias"),
        (LSTMCell or GRUCell or RNNCell, "bias_hh") => lookup(identifier + "state_weight_bias"),
        (MultiheadAttention, "in_proj_weight") => Projections(),
        (MultiheadAttention, "in_proj_bias") => ProjectionBiases(),
        _ => null,
    };

    /// <summary>A parameter of a layer whose operators have one initializer that it can be.</summary>
    public WeightTensor? Unnamed() => Single((target.Layer, target.Own) switch
    {
        (Linear, "weight") => Inputs(1, "MatMul", "Gemm"),
        (MultiheadAttention, "out_proj.weight") => Inputs(1, "Gemm").Concat(Inputs(1, "MatMul").TakeLast(1)).Take(1),
        (Linear, "bias") => Inputs(2, "Gemm").Concat(Operands("Add")),
        (Convolution, "weight") => Inputs(1, "Conv", "ConvTranspose"),
        (Convolution, "bias") => Inputs(2, "Conv", "ConvTranspose"),
        (BatchNorm, "weight") => Inputs(1, "BatchNormalization"),
        (BatchNorm, "bias") => Inputs(2, "BatchNormalization"),
        (BatchNorm, "running_mean") => Inputs(3, "BatchNormalization"),
        (BatchNorm, "running_var") => Inputs(4, "BatchNormalization"),
        (InstanceNorm, "weight") => Inputs(1, "InstanceNormalization"),
        (InstanceNorm, "bias") => Inputs(2, "InstanceNormalization"),
        (LayerNorm or GroupNorm, "weight") => Inputs(1, "LayerNormalization").Concat(Operands("Mul")),
        (LayerNorm or GroupNorm, "bias") => Inputs(2, "LayerNormalization").Concat(Operands("Add")),
        (PReLU, _) => Inputs(1, "PRelu"),
        (Embedding, "weight") => Inputs(0, "Gather"),
        _ => [],
    });

    private IEnumerable<WeightTensor> Inputs(int place, params string[] types) => operators
        .Where(node => types.Contains(node.OpType) && node.Input.Count > place)
        .Select(node => lookup(node.Input[place])).OfType<WeightTensor>();

    private IEnumerable<WeightTensor> Operands(string type) => operators
        .Where(node => node.OpType == type).SelectMany(node => node.Input).Select(lookup).OfType<WeightTensor>();

    private WeightTensor? Single(IEnumerable<WeightTensor> found)
    {
        var count = WeightTensor.Count(target.Shape);
        return found.Where(tensor => WeightTensor.Count(tensor.Shape) == count).DistinctBy(tensor => tensor.Name).ToArray() is [var one]
            ? one
            : null;
    }

    // The projections of queries, keys and values are one product, or three.
    private WeightTensor? Projections()
    {
        var size = target.Shape[1];
        var found = Inputs(1, "MatMul", "Gemm").Where(tensor => tensor.Shape is [var rows, var columns] && rows == size &&
            (columns == size || columns == 3 * size)).ToArray();
        if (found is [{ Shape: [_, var all] } whole, ..] && all == 3 * size) return whole;
        return found is [var q, var k, var v, ..] && found.Take(3).All(tensor => tensor.Shape[1] == size)
            ? q with
            {
                Shape = target.Shape,
                Parts = [q.Name, k.Name, v.Name],
                Read = () => cat([q.Read().t(), k.Read().t(), v.Read().t()], 0),
            }
            : null;
    }

    private WeightTensor? ProjectionBiases()
    {
        var size = target.Shape[0] / 3;
        var found = Operands("Add").Where(tensor => tensor.Shape is [var count] && (count == size || count == 3 * size)).ToArray();
        if (found is [{ Shape: [var all] } whole, ..] && all == 3 * size) return whole;
        return found is [var q, var k, var v, ..] && found.Take(3).All(tensor => tensor.Shape[0] == size)
            ? q with
            {
                Shape = target.Shape,
                Parts = [q.Name, k.Name, v.Name],
                Read = () => cat([q.Read(), k.Read(), v.Read()], 0),
            }
            : null;
    }

    // ONNX packs a layer's directions into one tensor, and both biases, with the gates in the order that gates says of Torch's.
    private WeightTensor? Recurrent(string type, int[] gates)
    {
        if (RecurrentName().Match(target.Own) is not { Success: true } name) return null;
        var layer = int.Parse(name.Groups["layer"].Value, CultureInfo.InvariantCulture);
        var direction = name.Groups["reverse"].Success ? 1 : 0;
        var (isBias, isState) = (name.Groups["kind"].Value == "bias", name.Groups["of"].Value == "hh");
        var node = operators.Where(node => node.OpType == type).ElementAtOrDefault(layer);
        var place = isBias ? 3 : isState ? 2 : 1;
        if (node is null || node.Input.Count <= place || lookup(node.Input[place]) is not { } packed) return null;
        var rows = target.Shape[0];
        var hidden = rows / gates.Length;
        var fits = isBias
            ? packed.Shape is [var directions, var width] && direction < directions && width == 2 * rows
            : packed.Shape is [var sides, var height, var columns] && direction < sides && height == rows && columns == target.Shape[1];
        if (!fits) return packed;
        return packed with
        {
            Shape = target.Shape,
            Read = () =>
            {
                var part = packed.Read()[direction];
                if (isBias) part = part.narrow(0, isState ? rows : 0, rows);
                return cat([.. gates.Index().OrderBy(gate => gate.Item).Select(gate => part.narrow(0, gate.Index * hidden, hidden))], 0);
            },
        };
    }

    [GeneratedRegex(@"^(?<kind>weight|bias)_(?<of>ih|hh)_l(?<layer>\d{1,4})(?<reverse>_reverse)?$")]
    private static partial Regex RecurrentName();
}
