using Onnx;

namespace GanPipeline.Export;

/// <summary>Which layer an operator of an ONNX file belongs to, by the operator's name.</summary>
internal static class OnnxPaths
{
    /// <summary>The layer's key, as <see cref="Torch"/> or <see cref="Own"/> gives it; none where the name tells nothing.</summary>
    public static IEnumerable<string> Of(NodeProto node)
    {
        // PyTorch since 1.13: /layer1/layer1.0/conv1/Conv, where a Sequential's child has its parent's name before its own.
        if (node.Name.StartsWith('/'))
        {
            List<string> parts = [];
            foreach (var part in node.Name.Split('/').Skip(1).SkipLast(1))
            {
                if (parts.Count > 0 && part.StartsWith(parts[^1] + ".", StringComparison.Ordinal)) parts[^1] = part;
                else parts.Add(part);
            }
            yield return Torch(string.Join('.', parts));
            yield break;
        }
        // Ours: layer1_0_conv1_Conv, and layer1_0_conv1_Conv_2 for the second.
        var name = node.Name;
        var end = name.TrimEnd("0123456789".ToCharArray());
        if (end.Length < name.Length && end.EndsWith('_')) name = end[..^1];
        if (name == node.OpType) yield return "=";
        else if (node.OpType.Length > 0 && name.EndsWith("_" + node.OpType, StringComparison.Ordinal))
            yield return "=" + name[..^(node.OpType.Length + 1)];
    }

    /// <summary>The key of a layer's operators in PyTorch's files.</summary>
    public static string Torch(string path) => "/" + path;

    /// <summary>The key of a layer's operators in ours.</summary>
    public static string Own(string path) => path.Length == 0 ? "=" : "=" + Identifiers.From(path);
}
