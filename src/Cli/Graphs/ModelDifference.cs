using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;
using Onnx;

namespace GanPipeline.Cli;

/// <summary>How two models differ: in format, inputs and outputs, nodes, weights, metadata.</summary>
internal static class ModelDifference
{
    private const int MostLines = 40, LongestLine = 2_500, LongestValue = 200;

    /// <summary>What differs, by kind; kinds without a difference are left out.</summary>
    public static JsonObject Of(ModelProto first, ModelProto second)
    {
        var differences = new JsonObject();
        void Add(string kind, IEnumerable<string> lines)
        {
            string[] all = [.. lines.Select(line => TextFormat.Shorten(line, LongestLine))];
            if (all.Length > 0) differences[kind] = Json.Array(all);
        }

        Add("format", Pairs(
            ("opset", $"{Opset(first)}", $"{Opset(second)}"), ("IR version", $"{first.IrVersion}", $"{second.IrVersion}"),
            ("producer", $"{first.ProducerName} {first.ProducerVersion}", $"{second.ProducerName} {second.ProducerVersion}")));
        Add("inputs", Sets(Values(first.Graph.Input, first.Graph), Values(second.Graph.Input, second.Graph)));
        Add("outputs", Sets(Values(first.Graph.Output, first.Graph), Values(second.Graph.Output, second.Graph)));
        Add("operators", Operators(first.Graph, second.Graph));
        Add("nodes", Nodes(first.Graph, second.Graph));
        Add("weights", Weights(first.Graph, second.Graph));
        Add("metadata", Sets(Metadata(first), Metadata(second)));
        // "The same" is said of the same: what is not compared by itself, such as comments, is compared as a whole.
        if (differences.Count == 0 && !first.Equals(second)) Add("other", ["comments, names, or shapes between the nodes"]);
        return differences;
    }

    private static long Opset(ModelProto model) => model.OpsetImport.FirstOrDefault(set => set.Domain.Length == 0)?.Version ?? 0;

    private static IEnumerable<string> Pairs(params (string Name, string First, string Second)[] values) => values
        .Where(value => value.First != value.Second).Select(value => $"{value.Name}: {value.First} and {value.Second}");

    private static IEnumerable<string> Sets(Dictionary<string, string> first, Dictionary<string, string> second)
    {
        return first.Keys.Union(second.Keys).Where(key => first.GetValueOrDefault(key) != second.GetValueOrDefault(key)).Select(key =>
            !second.TryGetValue(key, out var other) ? $"{Short(key)} {Short(first[key])}: only in the first"
            : !first.TryGetValue(key, out var one) ? $"{Short(key)} {Short(other)}: only in the second"
            : $"{Short(key)}: {Short(one)} and {Short(other)}");

        static string Short(string value) => TextFormat.Shorten(value, LongestValue);
    }

    private static Dictionary<string, string> Values(IEnumerable<ValueInfoProto> values, GraphProto graph)
    {
        var constants = graph.Initializer.Select(initializer => initializer.Name).ToHashSet();
        return values.Where(value => !constants.Contains(value.Name)).DistinctBy(value => value.Name).ToDictionary(
            value => value.Name,
            value => $"[{string.Join(", ", value.Type?.TensorType?.Shape?.Dim.Select(size =>
                size.DimParam.Length > 0 ? size.DimParam : $"{size.DimValue}") ?? [])}]");
    }

    private static Dictionary<string, string> Metadata(ModelProto model) => model.MetadataProps.DistinctBy(entry => entry.Key)
        .ToDictionary(entry => entry.Key, entry => entry.Value);

    private static IEnumerable<string> Operators(GraphProto first, GraphProto second)
    {
        var one = first.Node.CountBy(node => node.OpType).ToDictionary();
        var other = second.Node.CountBy(node => node.OpType).ToDictionary();
        return one.Keys.Union(other.Keys).Order(StringComparer.Ordinal)
            .Where(type => one.GetValueOrDefault(type) != other.GetValueOrDefault(type))
            .Select(type => $"{type}: {one.GetValueOrDefault(type)} and {other.GetValueOrDefault(type)}");
    }

    /// <summary>Nodes of a name that do other things, where both files name them alike.</summary>
    private static IEnumerable<string> Nodes(GraphProto first, GraphProto second)
    {
        var (one, other) = (Results(first), Results(second));
        var (firstText, secondText) = (new GraphText(first), new GraphText(second));
        foreach (var (result, node) in one)
        {
            if (!other.TryGetValue(result, out var counterpart)) continue;
            var (was, now) = (firstText.Operation(node), secondText.Operation(counterpart));
            if (was != now) yield return $"{result}: {was} and {now}";
            else if (!Settings(node).SequenceEqual(Settings(counterpart)) || !node.Input.SequenceEqual(counterpart.Input))
                yield return $"{result}: {was} with other values";
        }

        static Dictionary<string, NodeProto> Results(GraphProto graph) =>
            graph.Node.DistinctBy(node => string.Join(", ", node.Output)).ToDictionary(node => string.Join(", ", node.Output));

        static IEnumerable<AttributeProto> Settings(NodeProto node) =>
            node.Attribute.OrderBy(attribute => attribute.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Weights(GraphProto first, GraphProto second)
    {
        var (one, other) = (Constants(first), Constants(second));
        var only = one.Keys.Except(other.Keys).Select(name => $"{name} {Shape(one[name])}: only in the first")
            .Concat(other.Keys.Except(one.Keys).Select(name => $"{name} {Shape(other[name])}: only in the second"));
        return one.Where(entry => other.ContainsKey(entry.Key))
            .Select(entry => (Name: entry.Key, How: Difference(entry.Value, other[entry.Key]))).Where(entry => entry.How is not null)
            .Select(entry => $"{entry.Name}: {entry.How}").Concat(only);

        static Dictionary<string, TensorProto> Constants(GraphProto graph) =>
            graph.Initializer.DistinctBy(initializer => initializer.Name).ToDictionary(initializer => initializer.Name);
    }

    private static string? Difference(TensorProto first, TensorProto second)
    {
        if (first.DataType != second.DataType || !first.Dims.SequenceEqual(second.Dims)) return $"{Shape(first)} and {Shape(second)}";
        if (first.Equals(second)) return null;
        if ((TensorProto.Types.DataType)first.DataType != TensorProto.Types.DataType.Float) return "other values";
        var (one, other) = (Floats(first), Floats(second));
        if (one.Length != other.Length || one.Length == 0) return "other values";
        var largest = one.Zip(other, (a, b) => Math.Abs((double)a - b)).Max();
        return largest == 0 ? null : $"up to {TextFormat.Number(largest)} apart";
    }

    private static float[] Floats(TensorProto constant) => constant.RawData.Length > 0
        ? MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray()
        : [.. constant.FloatData];

    private static string Shape(TensorProto constant) =>
        $"{((TensorProto.Types.DataType)constant.DataType).ToString().ToLowerInvariant()} [{string.Join(", ", constant.Dims)}]";

    /// <summary>The differences as lines of a kind and a difference.</summary>
    public static IEnumerable<(string Kind, string Line)> Lines(JsonObject differences)
    {
        foreach (var (kind, lines) in differences)
        {
            var all = lines!.AsArray();
            foreach (var line in all.Take(MostLines)) yield return (kind, (string)line!);
            if (all.Count > MostLines) yield return (kind, $"and {TextFormat.Count(all.Count - MostLines)} more");
        }
    }
}
