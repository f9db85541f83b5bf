using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Adds a recorded computation to a graph.</summary>
/// <param name="graph">Where to.</param>
/// <param name="trace">The computation, of all recordings.</param>
/// <param name="names">The names of parameters and buffers.</param>
/// <param name="functions">Finds the converter of a function, or of a layer that takes or gives more than one tensor.</param>
internal sealed class TraceEmitter(
    OnnxGraph graph, Trace trace, IReadOnlyDictionary<Tensor, string> names, Func<TracedCall, Func<FunctionCall, OnnxValue[]>?> functions)
{
    private readonly Dictionary<TracedValue, OnnxValue> _values = new(ReferenceEqualityComparer.Instance);
    private readonly List<(TracedValue Traced, OnnxValue Value)> _known = [];
    private readonly Dictionary<TracedSize, OnnxValue> _sizes = [];

    public OnnxGraph Graph => graph;

    /// <summary>Adds what the outputs need.</summary>
    public OnnxValue[] Run(OnnxValue[] inputs)
    {
        for (var i = 0; i < inputs.Length; i++) Set(trace.Inputs[i], inputs[i]);
        var needed = Needed();
        foreach (var call in trace.Calls)
            if (needed.Contains(call)) Emit(call);
            else graph.Calls.Add(call.Key, []);
        return [.. trace.Outputs.Select(Value)];
    }

    /// <summary>A recorded tensor in the graph.</summary>
    public OnnxValue Value(TracedValue traced)
    {
        if (_values.TryGetValue(traced, out var value)) return value;
        if ((traced.Given ?? traced.Copy) is not { } tensor) throw new InvalidOperationException("A tensor was not emitted.");
        return _values[traced] = graph.Constant(tensor, names.GetValueOrDefault(tensor, "constant"));
    }

    /// <summary>A size as a tensor of one int64.</summary>
    public OnnxValue Size(TracedSize size)
    {
        if (size.IsFixed) return graph.Integers("size", size.First);
        if (_sizes.TryGetValue(size, out var known)) return known;
        return _sizes[size] = Follow(size) ?? throw graph.Error($"uses a size that is {size} where the input is " +
            $"{string.Join(" or ", Enumerable.Range(0, size.Values.Count).Select(Given))}, which follows from it in a way that the " +
            "exporter does not see");
    }

    private string Given(int recording) =>
        $"[{string.Join(", ", trace.Inputs[0].Sizes.Select(size => size.Values[recording]))}]";

    private OnnxValue? Follow(TracedSize size)
    {
        foreach (var (traced, value) in _known)
        {
            var axis = Array.FindIndex(traced.Sizes, other => other.Equals(size));
            if (axis < 0) continue;
            // The size of an input, or of what is chosen of it: where all is chosen in each recording, nothing tells which.
            if (!traced.HasCount && _known.Any(other => other.Traced.HasCount && other.Traced.Sizes[0].Equals(size)))
                throw graph.Error("chooses by a mask all that there is, on all random inputs, so that the exporter cannot tell the " +
                    "number of chosen elements from the size of an input: give inputs of which some are left out, by " +
                    nameof(ModelInput));
            return Axis(value, axis);
        }
        return Affine(size) ?? Product(size);
    }

    // (a n + b) / c of an input's size n that changes in the same recordings.
    private OnnxValue? Affine(TracedSize size)
    {
        foreach (var (traced, value) in _known.Take(trace.Inputs.Length))
        {
            for (var axis = 0; axis < traced.Sizes.Length; axis++)
            {
                var n = traced.Sizes[axis];
                var at = n.Values.Index().FirstOrDefault(entry => entry.Item != n.First).Index;
                if (at == 0) continue;
                var (rise, run) = (size.Values[at] - size.First, n.Values[at] - n.First);
                if (rise == 0) continue;
                var divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(rise, run);
                var (a, c) = (rise / divisor, run / divisor);
                if (c < 0) (a, c) = (-a, -c);
                var b = size.First * c - a * n.First;
                if (!n.Values.Zip(size.Values, (from, to) => a * from + b == c * to).All(equal => equal)) continue;
                var result = Axis(value, axis);
                if (a != 1) result *= graph.Integers("factor", a);
                if (b != 0) result += graph.Integers("offset", b);
                return c == 1 ? result : result / graph.Integers("divisor", c);
            }
        }
        return null;
    }

    // A known size times another: height times width, where both are dynamic.
    private OnnxValue? Product(TracedSize size)
    {
        foreach (var (traced, value) in _known)
            for (var axis = 0; axis < traced.Sizes.Length; axis++)
            {
                var part = traced.Sizes[axis];
                if (part.IsFixed || part.Values.Contains(0)) continue;
                var rest = new TracedSize([.. size.Values.Zip(part.Values, Math.DivRem).Select(
                    division => division.Remainder == 0 ? division.Quotient : 0)]);
                if (rest.Values.Contains(0) || rest.Changes >= size.Changes) continue;
                if ((rest.IsFixed ? graph.Integers("factor", rest.First) : Follow(rest)) is { } other) return Axis(value, axis) * other;
            }
        return null;
    }

    private OnnxValue Axis(OnnxValue value, int axis)
    {
        const Onnx.TensorProto.Types.DataType integer = Onnx.TensorProto.Types.DataType.Int64;
        if (graph.Opset >= 15) return graph.Apply("Shape", [value], integer, [1], ("start", axis), ("end", axis + 1));
        return graph.Slice(graph.Apply("Shape", [value], integer, [value.Rank]), 0, axis, axis + 1);
    }

    private HashSet<TracedCall> Needed()
    {
        var wanted = new HashSet<TracedValue>(trace.Outputs, ReferenceEqualityComparer.Instance);
        var needed = new HashSet<TracedCall>(ReferenceEqualityComparer.Instance);
        foreach (var call in Enumerable.Reverse(trace.Calls))
        {
            if (!call.Results.Any(result => result is { IsSteady: false } && wanted.Contains(result))) continue;
            needed.Add(call);
            foreach (var value in FunctionCall.Values(call.Arguments)) wanted.Add(value);
        }
        return needed;
    }

    private void Emit(TracedCall call)
    {
        var convert = functions(call);
        // What a layer's operators and constants are called says whose they are.
        var (module, path) = convert is not null && call.Layer is { } owner ? (owner, graph.PathOf(owner)) : call.Caller;
        var results = graph.Within(module, path, call.Site, () =>
        {
            if (convert is not null)
            {
                var converted = convert(new FunctionCall(this, call));
                graph.Calls.Add(call.Key, converted);
                return converted;
            }
            if (call.Layer is { } layer) return graph.CallAll(layer, [.. FunctionCall.Values(call.Arguments).Select(Value)]);
            throw graph.Error($"calls {call.Name}, in {call.Site}, which the exporter does not know. Write it with functions that it " +
                $"knows, or give the module a converter: {nameof(ExportOptions)}.{nameof(ExportOptions.Converters)}");
        });
        for (var i = 0; i < call.Results.Length; i++)
            if (call.Results[i] is { } traced && i < results.Length) Set(traced, results[i]);
    }

    private void Set(TracedValue traced, OnnxValue value)
    {
        _values[traced] = value;
        value.Sizes ??= traced.Sizes;
        _known.Add((traced, value));
    }
}
