using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>An input or output whose first dimension is the batch and whose others are known.</summary>
internal sealed class TensorForm
{
    private readonly int[] _row;

    private TensorForm(string name, TensorElementType type, int batch, int[] row)
    {
        Batch = batch;
        Name = name;
        Type = type;
        _row = row;
        RowSize = IsFree ? 0 : row.Aggregate(1, (product, d) => product * d);
    }

    public string Name { get; }

    public TensorElementType Type { get; }

    /// <summary>The rows that every run has; -1 where any number will do.</summary>
    public int Batch { get; }

    /// <summary>Whether it has images of any height or width.</summary>
    public bool IsFree => _row.AsSpan().Contains(-1);

    /// <summary>Values of one row, that is of one image, latent or feature vector; 0 where height or width is free.</summary>
    public int RowSize { get; }

    /// <summary>A dimension, the batch not counted; -1 where it is free.</summary>
    public int this[int dimension] => _row[dimension];

    /// <summary>
    /// The tensor of this name if it has the type, the rank, and dimensions that are known but for the batch; else null.
    /// </summary>
    public static TensorForm? Find(IReadOnlyDictionary<string, NodeMetadata> tensors, string name, TensorElementType type, int rank) =>
        tensors.TryGetValue(name, out var t) && t.IsFixed() && t.ElementDataType == type && t.Dimensions.Length == rank
            ? new TensorForm(name, type, t.Dimensions[0], t.Dimensions[1..])
            : null;

    /// <summary>The tensor of this name if it is of images float32 [N, C, H, W], of which H and W may be free; else null.</summary>
    public static TensorForm? FindImages(IReadOnlyDictionary<string, NodeMetadata> tensors, string name) =>
        tensors.TryGetValue(name, out var t) && t.Is(rank: 4) && (t.IsFixed() || t.IsFreeImage())
            ? new TensorForm(name, t.ElementDataType, t.Dimensions[0], t.Dimensions[1..])
            : null;

    /// <summary>The same of images of a size.</summary>
    public TensorForm At(int height, int width) => new(Name, Type, Batch, [_row[0], height, width]);

    public long[] Shape(int count)
    {
        var shape = new long[_row.Length + 1];
        shape[0] = count;
        for (var i = 0; i < _row.Length; i++) shape[i + 1] = _row[i];
        return shape;
    }

    /// <summary>Such as <c>latent float32 [N, 100], label int64 [N, 1]</c>.</summary>
    public static string Describe(IReadOnlyDictionary<string, NodeMetadata> tensors) =>
        tensors.Count == 0 ? "(none)"
            : string.Join(", ", tensors.Where(t => t.Key != FiniteOutput.Name).Select(t => $"{t.Key} {Describe(t.Value)}"));

    private static string Describe(NodeMetadata tensor)
    {
        if (!tensor.IsTensor) return tensor.OnnxValueType.ToString();
        var dimensions = tensor.Dimensions.Select((d, i) =>
            d >= 0 ? $"{d}" : tensor.SymbolicDimensions[i] is { Length: > 0 } name ? name : "?");
        return $"{TypeName(tensor.ElementDataType)} [{string.Join(", ", dimensions)}]";
    }

    private static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };
}
