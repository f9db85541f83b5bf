using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.TestSupport;

/// <summary>A model from images to images: each becomes its negative.</summary>
public static class NegativeModel
{
    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">C, H, W; -1 is free.</param>
    public static void Write(string path, params long[] shape)
    {
        var model = new ModelProto
        {
            IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = new GraphProto { Name = "negative" },
        };
        model.Graph.Input.Add(Described("image", shape));
        model.Graph.Output.Add(Described("translation", shape));
        model.Graph.Node.Add(new NodeProto { OpType = "Neg", Input = { "image" }, Output = { "translation" } });
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static ValueInfoProto Described(string name, long[] shape)
    {
        var dimensions = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        dimensions.Dim.AddRange(shape.Select((size, axis) => size < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{axis}" }
            : new TensorShapeProto.Types.Dimension { DimValue = size }));
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = dimensions };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
