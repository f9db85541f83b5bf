using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// What ONNX Runtime divides by, loops over or allocates without a look at it. Outside these limits it ends the process (a convolution of 0
/// groups: SIGFPE) or takes memory without end; inside them it reports its errors itself.
/// </summary>
internal static class AttributeLimits
{
    /// <summary>The largest kernel, stride, padding or number of groups that is taken for meant.</summary>
    public const long Most = 65_536;

    private static readonly Dictionary<string, (long Least, long Most)> _limits = new()
    {
        ["axis"] = (-64, 64),
        ["block_size"] = (0, Most),
        ["blocksize"] = (1, Most),
        ["dilations"] = (1, Most),
        ["group"] = (1, Most),
        ["groups"] = (1, Most),
        ["hidden_size"] = (1, Most),
        ["kernel_shape"] = (1, Most),
        ["kv_num_heads"] = (1, Most),
        ["num_groups"] = (1, Most),
        ["num_heads"] = (1, Most),
        ["num_outputs"] = (1, Most),
        ["output_height"] = (1, Most),
        ["output_padding"] = (0, Most),
        ["output_shape"] = (1, Most),
        ["output_width"] = (1, Most),
        ["pads"] = (0, Most),
        ["perm"] = (0, 64),
        ["pooled_shape"] = (1, Most),
        ["q_num_heads"] = (1, Most),
        ["sampling_ratio"] = (0, Most),
        ["strides"] = (1, Most),
    };

    // The same names with other meanings.
    private static readonly Dictionary<(string Operator, string Attribute), (long Least, long Most)> _ofOperators = new()
    {
        [("LRN", "size")] = (1, Most),
        [("LpNormalization", "p")] = (1, Most),
        [("LpPool", "p")] = (1, Most),
        [("Pad", "pads")] = (-Most, Most),
    };

    /// <exception cref="GraphProblemException">An attribute is outside its limits.</exception>
    public static void Check(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (_ofOperators.TryGetValue((node.OpType, attribute.Name), out var limits) || _limits.TryGetValue(attribute.Name, out limits))
            {
                foreach (var value in attribute.Ints.Append(attribute.Type == AttributeProto.Types.AttributeType.Int
                    ? attribute.I : limits.Least))
                {
                    if (value < limits.Least || value > limits.Most)
                        throw Problem(node, attribute.Name, $"{value}", $"{limits.Least} to {limits.Most}");
                }
            }
            if (attribute.Name is "scales" or "height_scale" or "width_scale")
            {
                foreach (var value in attribute.Floats.Append(attribute.Type == AttributeProto.Types.AttributeType.Float
                    ? attribute.F : 1))
                    CheckScale(node, value);
            }
        }
    }

    /// <summary>A factor of a picture's side.</summary>
    /// <exception cref="GraphProblemException">It is not positive, or too large.</exception>
    public static void CheckScale(NodeProto node, double scale)
    {
        // Written so that NaN fails.
        if (!(scale > 0 && scale <= Most))
            throw Problem(node, "scales", FormattableString.Invariant($"{scale}"), $"more than 0, at most {Most}");
    }

    /// <summary>Such as <c>the ConvTranspose 'up_3'</c>.</summary>
    public static string Describe(NodeProto node)
    {
        var name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? "";
        return name.Length > 0 ? $"the {node.OpType} '{name}'" : $"a {node.OpType}";
    }

    private static GraphProblemException Problem(NodeProto node, string attribute, string value, string range) =>
        new($"{Describe(node)} has {attribute} {value}; right is {range}.");
}
