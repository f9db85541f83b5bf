using Onnx;

namespace GanPipeline.Inference;

/// <summary>What is known of a value in a graph before it is run.</summary>
/// <param name="Dimensions">Its shape for one image; null where it does not follow from the file.</param>
/// <param name="Content">Its numbers, where they are few and known, as of a list of scales or a shape.</param>
internal sealed record KnownValue(long[]? Dimensions, double[]? Content = null)
{
    public static KnownValue Unknown { get; } = new(null as long[]);
}

/// <summary>A node of a graph with what is known of its inputs.</summary>
internal sealed class Layer(NodeProto node, KnownValue[] inputs, int opset)
{
    public NodeProto Node => node;

    public string Operator => node.OpType;

    public int Opset => opset;

    public int Inputs => inputs.Length;

    /// <summary>The shape of an input; null where it is not known or absent.</summary>
    public long[]? Dimensions(int input) => input < inputs.Length ? inputs[input].Dimensions : null;

    public double[]? Content(int input) => input < inputs.Length ? inputs[input].Content : null;

    /// <summary>Whole numbers from an input; null where they are not known or absent.</summary>
    public long[]? Whole(int input) => Content(input)?.Select(Clamp).ToArray();

    /// <summary>Whole numbers from an attribute or, where it is absent, from an input: some version moved them there.</summary>
    public long[]? Whole(string attribute, int input) => Ints(attribute) ?? Whole(input);

    public long Int(string name, long otherwise) => Attribute(name)?.I ?? otherwise;

    public long[]? Ints(string name) => Attribute(name) is { Ints.Count: > 0 } attribute ? [.. attribute.Ints] : null;

    public double[]? Floats(string name) =>
        Attribute(name) is { Floats.Count: > 0 } attribute ? [.. attribute.Floats.Select(f => (double)f)] : null;

    public string Text(string name, string otherwise) => Attribute(name)?.S.ToStringUtf8() ?? otherwise;

    public AttributeProto? Attribute(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    /// <summary>An axis, counted from the front.</summary>
    /// <exception cref="GraphProblemException">There is no such axis.</exception>
    public int Axis(long axis, int rank)
    {
        var front = axis < 0 ? axis + rank : axis;
        return front >= 0 && front < rank ? (int)front : throw Problem($"has the axis {axis}, where there are {rank} dimensions.");
    }

    public GraphProblemException Problem(string what) => new($"{AttributeLimits.Describe(node)} {what}");

    private static long Clamp(double number) => (long)Math.Clamp(number, -1L << 53, 1L << 53);
}
