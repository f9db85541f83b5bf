using Google.Protobuf.Collections;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// A transposed convolution as ordinary ones, for which there are 8-bit kernels. Of stride s it is s * s convolutions, each of which makes
/// every s-th row and column of the output, from the kernel's rows and columns that reach them.
/// </summary>
internal static class TransposedPhases
{
    /// <summary>Along one axis: a phase's kernel taps, in the order of the input, and the padding before and after.</summary>
    private readonly record struct Phase(int[] Taps, long Before, long After);

    /// <summary>Puts the convolutions into the place of a transposed one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The transposed convolution.</param>
    /// <param name="input">Its input's shape [N, C, H, W].</param>
    /// <param name="output">Its output's shape.</param>
    /// <returns>The convolutions; null, and nothing is changed, where it cannot be written so.</returns>
    public static NodeProto[]? Replace(GraphRewriter graph, NodeProto node, long[] input, long[] output)
    {
        if (Phases(node, graph.Weight(node.Input[1])!, input, output) is not { } phases) return null;
        var weights = graph.Weight(node.Input[1])!;
        var stride = phases.Rows.Length;
        var values = FloatTensor.Read(weights);
        List<NodeProto> convolutions = [];
        foreach (var row in phases.Rows)
        {
            foreach (var column in phases.Columns)
            {
                var kernel = graph.Add(Kernel(graph.Fresh(weights.Name + ".phase"), weights.Dims, values, row.Taps, column.Taps));
                string[] inputs = [node.Input[0], kernel, .. node.Input.Skip(2).Take(1)];
                convolutions.Add(graph.Insert("Conv", inputs, graph.Fresh(node.Output[0] + ".phase"),
                    Ints("kernel_shape", row.Taps.Length, column.Taps.Length),
                    Ints("pads", row.Before, column.Before, row.After, column.After)));
            }
        }
        graph.Graph.Node.Remove(node);
        if (stride == 1)
        {
            convolutions[0].Output[0] = node.Output[0];
            return [.. convolutions];
        }
        var joined = graph.Insert("Concat", [.. convolutions.Select(convolution => convolution.Output[0])], GraphEditor.Int("axis", 1));
        graph.Insert("DepthToSpace", [joined], node.Output[0], GraphEditor.Int("blocksize", stride));
        return [.. convolutions];
    }

    private static (Phase[] Rows, Phase[] Columns)? Phases(NodeProto node, TensorProto weights, long[] input, long[] output)
    {
        var layer = new Layer(node, [], 0);
        if (input.Length != 4 || layer.Int("group", 1) != 1 || layer.Ints("dilations")?.Any(d => d != 1) == true) return null;
        var strides = layer.Ints("strides") ?? [1, 1];
        if (strides[0] != strides[1] || layer.Text("auto_pad", "NOTSET") != "NOTSET" || layer.Ints("output_shape") is not null) return null;
        // Of one pixel most of a kernel's products would be with padding.
        if (input[2] == 1 && input[3] == 1) return null;
        var pads = layer.Ints("pads") ?? [0, 0, 0, 0];
        return Along(2) is { } rows && Along(3) is { } columns ? (rows, columns) : null;

        Phase[]? Along(int axis)
        {
            var stride = (int)strides[axis - 2];
            if (output[axis] % stride != 0) return null;
            Phase?[] phases = [.. Enumerable.Range(0, stride).Select(phase =>
                Of((int)weights.Dims[axis], stride, (int)pads[axis - 2], phase, input[axis], output[axis] / stride))];
            return phases.All(phase => phase is not null) ? [.. phases.Select(phase => phase!.Value)] : null;
        }
    }

    /// <summary>
    /// Output o = stride * q + phase is the sum over taps k of input (o + padding - k) / stride times kernel[k], where that is whole.
    /// </summary>
    private static Phase? Of(int kernel, int stride, int padding, int phase, long input, long output)
    {
        // From the last tap, which reaches furthest back, to the first.
        int[] taps = [.. Enumerable.Range(0, kernel).Reverse().Where(k => (phase + padding - k) % stride == 0)];
        if (taps.Length == 0) return null;
        long before = -(phase + padding - taps[0]) / stride;
        var after = output - input - before + taps.Length - 1;
        return before >= 0 && after >= 0 ? new(taps, before, after) : null;
    }

    /// <summary>Of weights [C, M, kH, kW] those of some taps, as a convolution has them: [M, C, rows, columns].</summary>
    private static TensorProto Kernel(string name, RepeatedField<long> shape, float[] values, int[] rows, int[] columns)
    {
        int c = (int)shape[0], m = (int)shape[1], height = (int)shape[2], width = (int)shape[3];
        var kernel = new float[m * c * rows.Length * columns.Length];
        var i = 0;
        for (var o = 0; o < m; o++)
            for (var k = 0; k < c; k++)
                foreach (var y in rows)
                    foreach (var x in columns) kernel[i++] = values[((k * m + o) * height + y) * width + x];
        return FloatTensor.Of(name, [m, c, rows.Length, columns.Length], kernel);
    }

    private static AttributeProto Ints(string name, params long[] values) => new()
    {
        Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values },
    };
}
