using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>A transposed convolution and its phases compute the same.</summary>
public class TransposedPhasesTests
{
    private const int C = 3, M = 2;

    /// <summary>Sums of some dozens of products of numbers up to 1/2, in another order.</summary>
    private const float Tolerance = 1e-5f;

    private static TestGraph Graph(int kernel, int stride, int padding, int outputPadding, int height, int width) =>
        new TestGraph().Input("x", DataType.Float, -1, C, height, width).Weights("kernel", C, M, kernel, kernel).Weights("bias", M)
            .Node("ConvTranspose", "x, kernel, bias -> y", ("strides", new long[] { stride, stride }),
                ("pads", new long[] { padding, padding, padding, padding }),
                ("output_padding", new long[] { outputPadding, outputPadding }))
            .Output("y", DataType.Float, -1, M, -1, -1);

    private static (float[] Values, long[] Shape) Run(ModelProto model, int height, int width)
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 2 * C * height * width).Select(_ => random.NextSingle() - 0.5f)];
        using var session = ModelInputs.Open(model, []);
        (float[], long[]) result = default;
        new ModelInputs([new InputRows<float>("x", [C, height, width], x)], 2, 2).Run(session, ["y"],
            values => result = (values[0].GetTensorDataAsSpan<float>().ToArray(), values[0].GetTensorTypeAndShape().Shape), default);
        return result;
    }

    [Theory]
    [InlineData(4, 2, 1, 0, 4, 4)]
    [InlineData(4, 2, 1, 0, 3, 5)]
    [InlineData(3, 2, 1, 1, 4, 4)]
    [InlineData(5, 2, 2, 1, 4, 6)]
    [InlineData(2, 2, 0, 0, 4, 4)]
    [InlineData(6, 3, 2, 1, 3, 3)]
    [InlineData(3, 1, 1, 0, 4, 5)]
    [InlineData(4, 1, 0, 0, 3, 3)]
    public void The_same_numbers(int kernel, int stride, int padding, int outputPadding, int height, int width)
    {
        var model = Graph(kernel, stride, padding, outputPadding, height, width).Model;
        var (expected, shape) = Run(model, height, width);
        var graph = new GraphRewriter(model.Clone());
        var phases = TransposedPhases.Replace(graph, graph.Maker("y")!, [2, C, height, width], shape);
        Assert.Equal(stride * stride, phases!.Length);
        graph.Finish();
        Assert.DoesNotContain(graph.Graph.Node, node => node.OpType == "ConvTranspose");
        var (actual, actualShape) = Run(graph.Model, height, width);
        Assert.Equal(shape, actualShape);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    /// <summary>An odd output, phases without a tap, cropping beyond the kernel, a single pixel.</summary>
    [Theory]
    [InlineData(3, 2, 0, 0, 4, 4)]
    [InlineData(2, 3, 0, 1, 4, 4)]
    [InlineData(2, 2, 2, 0, 4, 4)]
    [InlineData(4, 1, 0, 0, 1, 1)]
    public void What_has_no_phases_stays(int kernel, int stride, int padding, int outputPadding, int height, int width)
    {
        var model = Graph(kernel, stride, padding, outputPadding, height, width).Model;
        var (_, shape) = Run(model, height, width);
        var graph = new GraphRewriter(model.Clone());
        Assert.Null(TransposedPhases.Replace(graph, graph.Maker("y")!, [2, C, height, width], shape));
        Assert.Equal(model.Graph.Node, graph.Graph.Node);
    }
}
