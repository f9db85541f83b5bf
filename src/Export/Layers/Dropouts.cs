using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>What drops values at random, in networks that are exported in training mode.</summary>
internal static class Dropouts
{
    private const string Random = Simplification.Random;

    /// <summary>A layer that drops single values, or where it is off, the value.</summary>
    public static OnnxValue Elements(OnnxGraph graph, Module layer, double p, OnnxValue x) =>
        IsOn(graph, layer) ? Elements(graph, p, x) : x;

    /// <summary>A layer that drops whole channels.</summary>
    public static OnnxValue Channels(OnnxGraph graph, Module layer, double p, OnnxValue x) =>
        IsOn(graph, layer) ? Channels(graph, p, x) : x;

    /// <summary>A layer that drops so that mean and variance stay.</summary>
    public static OnnxValue Alpha(OnnxGraph graph, Module layer, OnnxValue x) => IsOn(graph, layer)
        ? throw graph.Error("drops values in training mode, for which ONNX has no operator; take Dropout, or evaluate it: " +
            "layer.eval() and ExportMode.Preserve")
        : x;

    /// <summary>A function that drops values.</summary>
    public static OnnxValue Function(FunctionCall call)
    {
        if (!call.Flag("training")) return call.X;
        if (call.Graph.Mode == ExportMode.Evaluation)
            throw call.Graph.Error($"drops elements at random, in {call.Call.Site}, in evaluation mode, too; give it training: training, " +
                "or export it in ExportMode.Preserve");
        var p = call.Number(0.5, "p", "probability");
        return call.Call.Function.Name switch
        {
            "dropout" => Elements(call.Graph, p, call.X),
            "dropout1d" or "dropout2d" or "dropout3d" => Channels(call.Graph, p, call.X),
            var name => throw call.Graph.Error(
                $"calls {name} in training mode, in {call.Call.Site}, for which ONNX has no operator; take dropout"),
        };
    }

    /// <summary>What computes a dropout of its own, which cannot be seen, is exported in evaluation mode.</summary>
    /// <exception cref="ExportException">It is in training mode.</exception>
    public static void RequireEvaluation(OnnxGraph graph, Module layer)
    {
        if (IsOn(graph, layer))
            throw graph.Error($"has a {layer.GetType().Name} in training mode, whose dropout is not seen from outside; evaluate it: " +
                "layer.eval() and ExportMode.Preserve");
    }

    /// <summary>Whether a layer is exported in training mode.</summary>
    public static bool IsOn(OnnxGraph graph, Module layer) => graph.Mode != ExportMode.Evaluation && layer.training;

    /// <summary>The same model, dropping nothing; the model itself where it drops nothing anyway.</summary>
    public static ModelProto TurnOff(ModelProto model)
    {
        if (!model.Graph.Node.Any(node => node.OpType == Random)) return model;
        var copy = model.Clone();
        var kept = new TensorProto
        {
            Name = "kept", DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(BitConverter.GetBytes(1f)),
        };
        copy.Graph.Initializer.Add(kept);
        foreach (var random in copy.Graph.Node.Where(node => node.OpType == Random))
        {
            var factor = Reader(Reader(random));
            factor.Input[1] = factor.Input[2] = kept.Name;
        }
        return copy;

        NodeProto Reader(NodeProto of) => copy.Graph.Node.First(node => node.Input.Contains(of.Output[0]));
    }

    private static OnnxValue Elements(OnnxGraph graph, double p, OnnxValue x) => p == 0 ? x : x * Drawn(graph, p, x);

    private static OnnxValue Channels(OnnxGraph graph, double p, OnnxValue x)
    {
        if (x.Rank < 3) throw graph.Error($"drops channels of [N, C, ...] and is given {x}");
        if (p == 0) return x;
        // One number a channel: [N, C, 1, ...].
        var ones = Sizes.Repeat(1, x.Rank - 2);
        var sizes = graph.Apply("Concat", [graph.Slice(graph.ShapeOf(x), 0, 0, 2), graph.Integers("ones", ones)], DataType.Int64, [x.Rank],
            ("axis", 0));
        return x * Drawn(graph, p, graph.Apply("Expand", [graph.Constant(1), sizes], x.Type, [.. x.Dimensions[..2], .. ones]));
    }

    // Not ONNX's Dropout: ONNX Runtime 1.31 takes it out of a graph, also in training mode.
    private static OnnxValue Drawn(OnnxGraph graph, double p, OnnxValue like) => p >= 1 ? throw graph.Error("drops everything")
        : Factor(graph, p, graph.Operator(Random, [like], like.Dimensions));

    /// <summary>0 where a uniform number is less than p, and else 1 / (1 - p).</summary>
    public static OnnxValue Factor(OnnxGraph graph, double p, OnnxValue uniform)
    {
        var isKept = graph.Apply("GreaterOrEqual", [uniform, graph.Constant((float)p)], DataType.Bool, uniform.Dimensions);
        return graph.Apply("Where", [isKept, graph.Constant((float)(1 / (1 - p))), graph.Constant(0)], uniform.Type, uniform.Dimensions);
    }
}
