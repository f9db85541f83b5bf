using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>What a file says of the images that it takes, before anything is run.</summary>
/// <param name="Stated">The range that its metadata name; null where they name none.</param>
/// <param name="Computed">
/// The range that its first layers bring to [-1, 1], where these are a scale and a shift: such as 2 x - 1 for [0, 1]. Null where they are
/// something else.
/// </param>
/// <param name="IsBytes">Whether it takes bytes.</param>
/// <param name="IsFree">Whether height and width are free, of images [N, 3, H, W].</param>
internal sealed record ImageFacts(PixelRange? Stated, PixelRange? Computed, bool IsBytes, bool IsFree)
{
    private const double Tolerance = 0.02;

    /// <summary>What leaves values as they are.</summary>
    private static readonly HashSet<string> _passing = ["Cast", "Identity", "Resize", "Upsample", "Clip"];

    /// <summary>Reads them.</summary>
    /// <exception cref="ModelException">No file, no model, or metadata that name no known range.</exception>
    public static ImageFacts Read(string path)
    {
        var model = ModelContent.ReadWeights(path);
        try
        {
            return Of(model);
        }
        catch (GraphProblemException e)
        {
            throw new ModelException($"'{path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Those of a model.</summary>
    public static ImageFacts Of(ModelProto model)
    {
        var image = Image(model.Graph);
        var tensor = image?.Type?.TensorType;
        return new(PixelRanges.Of(model), image is null ? null : RangeOf(model.Graph, image.Name),
            tensor?.ElemType == (int)DataType.Uint8,
            tensor?.Shape is { Dim: { Count: 4 } d } && d[1].DimValue == 3 && Free(d[2]) && Free(d[3]));
    }

    /// <summary>Gives images of free height and width a size.</summary>
    public static void Fix(ModelProto model, int side)
    {
        var dimensions = Image(model.Graph)!.Type.TensorType.Shape.Dim;
        dimensions[2].DimValue = dimensions[3].DimValue = side;
        // They were written for any size, and are inferred for this one.
        model.Graph.ValueInfo.Clear();
    }

    private static bool Free(TensorShapeProto.Types.Dimension dimension) => dimension.DimValue <= 0;

    private static ValueInfoProto? Image(GraphProto graph)
    {
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !weights.Contains(input.Name))];
        return inputs.Length == 1 ? inputs[0] : null;
    }

    private static PixelRange? RangeOf(GraphProto graph, string value)
    {
        // What reaches the network is scale * x + shift.
        double scale = 1, shift = 0;
        var constants = Constants(graph);
        while (Only(value) is { } node)
        {
            if (_passing.Contains(node.OpType) && node.Input[0] == value) { }
            else if (node.Input.Count == 2 && Number(node.Input[node.Input[0] == value ? 1 : 0]) is { } number)
            {
                var isFirst = node.Input[0] == value;
                switch (node.OpType)
                {
                    case "Mul": (scale, shift) = (scale * number, shift * number); break;
                    case "Div" when isFirst && number != 0: (scale, shift) = (scale / number, shift / number); break;
                    case "Add": shift += number; break;
                    case "Sub" when isFirst: shift -= number; break;
                    default: return null;
                }
            }
            else
            {
                return Range();
            }
            value = node.Output[0];
        }
        return Range();

        PixelRange? Range()
        {
            if (scale == 1 && shift == 0) return null;
            double low = (-1 - shift) / scale, high = (1 - shift) / scale;
            bool Is(double from, double to) => Math.Max(Math.Abs(low - from), Math.Abs(high - to)) <= Tolerance * (to - from);
            return Is(0, 1) ? PixelRange.ZeroToOne : Is(0, 255) ? PixelRange.ZeroTo255 : Is(-1, 1) ? PixelRange.MinusOneToOne : null;
        }

        NodeProto? Only(string name)
        {
            NodeProto[] readers = [.. graph.Node.Where(node => node.OpType != "Shape" && node.Input.Contains(name))];
            return readers is [{ Output.Count: 1 } only] ? only : null;
        }

        double? Number(string name) => constants.TryGetValue(name, out var number) ? number : null;
    }

    /// <summary>The single numbers among a graph's constants.</summary>
    private static Dictionary<string, double> Constants(GraphProto graph)
    {
        var tensors = graph.Initializer.Select(tensor => (tensor.Name, Tensor: (TensorProto?)tensor))
            .Concat(graph.Node.Where(node => node.OpType == "Constant" && node.Output.Count == 1)
                .Select(node => (Name: node.Output[0], Tensor: node.Attribute.FirstOrDefault(a => a.Name == "value")?.T)));
        Dictionary<string, double> numbers = [];
        foreach (var (name, tensor) in tensors)
            if (tensor is not null && tensor.Dims.All(d => d == 1) && Value(tensor) is { } value) numbers[name] = value;
        return numbers;
    }

    private static double? Value(TensorProto tensor) => (DataType)tensor.DataType switch
    {
        DataType.Float when tensor.RawData.Length == sizeof(float) => BitConverter.ToSingle(tensor.RawData.Span),
        DataType.Float when tensor.FloatData.Count == 1 => tensor.FloatData[0],
        DataType.Double when tensor.RawData.Length == sizeof(double) => BitConverter.ToDouble(tensor.RawData.Span),
        DataType.Double when tensor.DoubleData.Count == 1 => tensor.DoubleData[0],
        _ => null,
    };
}
