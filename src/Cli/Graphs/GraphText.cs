using System.Globalization;
using Onnx;

namespace GanPipeline.Cli;

/// <summary>A graph as text: a line for each node, with the shapes of what it takes and gives.</summary>
internal sealed class GraphText(GraphProto graph)
{
    private readonly Dictionary<string, string> _shapes = Shapes(graph);

    /// <summary>The nodes in their order: result, operation, shape, source.</summary>
    public IEnumerable<(string Result, string Operation, string Shape, string Source)> Lines => graph.Node.Select(node => (
        string.Join(", ", node.Output.Where(output => output.Length > 0)),
        Operation(node),
        string.Join(", ", node.Output.Where(output => output.Length > 0).Select(output => _shapes.GetValueOrDefault(output, "")))
            .Trim(',', ' '),
        node.DocString));

    /// <summary>What a node does, with its settings: Conv(image, weight [64, 3, 4, 4]; strides 2 2).</summary>
    private string Operation(NodeProto node)
    {
        var inputs = string.Join(", ", node.Input.Select(Input));
        var settings = string.Join(", ", node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)
            .Select(attribute => $"{attribute.Name} {Value(attribute)}"));
        return $"{(node.Domain.Length > 0 ? node.Domain + "." : "")}{node.OpType}({inputs}{(settings.Length > 0 ? "; " : "")}{settings})";
    }

    private string Input(string name)
    {
        var constant = graph.Initializer.FirstOrDefault(initializer => initializer.Name == name);
        if (constant is null) return name.Length == 0 ? "-" : name;
        // A constant number or a few sizes say more than their name.
        return constant.Dims.Aggregate(1L, (a, b) => a * b) is <= 4 and > 0 && Numbers(constant) is { } numbers
            ? constant.Dims.Count == 0 ? numbers : $"[{numbers}]"
            : $"{name} {_shapes[name]}";
    }

    private static string? Numbers(TensorProto constant)
    {
        var bytes = constant.RawData.Span;
        return (TensorProto.Types.DataType)constant.DataType switch
        {
            _ when bytes.Length == 0 => null,
            TensorProto.Types.DataType.Float => Join(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray()),
            TensorProto.Types.DataType.Int64 => Join(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes).ToArray()),
            _ => null,
        };

        static string Join<T>(T[] values) where T : IFormattable =>
            string.Join(", ", values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)));
    }

    private static string Value(AttributeProto attribute) => attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Float => attribute.F.ToString(CultureInfo.InvariantCulture),
        AttributeProto.Types.AttributeType.Int => attribute.I.ToString(CultureInfo.InvariantCulture),
        AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
        AttributeProto.Types.AttributeType.Ints => string.Join(' ', attribute.Ints),
        AttributeProto.Types.AttributeType.Floats =>
            string.Join(' ', attribute.Floats.Select(value => value.ToString(CultureInfo.InvariantCulture))),
        AttributeProto.Types.AttributeType.Strings => string.Join(' ', attribute.Strings.Select(value => value.ToStringUtf8())),
        var other => $"<{other}>",
    };

    private static Dictionary<string, string> Shapes(GraphProto graph)
    {
        var shapes = new Dictionary<string, string>();
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            if (value.Type?.TensorType?.Shape is { } shape)
                shapes[value.Name] = $"[{string.Join(", ", shape.Dim.Select(dimension => dimension.DimParam.Length > 0 ? dimension.DimParam
                    : dimension.DimValue.ToString(CultureInfo.InvariantCulture)))}]";
        foreach (var constant in graph.Initializer) shapes[constant.Name] = $"[{string.Join(", ", constant.Dims)}]";
        return shapes;
    }
}
