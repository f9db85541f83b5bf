using System.Text;

namespace GanPipeline.ML.Internals;

/// <summary>
/// The little that is done to an ONNX file without a library for it: its tensors are renamed, and a line of its metadata is read and written.
/// The file is a protocol buffer, whose messages are copied field by field.
/// </summary>
internal static class OnnxFile
{
    // Numbers of fields in onnx.proto.
    private const int ModelGraph = 7, ModelMetadata = 14;
    private const int EntryKey = 1, EntryValue = 2;
    private const int GraphNode = 1, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12, GraphValueInfo = 13;
    private const int NodeInput = 1, NodeOutput = 2, NodeAttribute = 5;
    private const int AttributeGraph = 6, AttributeGraphs = 11;
    private const int ValueName = 1, TensorName = 8;

    /// <summary>Gives inputs, outputs or other values of the graph new names, all at once.</summary>
    /// <remarks>A value that bears one of the new names already takes another, so that no two share one.</remarks>
    public static byte[] Rename(byte[] model, IReadOnlyDictionary<string, string> names)
    {
        var map = names.ToDictionary();
        HashSet<string> known = [];
        Graph(model, name => { known.Add(name); return name; });
        foreach (string taken in names.Values.Where(name => known.Contains(name) && !names.ContainsKey(name)))
        {
            string free = taken;
            while (known.Contains(free) || map.ContainsValue(free)) free += "_";
            map[taken] = free;
        }
        return Graph(model, name => map.GetValueOrDefault(name, name));
    }

    /// <summary>Whether the graph has an output of that name.</summary>
    public static bool HasOutput(byte[] model, string name)
    {
        bool found = false;
        ProtoMessage.Rewrite(model, (field, graph) => field != ModelGraph ? null : ProtoMessage.Rewrite(graph, (part, output) =>
        {
            if (part != GraphOutput) return null;
            return ProtoMessage.Rewrite(output, (inner, text) =>
            {
                found |= inner == ValueName && Encoding.UTF8.GetString(text) == name;
                return null;
            });
        }));
        return found;
    }

    /// <summary>The metadata's value for a key, or null.</summary>
    public static string? Metadata(byte[] model, string key)
    {
        string? found = null;
        ProtoMessage.Rewrite(model, (field, content) =>
        {
            if (field == ModelMetadata && Entry(content) is var (k, value) && k == key) found = value;
            return null;
        });
        return found;
    }

    /// <summary>Sets the metadata's value for a key.</summary>
    public static byte[] WithMetadata(byte[] model, string key, string value)
    {
        byte[] without = ProtoMessage.Rewrite(model, (field, content) => field == ModelMetadata && Entry(content).Key == key ? ProtoMessage.Drop : null);
        byte[] entry = [.. ProtoMessage.Field(EntryKey, Encoding.UTF8.GetBytes(key)), .. ProtoMessage.Field(EntryValue, Encoding.UTF8.GetBytes(value))];
        return [.. without, .. ProtoMessage.Field(ModelMetadata, entry)];
    }

    private static (string Key, string Value) Entry(ReadOnlySpan<byte> entry)
    {
        string key = "", value = "";
        ProtoMessage.Rewrite(entry, (field, content) =>
        {
            if (field == EntryKey) key = Encoding.UTF8.GetString(content);
            if (field == EntryValue) value = Encoding.UTF8.GetString(content);
            return null;
        });
        return (key, value);
    }

    private static byte[] Graph(ReadOnlySpan<byte> model, Func<string, string> name) =>
        ProtoMessage.Rewrite(model, (field, content) => field == ModelGraph ? RenameGraph(content, name) : null);

    private static byte[] RenameGraph(ReadOnlySpan<byte> graph, Func<string, string> name) => ProtoMessage.Rewrite(graph, (field, content) => field switch
    {
        GraphNode => ProtoMessage.Rewrite(content, (part, inner) => part switch
        {
            NodeInput or NodeOutput => Text(inner, name),
            NodeAttribute => ProtoMessage.Rewrite(inner, (p, below) => p is AttributeGraph or AttributeGraphs ? RenameGraph(below, name) : null),
            _ => null,
        }),
        GraphInput or GraphOutput or GraphValueInfo => ProtoMessage.Rewrite(content, (part, inner) => part == ValueName ? Text(inner, name) : null),
        GraphInitializer => ProtoMessage.Rewrite(content, (part, inner) => part == TensorName ? Text(inner, name) : null),
        _ => null,
    });

    private static byte[] Text(ReadOnlySpan<byte> content, Func<string, string> name) => Encoding.UTF8.GetBytes(name(Encoding.UTF8.GetString(content)));
}
