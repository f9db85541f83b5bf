using Table = System.Collections.Generic.Dictionary<string, System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>>;

namespace GanPipeline.Export;

/// <summary>Functions that make tensors whose sizes follow from the batch; of fixed sizes they are constants.</summary>
internal static class CreationFunctions
{
    public static void AddTo(Table table)
    {
        table.Add("zeros zeros_like new_zeros empty empty_like new_empty", call => Fill(call, 0));
        table.Add("ones ones_like new_ones", call => Fill(call, 1));
        table.Add("full full_like new_full", call => Fill(call, call.Argument("value", "fill_value")));
        table.Add("fill", call => Fill(call, call.At(1)));
        table.Add("zero", call => Fill(call, 0));
        table.Add("copy", call => call.Operator("Expand", [call.Operand(1, call.Type), call.Sizes(call.Result.Sizes)]));
        table.Add("arange", Range);
        const string random = "rand randn randint randperm rand_like randn_like randint_like normal bernoulli multinomial poisson " +
            "uniform exponential rrelu";
        table.AddMany(random, call => throw call.Graph.Error($"draws random numbers by {call.Call.Name}, in {call.Call.Site}, in " +
            "evaluation mode, too. Make them an input of forward(), or draw them only while training"));
    }

    private static OnnxValue Fill(FunctionCall call, object? value)
    {
        var number = value is int whole ? OnnxTypes.Number(call.Graph, whole, call.Type) : call.Operand(value, call.Type);
        return call.Operator("Expand", [number, call.Sizes(call.Result.Sizes)]);
    }

    private static OnnxValue Range(FunctionCall call)
    {
        var start = call.Has("start") ? call.Operand(call.Argument("start"), call.Type) : OnnxTypes.Number(call.Graph, 0, call.Type);
        var step = call.Has("step") ? call.Operand(call.Argument("step"), call.Type) : OnnxTypes.Number(call.Graph, 1, call.Type);
        return call.Graph.Apply("Range", [start, call.Operand(call.Argument("stop"), call.Type), step], call.Type, call.Shape);
    }
}
