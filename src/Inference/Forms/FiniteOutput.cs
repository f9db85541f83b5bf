using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>
/// Beside bytes, a number that tells whether what they were made of was finite: as bytes, NaN is black and infinity white.
/// </summary>
internal static class FiniteOutput
{
    /// <summary>The output: 0, or NaN where a number before the conversion to bytes was none.</summary>
    public const string Name = "GanPipeline.finite";

    /// <summary>Adds the output to a graph that gives bytes and no other images.</summary>
    /// <returns>Whether it did.</returns>
    public static bool Add(ModelProto model)
    {
        var graph = model.Graph;
        if (graph.Output is not [var output] || output.Type?.TensorType?.ElemType != (int)DataType.Uint8) return false;
        if (BeforeBytes(graph, output.Name) is not { } value) return false;
        var editor = new GraphEditor(model);
        var real = editor.Cast(value, DataType.Float);
        editor.AddOutput(editor.Node("ReduceSum", [editor.Node("Sub", [real, real])], GraphEditor.Int("keepdims", 0)), Name, []);
        return true;
    }

    /// <summary>The value that was rounded, limited and converted to the bytes of an output; null where none was.</summary>
    private static string? BeforeBytes(GraphProto graph, string output)
    {
        var isConverted = false;
        for (var name = output;
            graph.Node.FirstOrDefault(node => node.Output.Contains(name)) is { Input.Count: > 0 } node; name = node.Input[0])
        {
            isConverted |= node.OpType == "Cast";
            if (node.OpType is not ("Cast" or "Clip" or "Round" or "Floor" or "Min" or "Max" or "Identity" or "Transpose" or "Reshape"))
                return isConverted ? name : null;
        }
        return null;
    }
}
