using Google.Protobuf.Collections;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>The names of the values in an ONNX graph, those of graphs inside its nodes too.</summary>
internal static class ValueNames
{
    public static HashSet<string> Of(GraphProto graph)
    {
        HashSet<string> known = [];
        Replace(graph, name =>
        {
            known.Add(name);
            return name;
        });
        return known;
    }

    /// <summary>Gives values new names, all at once.</summary>
    /// <remarks>A value that has one of the new names already takes another, so that no two share one.</remarks>
    /// <returns>Every new name with the old one.</returns>
    public static Dictionary<string, string> Rename(GraphProto graph, IReadOnlyDictionary<string, string> names)
    {
        var map = names.ToDictionary();
        var known = Of(graph);
        foreach (var taken in names.Values.Where(name => known.Contains(name) && !names.ContainsKey(name)))
        {
            var free = taken + "_";
            while (known.Contains(free) || map.ContainsValue(free)) free += "_";
            map[taken] = free;
        }
        Replace(graph, name => map.GetValueOrDefault(name, name));
        return map.ToDictionary(pair => pair.Value, pair => pair.Key);
    }

    private static void Replace(GraphProto graph, Func<string, string> name)
    {
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo)) value.Name = name(value.Name);
        foreach (var constant in graph.Initializer.Concat(graph.SparseInitializer.Select(sparse => sparse.Values)))
            constant.Name = name(constant.Name);
        foreach (var node in graph.Node)
        {
            Replace(node.Input, name);
            Replace(node.Output, name);
            foreach (var inner in node.Attribute.SelectMany(attribute => attribute.Graphs.Append(attribute.G)).OfType<GraphProto>())
                Replace(inner, name);
        }
    }

    private static void Replace(RepeatedField<string> names, Func<string, string> name)
    {
        for (var i = 0; i < names.Count; i++) names[i] = name(names[i]);
    }
}
