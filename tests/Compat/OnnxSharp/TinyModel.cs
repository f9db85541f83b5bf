using Google.Protobuf;
using Onnx;

namespace GanPipeline.Compat.Tests;

/// <summary>A model of two nodes: y = relu(x * weight + bias), x of [N, 2], weight of 2 x 3.</summary>
internal static class TinyModel
{
    public static readonly float[] Weight = [1, 2, -3, 4, -5, 6];
    public static readonly float[] Bias = [0.5f, 0, -1];

    public static ModelProto Make()
    {
        var gemm = new NodeProto { OpType = "Gemm", Name = "dense", Input = { "x", "weight", "bias" }, Output = { "sum" } };
        gemm.Attribute.Add(new AttributeProto { Name = "alpha", F = 1, Type = AttributeProto.Types.AttributeType.Float });
        gemm.Attribute.Add(new AttributeProto { Name = "transB", I = 0, Type = AttributeProto.Types.AttributeType.Int });
        var graph = new GraphProto
        {
            Name = "tiny",
            Node = { gemm, new NodeProto { OpType = "Relu", Name = "relu", Input = { "sum" }, Output = { "y" } } },
            Input = { Value("x", 2) },
            Output = { Value("y", 3) },
            Initializer = { Tensor("weight", Weight, 2, 3), Tensor("bias", Bias, 3) },
        };
        return new ModelProto
        {
            IrVersion = 8,
            ProducerName = "tests",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
            MetadataProps = { new StringStringEntryProto { Key = "latent", Value = "2" } },
        };
    }

    private static TensorProto Tensor(string name, float[] values, params long[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.AddRange(dims);
        tensor.RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
        return tensor;
    }

    private static ValueInfoProto Value(string name, long columns)
    {
        var shape = new TensorShapeProto
        {
            Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" }, new TensorShapeProto.Types.Dimension { DimValue = columns } },
        };
        var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}
