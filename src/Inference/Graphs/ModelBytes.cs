using Google.Protobuf;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>A model as a file's bytes, in which an attribute of 0 has its value.</summary>
/// <remarks>
/// ONNX's own schema is proto2, whose writers say 0 where it is meant, and whose readers may ask whether a value is there: OpenCV refuses
/// an attribute without one. Google.Protobuf for .NET writes as proto3 does, which leaves every 0 out.
/// </remarks>
internal static class ModelBytes
{
    private static readonly uint _graphTag = Tag(ModelProto.GraphFieldNumber), _nodeTag = Tag(GraphProto.NodeFieldNumber),
        _attributeTag = Tag(NodeProto.AttributeFieldNumber);

    public static byte[] Of(ModelProto model)
    {
        if (model.Graph is not { } graph) return model.ToByteArray();
        // Written by itself, once: the weights are most of a file.
        NodeProto[] nodes = [.. graph.Node];
        model.Graph = null;
        graph.Node.Clear();
        try
        {
            byte[][] written = [.. nodes.Select(Of)];
            var size = graph.CalculateSize() + written.Sum(node => Framed(_nodeTag, node.Length));
            var bytes = new byte[model.CalculateSize() + Framed(_graphTag, size)];
            using var output = new CodedOutputStream(bytes);
            model.WriteTo(output);
            output.WriteTag(_graphTag);
            output.WriteLength(size);
            foreach (var node in written) Write(output, _nodeTag, node);
            graph.WriteTo(output);
            output.CheckNoSpaceLeft();
            return bytes;
        }
        finally
        {
            graph.Node.AddRange(nodes);
            model.Graph = graph;
        }
    }

    private static byte[] Of(NodeProto node)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        var rest = node.Clone();
        rest.Attribute.Clear();
        rest.WriteTo(output);
        foreach (var attribute in node.Attribute) Write(output, _attributeTag, [.. attribute.ToByteArray(), .. LeftOut(attribute)]);
        output.Flush();
        return bytes.ToArray();
    }

    /// <summary>The attribute's only value, where it is 0 or empty.</summary>
    private static byte[] LeftOut(AttributeProto attribute) => attribute.Type switch
    {
        AttributeProto.Types.AttributeType.Int when attribute.I == 0 => [(AttributeProto.IFieldNumber << 3) | 0, 0],
        AttributeProto.Types.AttributeType.Float when attribute.F == 0 =>
            [(AttributeProto.FFieldNumber << 3) | 5, 0, 0, 0, 0],
        AttributeProto.Types.AttributeType.String when attribute.S.IsEmpty => [(AttributeProto.SFieldNumber << 3) | 2, 0],
        _ => [],
    };

    private static void Write(CodedOutputStream output, uint tag, byte[] message)
    {
        output.WriteTag(tag);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(message));
    }

    private static int Framed(uint tag, int length) =>
        CodedOutputStream.ComputeUInt32Size(tag) + CodedOutputStream.ComputeLengthSize(length) + length;

    private static uint Tag(int field) => WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);
}
