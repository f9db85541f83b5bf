using System.Globalization;
using System.Runtime.InteropServices;
using GanPipeline.Pipelines;
using Onnx;

namespace GanPipeline.Cli;

/// <summary>A graph as text: a line for each node, with the shapes of what it takes and gives.</summary>
/// <remarks>Long names, shapes and lists are cut: a line says what a node does, whatever the file holds.</remarks>
internal sealed class GraphText(GraphProto graph)
{
    private const int LongestWord = 100, LongestCell = 200, LongestOperation = 1_000;

    private readonly Dictionary<string, string> _shapes = Shapes(graph);

    private readonly Dictionary<string, TensorProto> _constants = graph.Initializer.DistinctBy(constant => constant.Name)
        .ToDictionary(constant => constant.Name);

    /// <summary>The nodes in their order: result, operation, shape, source.</summary>
    public IEnumerable<(string Result, string Operation, string Shape, string Source)> Lines => graph.Node.Select(node => (
        Joined(", ", node.Output.Where(output => output.Length > 0).Select(Word), LongestCell),
        Operation(node),
        Joined(", ", node.Output.Where(output => output.Length > 0).Select(output => _shapes.GetValueOrDefault(output, "")), LongestCell)
            .Trim(',', ' '),
        TextFormat.Shorten(node.DocString, LongestCell)));

    /// <summary>What a node does, with its settings: Conv(image, weight [64, 3, 4, 4]; strides 2 2).</summary>
    public string Operation(NodeProto node)
    {
        var inputs = Joined(", ", node.Input.Select(Input), LongestOperation);
        var settings = Joined(", ", node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal)
            .Select(attribute => $"{Word(attribute.Name)} {Value(attribute)}"), LongestOperation);
        var type = Word(node.Domain.Length > 0 ? $"{node.Domain}.{node.OpType}" : node.OpType);
        return TextFormat.Shorten($"{type}({inputs}{(settings.Length > 0 ? "; " : "")}{settings})", LongestOperation);
    }

    private string Input(string name)
    {
        if (!_constants.TryGetValue(name, out var constant)) return name.Length == 0 ? "-" : Word(name);
        // A constant number or a few sizes say more than their name.
        return constant.Dims.Aggregate(1.0, (a, b) => a * b) is var count and <= 4 and > 0 && Numbers(constant, (int)count) is { } numbers
            ? constant.Dims.Count == 0 ? numbers : $"[{numbers}]"
            : $"{Word(name)} {_shapes[name]}";
    }

    /// <summary>The values of a constant; null where it does not hold so many, or holds them elsewhere.</summary>
    private static string? Numbers(TensorProto constant, int count)
    {
        var bytes = constant.RawData.Span;
        return (TensorProto.Types.DataType)constant.DataType switch
        {
            TensorProto.Types.DataType.Float when bytes.Length == count * sizeof(float) =>
                Join(MemoryMarshal.Cast<byte, float>(bytes).ToArray()),
            TensorProto.Types.DataType.Int64 when bytes.Length == count * sizeof(long) =>
                Join(MemoryMarshal.Cast<byte, long>(bytes).ToArray()),
            _ => null,
        };

        static string Join<T>(T[] values) where T : IFormattable =>
            string.Join(", ", values.Select(value => value.ToString(null, CultureInfo.InvariantCulture)));
    }

    private static string Value(AttributeProto attribute) => attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Float => attribute.F.ToString(CultureInfo.InvariantCulture),
        AttributeProto.Types.AttributeType.Int => attribute.I.ToString(CultureInfo.InvariantCulture),
        AttributeProto.Types.AttributeType.String => Word(attribute.S.ToStringUtf8()),
        AttributeProto.Types.AttributeType.Ints => Joined(" ", attribute.Ints.Select(value => $"{value}"), LongestWord),
        AttributeProto.Types.AttributeType.Floats =>
            Joined(" ", attribute.Floats.Select(value => value.ToString(CultureInfo.InvariantCulture)), LongestWord),
        AttributeProto.Types.AttributeType.Strings =>
            Joined(" ", attribute.Strings.Select(value => Word(value.ToStringUtf8())), LongestWord),
        var other => $"<{other}>",
    };

    private static Dictionary<string, string> Shapes(GraphProto graph)
    {
        var shapes = new Dictionary<string, string>();
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            if (value.Type?.TensorType?.Shape is { } shape)
                shapes[value.Name] = Shape(shape.Dim.Select(dimension => dimension.DimParam.Length > 0 ? dimension.DimParam
                    : dimension.DimValue.ToString(CultureInfo.InvariantCulture)));
        foreach (var constant in graph.Initializer)
            shapes[constant.Name] = Shape(constant.Dims.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        return shapes;

        static string Shape(IEnumerable<string> sizes) => $"[{Joined(", ", sizes, LongestWord)}]";
    }

    private static string Word(string text) => TextFormat.Shorten(text, LongestWord);

    /// <summary>Each is a character at least: no more of them are looked at than are shown.</summary>
    private static string Joined(string separator, IEnumerable<string> words, int longest) =>
        TextFormat.Shorten(string.Join(separator, words.Take(longest)), longest);
}
