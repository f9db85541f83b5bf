using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>EmbeddingBag: the sum, mean or largest of the rows of each bag of numbers.</summary>
internal static class EmbeddingBags
{
    public static OnnxValue[] Convert(FunctionCall call)
    {
        var graph = call.Graph;
        var layer = (EmbeddingBag)call.Call.Layer!;
        var (mode, padding) = SettingsOf(layer) ?? throw graph.Error(
            "does with its bags what the exporter cannot make out; use Embedding and a sum");
        if (call.TracedX.Shape.Length == 2 && call.Result.Shape[0] != call.TracedX.Shape[0])
            throw graph.Error("leaves out the last row, as it does by include_last_offset; make it without, or give it offsets");
        var numbers = call.X;
        var rows = graph.Apply("Gather", [graph.Constant(layer.weight!, "weight"), numbers], call.Type,
            [.. numbers.Dimensions, layer.weight!.shape[1]], ("axis", 0));
        OnnxValue Column(OnnxValue value) => ShapeFunctions.Unsqueeze(graph, value, value.Rank);
        if (call.At(2) is TracedValue weights) rows *= Column(graph.Cast(call.Value(weights), DataType.Float));
        var counted = padding is { } at
            ? graph.Cast(OnnxMath.Not(OnnxMath.Compare("Equal", numbers, at)), DataType.Float)
            : graph.Cast(OnnxMath.Compare("GreaterOrEqual", numbers, 0), DataType.Float);
        if (padding is not null)
            rows = mode == EmbeddingBagMode.Max
                ? OnnxMath.Where(OnnxMath.Compare("Equal", Column(counted), 0), float.NegativeInfinity, rows)
                : rows * Column(counted);
        return [call.TracedX.Shape.Length == 2 ? Rows(call, mode, rows, counted) : Offsets(call, mode, rows, counted)];
    }

    // [N, L]: each row is a bag.
    private static OnnxValue Rows(FunctionCall call, EmbeddingBagMode mode, OnnxValue rows, OnnxValue counted) => Finish(
        call, mode, ReductionFunctions.Reduce(call.Graph, mode == EmbeddingBagMode.Max ? "ReduceMax" : "ReduceSum", rows, [1], keep: false),
        mode == EmbeddingBagMode.Sum ? null : ReductionFunctions.Reduce(call.Graph, "ReduceSum", counted, [1], keep: true));

    // [L], and where each bag begins.
    private static OnnxValue Offsets(FunctionCall call, EmbeddingBagMode mode, OnnxValue rows, OnnxValue counted)
    {
        var graph = call.Graph;
        var least = mode == EmbeddingBagMode.Max ? 18 : 16;
        if (graph.Opset < least)
            throw graph.Error($"takes bags by offsets, which ONNX has from operator set {least} on; set {nameof(ExportOptions.Opset)}");
        var offsets = graph.Cast(call.Value((TracedValue)call.At(1)!), DataType.Int64);
        OnnxValue Number(long value) => graph.NewConstant("number", [], (long[])[value]);
        var count = graph.Apply("Size", [call.X], DataType.Int64, []);
        var places = graph.Apply("Range", [Number(0), count, Number(1)], DataType.Int64, [OnnxGraph.Dynamic]);
        // A place is in the last bag that has begun.
        var begun = OnnxMath.Compare("LessOrEqual", offsets, ShapeFunctions.Unsqueeze(graph, places, 1));
        var bags = ReductionFunctions.Reduce(graph, "ReduceSum", graph.Cast(begun, DataType.Int64), [1], keep: true) - Number(1);
        OnnxValue Scatter(OnnxValue values, TracedSize[] sizes, double start, string reduction)
        {
            long[] shape = [.. sizes.Select(size => size.Dimension)];
            var filled = graph.Apply("Expand", [OnnxTypes.Number(graph, start, call.Type), call.Sizes(sizes)], call.Type, shape);
            return graph.Apply("ScatterND", [filled, bags, values], call.Type, shape, ("reduction", reduction));
        }
        var result = mode == EmbeddingBagMode.Max
            ? Scatter(rows, call.Result.Sizes, double.NegativeInfinity, "max")
            : Scatter(rows, call.Result.Sizes, 0, "add");
        return Finish(call, mode, result, mode == EmbeddingBagMode.Sum
            ? null
            : ShapeFunctions.Unsqueeze(graph, Scatter(counted, call.Result.Sizes[..1], 0, "add"), 1));
    }

    // A bag of nothing is zeros.
    private static OnnxValue Finish(FunctionCall call, EmbeddingBagMode mode, OnnxValue result, OnnxValue? counts) => mode switch
    {
        EmbeddingBagMode.Sum => result,
        EmbeddingBagMode.Mean => result / OnnxMath.Extreme("Max", counts!, OnnxTypes.Number(call.Graph, 1, call.Type)),
        _ => OnnxMath.Where(OnnxMath.Compare("Equal", counts!, 0), 0, result),
    };

    // What it does with a bag, and which number it leaves out, is not to be read; a bag of each entry, the next and the next again tells.
    // Null where it is nothing known.
    private static (EmbeddingBagMode Mode, long? Padding)? SettingsOf(EmbeddingBag layer)
    {
        using var scope = NewDisposeScope();
        var weight = layer.weight!.detach();
        var count = weight.shape[0];
        var entries = arange(count, ScalarType.Int64, weight.device).view(-1, 1);
        var bags = cat([entries, (entries + 1).remainder(count), (entries + 1).remainder(count)], 1);
        var result = layer.forward(bags, null, null);
        // By include_last_offset the last row is no bag, and the one before it is divided by the size of both.
        if (result.shape[0] < count) (bags, result) = (bags[..(int)(count - 2)], result[..(int)(count - 2)]);
        var rows = weight[TensorIndex.Tensor(bags)];
        foreach (var mode in (EmbeddingBagMode[])[EmbeddingBagMode.Mean, EmbeddingBagMode.Sum, EmbeddingBagMode.Max])
        {
            var wrong = Wrong(mode, null);
            if (wrong.Length == 0) return (mode, null);
            // A number that is left out is in two bags.
            if (wrong.Length > 2) continue;
            foreach (var padding in wrong)
                if (Wrong(mode, padding).Length == 0) return (mode, padding);
        }
        return null;

        long[] Wrong(EmbeddingBagMode mode, long? padding)
        {
            var kept = (padding is { } at ? bags != at : bags >= 0).unsqueeze(2);
            var sum = where(kept, rows, zeros_like(rows)).sum(1);
            var expected = mode switch
            {
                EmbeddingBagMode.Mean => sum / kept.to_type(ScalarType.Float32).sum(1).clamp_min(1),
                EmbeddingBagMode.Sum => sum,
                _ => where(kept, rows, full_like(rows, float.NegativeInfinity)).amax([1]),
            };
            var allowed = 1e-4 * expected.abs().amax([1]).clamp_min(1);
            return [.. ((result - expected).abs().amax([1]) > allowed).nonzero().view(-1).cpu().data<long>()];
        }
    }
}
