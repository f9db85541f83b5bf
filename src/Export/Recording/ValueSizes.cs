namespace GanPipeline.Export;

/// <summary>Calls whose results have as many elements as values of the input say, so that sizes alone do not tell their sizes.</summary>
internal static class ValueSizes
{
    private static readonly HashSet<string> _names =
        ["nonzero", "nonzero_as_list", "argwhere", "masked_select", "unique", "unique_consecutive", "bincount"];

    /// <summary>Whether a call's results are such.</summary>
    public static bool Has(TracedCall call)
    {
        if (call.Layer is not null) return false;
        var tensors = FunctionCall.Values(call.Arguments).ToArray();
        return tensors.Any(tensor => tensor.FromInputs) && FunctionCall.NameOf(call) switch
        {
            "index" => tensors.Skip(1).Any(index => index.FromInputs && index.IsMask),
            "repeat_interleave" => tensors.Length > 1,
            "one_hot" => call.Arguments[1] is < 1L,
            "where" => tensors.Length == 1,
            var name => _names.Contains(name),
        };
    }

    /// <summary>Whether it is the first axis of the results that is.</summary>
    public static bool IsFirst(TracedCall call) => Has(call) && FunctionCall.NameOf(call) switch
    {
        "index" => (call.Arguments[1] is object?[] several ? several[0] : call.Arguments[1]) is TracedValue { IsMask: true },
        "repeat_interleave" or "one_hot" or "unique" or "unique_consecutive" => call.Results[0]!.Shape.Length == 1,
        _ => true,
    };
}
