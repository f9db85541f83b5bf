using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// Makes one of several recordings of a module, which differ in their inputs' sizes: the calls must be the same, and numbers and sizes
/// that differ follow from these sizes.
/// </summary>
internal sealed class TraceMerge
{
    private readonly Trace[] _traces;

    // A value of the first recording: the same in each.
    private readonly Dictionary<TracedValue, TracedValue[]> _twins = new(ReferenceEqualityComparer.Instance);

    private TraceMerge(Trace[] traces) => _traces = traces;

    /// <summary>The recordings as one, with sizes of all.</summary>
    /// <exception cref="ExportException">They differ in what they do.</exception>
    public static Trace Of(params Trace[] traces) => new TraceMerge(traces).Run();

    private Trace Run()
    {
        var first = _traces[0];
        for (var i = 0; i < first.Inputs.Length; i++) Join([.. _traces.Select(trace => trace.Inputs[i])], "the inputs");
        var count = _traces.Min(trace => trace.Calls.Count);
        var calls = new List<TracedCall>();
        for (var i = 0; i < count; i++)
        {
            TracedCall[] same = [.. _traces.Select(trace => trace.Calls[i])];
            if (same.Any(call => call.Function != same[0].Function || call.Layer != same[0].Layer)) throw Parts(same);
            calls.Add(Merge(same));
        }
        if (_traces.Any(trace => trace.Calls.Count != count))
            throw Parts([.. _traces.Select(trace => trace.Calls.ElementAtOrDefault(count))]);
        for (var i = 0; i < first.Outputs.Length; i++)
            RequireTwins([.. _traces.Select(trace => trace.Outputs[i])], $"the result of {first.End}");
        return first with { Calls = calls };
    }

    private TracedCall Merge(TracedCall[] same)
    {
        var call = same[0];
        var arguments = new object?[call.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = Merge([.. same.Select(one => one.Arguments[i])], call);
        for (var i = 0; i < call.Results.Length; i++)
            if (call.Results[i] is not null) Join([.. same.Select(one => one.Results[i]!)], $"{call.Name} in {call.Site}");
        if (ValueSizes.IsFirst(call) && call.Results[0] is { } counted) counted.HasCount = true;
        return call with { Arguments = arguments };
    }

    private object? Merge(object?[] same, TracedCall call)
    {
        switch (same[0])
        {
            case TracedValue:
                var module = call.Caller.Path.Length > 0 ? $"module '{call.Caller.Path}': " : "";
                RequireTwins([.. same.Cast<TracedValue>()], $"{module}{call.Name} in {call.Site}");
                return same[0];
            case long:
                return new TracedSize([.. same.Select(value => value as long? ?? throw Differs(call))]);
            case object?[] several:
                if (same.Any(other => other is not object?[] { Length: var length } || length != several.Length)) throw Differs(call);
                return several.Select((_, i) => Merge([.. same.Select(other => ((object?[])other!)[i])], call)).ToArray();
            case TracedIndex index:
                if (same.Any(other => other is not TracedIndex { Kind: var kind } || kind != index.Kind)) throw Differs(call);
                return new TracedIndex(
                    index.Kind,
                    Merge([.. same.Select(other => ((TracedIndex)other!).Start)], call),
                    Merge([.. same.Select(other => ((TracedIndex)other!).Stop)], call),
                    Merge([.. same.Select(other => ((TracedIndex)other!).Step)], call));
            case double or bool or string or Enum:
                return same.All(other => Equals(other, same[0])) ? same[0] : throw Differs(call);
            default:
                return same[0];
        }
    }

    private static ExportException Differs(TracedCall call) => new(
        $"{call.Name}, in {call.Site}, is given another setting at each batch size, which an ONNX operator cannot be: " +
        "compute it with tensors, or from sizes that do not follow from the batch.");

    private static ExportException Parts(TracedCall?[] calls) => new(
        "The network does one thing at one batch size and another at the next: " + string.Join(" and ", calls.Select(call => call is null
            ? "nothing more"
            : $"{call.Name} in {call.Site}")) + ". An ONNX graph does the same for all.");

    private void Join(TracedValue[] same, string where)
    {
        if (same.Any(value => value.Shape.Length != same[0].Shape.Length || value.Type != same[0].Type))
            throw new ExportException($"A tensor of {where} has another number of axes, or type, at each batch size.");
        same[0].Sizes = [.. Enumerable.Range(0, same[0].Shape.Length).Select(axis =>
            new TracedSize([.. same.Select(value => value.Shape[axis])]))];
        same[0].IsSteady = same[0].Given is not null || (same[0].Copy is { } copy && same[0].Sizes.All(size => size.IsFixed) &&
            same.Skip(1).All(other => Same(copy, other.Copy!)));
        _twins[same[0]] = same;
    }

    private void RequireTwins(TracedValue[] same, string where)
    {
        if (_twins.TryGetValue(same[0], out var known))
        {
            if (!known.Zip(same, ReferenceEquals).All(equal => equal)) throw Unlike(where);
            return;
        }
        // What no recorded call made must have been there before: then it is one tensor in all recordings.
        if (same.Any(value => value.Given is null || !ReferenceEquals(value.Given, same[0].Given)))
            throw new ExportException($"{Capital(where)} uses a tensor that comes from where the exporter cannot see: what reflection " +
                "or a library calls, or another thread. Call TorchSharp's functions in forward() or in methods that it calls.");
        Join(same, where);
    }

    private static ExportException Unlike(string where) =>
        new($"{Capital(where)} uses one tensor at one batch size and another at the next. An ONNX graph does the same for all.");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static bool Same(Tensor left, Tensor right)
    {
        if (left.dtype != right.dtype || !left.shape.SequenceEqual(right.shape)) return false;
        using var scope = NewDisposeScope();
        var equal = left == right;
        // A NaN is itself, too.
        return (left.is_floating_point() ? equal | (left.isnan() & right.isnan()) : equal).all().item<bool>();
    }
}
