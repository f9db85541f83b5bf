namespace GanPipeline.Export;

/// <summary>Functions that make tensors whose sizes follow from the batch; of fixed sizes they are constants.</summary>
internal static class CreationFunctions
{
    public static void AddTo(FunctionConverters table)
    {
        table.Section = "New tensors";
        table.Add("zeros zeros_like new_zeros empty empty_like new_empty", call => Fill(call, 0));
        table.Add("ones ones_like new_ones", call => Fill(call, 1));
        table.Add("full full_like new_full", call => Fill(call, call.Argument("value", "fill_value")));
        table.Add("fill", call => Fill(call, call.At(1)));
        table.Add("zero", call => Fill(call, 0));
        table.Add("copy", call => call.Operator("Expand", [call.Operand(1, call.Type), call.Sizes(call.Result.Sizes)]));
        table.Add("arange", Range);
        table.Add("linspace", call =>
        {
            var (start, end) = (call.Number(0, "start"), call.Number(1, "end"));
            var steps = (TracedSize)call.Argument("steps")!;
            var n = call.Graph.Cast(call.Scalar(steps), call.Type);
            var places = call.Operator(
                "Range", [OnnxTypes.Number(call.Graph, 0, call.Type), n, OnnxTypes.Number(call.Graph, 1, call.Type)]);
            // Of one place, the start.
            var last = OnnxMath.Extreme("Max", OnnxMath.Plus(n, -1), OnnxTypes.Number(call.Graph, 1, call.Type));
            return OnnxMath.Plus(OnnxMath.Times(places / last, end - start), start);
        });
        table.Add("eye", call => call.Operator("EyeLike",
            [call.Operator("Expand", [OnnxTypes.Number(call.Graph, 0, call.Type), call.Sizes(call.Result.Sizes)])]));
        table.Add("tensor as_tensor op_Implicit", call => call.At(0) switch
        {
            TracedValue => call.Typed,
            object?[] several => call.Graph.Cast(call.Sizes([.. several.Cast<TracedSize>()]), call.Type),
            var number => call.Operand(number, call.Type),
        });
        table.Add("bartlett_window blackman_window hamming_window hann_window kaiser_window logspace tril_indices triu_indices " +
            "fftfreq rfftfreq from_array frombuffer from_file load", call => throw call.Graph.Error(
                $"makes a tensor by {call.Call.Name}, in {call.Call.Site}, whose size follows from the batch; make it with a fixed size"),
            note: "Constants: their sizes do not follow from the batch.");
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
