using static Onnx.TensorProto.Types;
using ScalarType = TorchSharp.torch.ScalarType;

namespace GanPipeline.Export;

/// <summary>Element types of Torch and of ONNX.</summary>
internal static class OnnxTypes
{
    /// <summary>ONNX's type for one of Torch's.</summary>
    /// <exception cref="ExportException">ONNX, or the exporter, has none.</exception>
    public static DataType Of(ScalarType type) => type switch
    {
        ScalarType.Float32 => DataType.Float,
        ScalarType.Float64 => DataType.Double,
        ScalarType.Float16 => DataType.Float16,
        ScalarType.Int64 => DataType.Int64,
        ScalarType.Int32 => DataType.Int32,
        ScalarType.Int16 => DataType.Int16,
        ScalarType.Int8 => DataType.Int8,
        ScalarType.Byte => DataType.Uint8,
        ScalarType.Bool => DataType.Bool,
        _ => throw new ExportException($"The network computes in {type}, which the exporter does not write; convert it first: " +
            "network.to(torch.float32)."),
    };

    /// <summary>The type of an array's elements.</summary>
    public static DataType Of(Array elements) => elements switch
    {
        float[] => DataType.Float,
        double[] => DataType.Double,
        long[] => DataType.Int64,
        int[] => DataType.Int32,
        bool[] => DataType.Bool,
        byte[] => DataType.Uint8,
        _ => throw new ArgumentException($"There are no constants of {elements.GetType()}.", nameof(elements)),
    };

    /// <summary>Torch's type for one of ONNX.</summary>
    public static ScalarType ToTorch(DataType type) => type switch
    {
        DataType.Float => ScalarType.Float32,
        DataType.Double => ScalarType.Float64,
        DataType.Int64 => ScalarType.Int64,
        DataType.Int32 => ScalarType.Int32,
        DataType.Bool => ScalarType.Bool,
        _ => ScalarType.Byte,
    };

    public static bool IsFloat(DataType type) => type is DataType.Float or DataType.Double or DataType.Float16;

    /// <summary>A constant number of a type.</summary>
    public static OnnxValue Number(OnnxGraph graph, double value, DataType type) => type switch
    {
        DataType.Float => graph.NewConstant("constant", [], new[] { (float)value }),
        DataType.Double => graph.NewConstant("constant", [], new[] { value }),
        DataType.Int64 => graph.NewConstant("constant", [], new[] { checked((long)value) }),
        DataType.Int32 => graph.NewConstant("constant", [], new[] { checked((int)value) }),
        DataType.Bool => graph.NewConstant("constant", [], new[] { value != 0 }),
        DataType.Uint8 => graph.NewConstant("constant", [], new[] { checked((byte)value) }),
        _ => graph.Cast(graph.Constant((float)value), type),
    };
}
