using Google.Protobuf;
using Onnx;

namespace GanPipeline.Compat.Tests.ML;

/// <summary>Small ONNX models.</summary>
internal static class OnnxModels
{
    /// <summary>A model of one operator per output, each over the input x.</summary>
    /// <param name="type">Of all values.</param>
    /// <param name="dims">The shape of input and outputs; text is the name of a dimension that is unknown.</param>
    /// <param name="outputs">Name and operator: "Neg", "Abs", or "Add", which adds x to itself.</param>
    public static byte[] Make(TensorProto.Types.DataType type, object[] dims, params (string Name, string Operator)[] outputs)
    {
        var graph = new GraphProto { Name = "small", Input = { Value("x", type, dims) } };
        foreach (var (name, op) in outputs)
        {
            graph.Output.Add(Value(name, type, dims));
            graph.Node.Add(new NodeProto { OpType = op, Input = { op == "Add" ? ["x", "x"] : ["x"] }, Output = { name } });
        }
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = graph }.ToByteArray();
    }

    /// <summary>Floats of shape [N, 3]; "sum" is x + x.</summary>
    public static byte[] Sum => Make(TensorProto.Types.DataType.Float, ["N", 3L], ("sum", "Add"));

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, object[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in dims)
            shape.Dim.Add(dim is string text
                ? new TensorShapeProto.Types.Dimension { DimParam = text }
                : new TensorShapeProto.Types.Dimension { DimValue = (long)dim });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
