using DataType = Onnx.TensorProto.Types.DataType;

namespace GanPipeline.Export;

/// <summary>A recorded call of a function, with its tensors in the graph: what a converter of functions works with.</summary>
internal sealed class FunctionCall(TraceEmitter emitter, TracedCall call)
{
    private readonly string[] _names =
    [
        .. call.Function.IsStatic || call.Layer is not null ? (string[])[] : ["this"],
        .. call.Function.GetParameters().Select(parameter => parameter.Name ?? ""),
    ];

    public OnnxGraph Graph => emitter.Graph;

    public TracedCall Call => call;

    /// <summary>The function's name in lower case, without the mark of operations in place: relu for functional.relu and relu_.</summary>
    public static string NameOf(TracedCall call)
    {
        var name = call.Function.Name;
        if (name.StartsWith("op_")) return name;
        if (name.Contains("_TensorItems")) return name.StartsWith("get") ? "index" : "index_put";
        return (name.Length > 1 ? name.TrimEnd('_') : name).ToLowerInvariant();
    }

    public string Name => NameOf(call);

    /// <summary>The first tensor.</summary>
    public OnnxValue X => emitter.Value(TracedX);

    public TracedValue TracedX => Values(call.Arguments).First();

    /// <summary>The first tensor as the result's type.</summary>
    public OnnxValue Typed => Graph.Cast(X, Type);

    /// <summary>The result's type.</summary>
    public DataType Type => OnnxTypes.Of(Result.Type);

    public TracedValue Result => call.Results[0]!;

    /// <summary>The result's sizes as the graph has them.</summary>
    public long[] Shape => Dimensions(Result);

    public static long[] Dimensions(TracedValue value) => [.. value.Sizes.Select(size => size.Dimension)];

    /// <summary>The tensors among arguments.</summary>
    public static IEnumerable<TracedValue> Values(IEnumerable<object?> arguments) => arguments.SelectMany(argument => argument switch
    {
        TracedValue value => [value],
        object?[] several => Values(several),
        _ => [],
    });

    /// <summary>An argument by the first of the names that the function has; null where it has none or none is given.</summary>
    public object? Argument(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var at = Array.IndexOf(_names, name);
            if (at >= 0) return call.Arguments[at];
        }
        return null;
    }

    public bool Has(params ReadOnlySpan<string> names) => Argument(names) is not null;

    public object? At(int index) => call.Arguments.ElementAtOrDefault(index);

    public OnnxValue? Tensor(params ReadOnlySpan<string> names) => Argument(names) is TracedValue value ? emitter.Value(value) : null;

    public OnnxValue Value(TracedValue value) => emitter.Value(value);

    /// <summary>The tensors of a list.</summary>
    public OnnxValue[] Tensors(params ReadOnlySpan<string> names) =>
        [.. Values((object?[])(Argument(names) ?? throw Graph.Error($"calls {call.Name} without tensors"))).Select(emitter.Value)];

    public long Integer(string name, long otherwise) => Argument(name) is { } value ? Fixed(value) : otherwise;

    public bool Flag(string name, bool otherwise = false) => Argument(name) as bool? ?? otherwise;

    public double Number(double otherwise, params ReadOnlySpan<string> names) => Argument(names) switch
    {
        double number => number,
        TracedSize size => Fixed(size),
        bool flag => flag ? 1 : 0,
        _ => otherwise,
    };

    /// <summary>One number, or several, as an array; null where none are given.</summary>
    public long[]? Integers(params ReadOnlySpan<string> names) => Argument(names) switch
    {
        TracedSize size => [Fixed(size)],
        object?[] several => [.. several.Select(value => Fixed(value!))],
        _ => null,
    };

    /// <summary>The axes that an argument names, counted from the front; all of the first tensor's where none are named.</summary>
    public long[] Axes(params ReadOnlySpan<string> names)
    {
        var rank = TracedX.Shape.Length;
        return Integers(names) is { Length: > 0 } axes
            ? [.. axes.Select(axis => axis < 0 ? axis + rank : axis)]
            : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
    }

    /// <summary>An axis of the first tensor, counted from the front.</summary>
    public int Axis(long otherwise, params ReadOnlySpan<string> names)
    {
        var axis = Argument(names) is { } value ? Fixed(value) : otherwise;
        return (int)(axis < 0 ? axis + Math.Max(TracedX.Shape.Length, 1) : axis);
    }

    /// <summary>A number that must not follow from the batch.</summary>
    public long Fixed(object value) => value is TracedSize { IsFixed: true } size ? size.First : throw Graph.Error(
        $"gives {call.Name}, in {call.Site}, the setting {value}, which follows from the batch and must not");

    /// <summary>An operand that may be a tensor or a number, in a type.</summary>
    public OnnxValue Operand(int index, DataType type) => Operand(At(index), type);

    public OnnxValue Operand(object? argument, DataType type) => argument switch
    {
        TracedValue value => Graph.Cast(emitter.Value(value), type),
        TracedSize { IsFixed: true } size => OnnxTypes.Number(Graph, size.First, type),
        TracedSize size => Graph.Cast(Scalar(size), type),
        double number => OnnxTypes.Number(Graph, number, type),
        bool flag => OnnxTypes.Number(Graph, flag ? 1 : 0, type),
        _ => throw Graph.Error($"gives {call.Name}, in {call.Site}, an operand that the exporter does not know"),
    };

    /// <summary>A size as a number without axes.</summary>
    public OnnxValue Scalar(TracedSize size) => Graph.Apply("Squeeze", [emitter.Size(size), Graph.Integers("axes", 0)], DataType.Int64, []);

    /// <summary>Sizes or other integers as a tensor of int64.</summary>
    public OnnxValue Sizes(IReadOnlyList<TracedSize> sizes) => sizes.All(size => size.IsFixed)
        ? Graph.Integers("shape", [.. sizes.Select(size => size.First)])
        : sizes.Count == 1 ? emitter.Size(sizes[0])
        : Graph.Apply("Concat", [.. sizes.Select(size => (OnnxValue?)emitter.Size(size))], DataType.Int64, [sizes.Count], ("axis", 0));

    /// <summary>An operator whose result has the recorded result's type and sizes.</summary>
    public OnnxValue Operator(string opType, OnnxValue?[] inputs, params OnnxSetting[] settings) =>
        Graph.Apply(opType, inputs, Type, Shape, settings);

    /// <summary>The same elements in the sizes of a result.</summary>
    public OnnxValue Reshape(OnnxValue x, TracedValue? from, TracedValue to)
    {
        if (from is not null && from.Sizes.SequenceEqual(to.Sizes)) return x;
        var shape = Dimensions(to);
        // A 0 keeps the input's size, and a -1 is what remains.
        var kept = to.Sizes.Select((size, axis) => !size.IsFixed && axis < from?.Sizes.Length && size.Equals(from.Sizes[axis])).ToArray();
        var open = Enumerable.Range(0, shape.Length).Where(axis => !to.Sizes[axis].IsFixed && !kept[axis]).ToArray();
        if (open.Length <= 1)
        {
            long[] target = [.. to.Sizes.Select((size, axis) => size.IsFixed ? size.First : kept[axis] ? 0 : -1)];
            return Graph.Apply("Reshape", [x, Graph.Integers("shape", target)], x.Type, shape);
        }
        return Graph.Apply("Reshape", [x, Sizes(to.Sizes)], x.Type, shape);
    }
}
