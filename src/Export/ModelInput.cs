using Onnx;

namespace GanPipeline.Export;

/// <summary>
/// An input of an exported model: its name and shape, and what random values verification draws for it. Its first axis is the batch,
/// which is dynamic and called <c>N</c> in the file; others are on request (<see cref="DynamicAxes"/>).
/// </summary>
public sealed record ModelInput
{
    private readonly long[] _shape;

    private ModelInput(string name, ReadOnlySpan<long> shape, TensorProto.Types.DataType type, Func<Random, double> draw)
        : this(name, shape, type, (random, row) =>
        {
            for (var i = 0; i < row.Length; i++) row[i] = draw(random);
        })
    {
    }

    private ModelInput(string name, ReadOnlySpan<long> shape, TensorProto.Types.DataType type, Action<Random, double[]> draw)
    {
        Name = name;
        foreach (var size in shape)
            if (size < 1) throw new ArgumentOutOfRangeException(
                nameof(shape),
                size,
                "Every axis but the batch has a fixed size of at least 1.");
        _shape = shape.ToArray();
        Type = type;
        Draw = draw;
    }

    /// <summary>The name in the file, a C identifier.</summary>
    public string Name { get; init => field = Identifiers.Require(value, nameof(Name)); }

    /// <summary>The sizes of all axes but the batch.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>
    /// Axes beside the batch whose size is not fixed, and what they are called in the file, as in PyTorch's exporter:
    /// <c>with { DynamicAxes = new Dictionary&lt;int, string&gt; { [2] = "height", [3] = "width" } }</c>. The batch is axis 0. Axes of one
    /// name have the same size. The network is recorded and verified at the size of <see cref="Shape"/>, at twice and at three times of
    /// it, so that it must take these.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such axis, or a name is no C identifier, or that of the batch, N.</exception>
    public IReadOnlyDictionary<int, string> DynamicAxes
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (axis, name) in value)
            {
                if (axis < 1 || axis > _shape.Length)
                    throw new ArgumentException(
                        $"Input '{Name}' has axes 1 to {_shape.Length} beside the batch, and not {axis}.", nameof(value));
                if (Identifiers.Require(name, nameof(DynamicAxes)) == "N")
                    throw new ArgumentException("N is the batch; give the axis another name.", nameof(value));
            }
            field = value;
        }
    } = new Dictionary<int, string>();

    /// <summary>The element type in the file: float or int64.</summary>
    public TensorProto.Types.DataType Type { get; }

    /// <summary>Whether a tensor of a shape fits.</summary>
    internal bool Takes(IReadOnlyList<long> shape) => shape.Count == _shape.Length + 1 && shape[0] > 0 &&
        _shape.Index().All(at => shape[at.Index + 1] == at.Item || DynamicAxes.ContainsKey(at.Index + 1));

    /// <summary>The sizes of all axes as a graph has them.</summary>
    internal long[] Dimensions =>
        [OnnxGraph.Batch, .. _shape.Select((size, i) => DynamicAxes.ContainsKey(i + 1) ? OnnxGraph.Dynamic : size)];

    /// <summary>Draws the values of one row, that is of one image or latent.</summary>
    internal Action<Random, double[]> Draw { get; }

    /// <summary>A float32 input [N, <paramref name="shape"/>...] verified with standard normal values.</summary>
    public static ModelInput Normal(string name, ReadOnlySpan<long> shape) =>
        new(name, shape, TensorProto.Types.DataType.Float, NextNormal);

    /// <summary>
    /// A float32 input [N, <paramref name="shape"/>...] verified with values uniform in [<paramref name="low"/>,
    /// <paramref name="high"/>).
    /// </summary>
    public static ModelInput Uniform(string name, ReadOnlySpan<long> shape, double low = -1, double high = 1) =>
        new(name, shape, TensorProto.Types.DataType.Float, random => low + (high - low) * random.NextDouble());

    /// <summary>
    /// An int64 input [N, <paramref name="shape"/>...] verified with integers from 0 up to, not including, <paramref name="count"/>.
    /// </summary>
    public static ModelInput Integers(string name, ReadOnlySpan<long> shape, int count) =>
        new(name, shape, TensorProto.Types.DataType.Int64, random => random.Next(count));

    /// <summary>A float32 input [N, <paramref name="labels"/>.Size] verified with label vectors of uniformly drawn values.</summary>
    public static ModelInput Labels(string name, LabelLayout labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new(name, [labels.Size], TensorProto.Types.DataType.Float, (random, row) =>
        {
            var vector = new float[labels.Size];
            labels.EncodeFields([.. labels.Fields.Select(field => field.Choices > 0
                ? random.Next(field.Choices)
                : (float)(field.Low + (field.High - field.Low) * random.NextDouble()))], vector);
            for (var i = 0; i < row.Length; i++) row[i] = vector[i];
        });
    }

    // Box and Muller 1958.
    private static double NextNormal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
