using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

public class ImageFactsTests
{
    [Fact]
    public void The_range_that_a_file_computes_with_is_found()
    {
        Assert.Equal(PixelRange.ZeroToOne, Computed(("Mul", 2), ("Sub", 1)));
        Assert.Equal(PixelRange.ZeroToOne, Computed(("Sub", 0.5f), ("Div", 0.5f)));
        Assert.Equal(PixelRange.ZeroTo255, Computed(("Sub", 128), ("Div", 128)));
        Assert.Equal(PixelRange.ZeroTo255, Computed(("Mul", 1 / 127.5f), ("Add", -1)));
        Assert.Null(Computed());
        Assert.Null(Computed(("Mul", 3)));

        static PixelRange? Computed(params (string Type, float Number)[] first)
        {
            var graph = new TestGraph().Input("image", DataType.Float, -1, 3, 299, 299).Output("features", DataType.Float, -1, 3);
            var value = "image";
            for (var i = 0; i < first.Length; i++)
            {
                graph.Floats($"c{i}", [], [first[i].Number]).Node(first[i].Type, $"{value}, c{i} -> v{i}");
                value = $"v{i}";
            }
            graph.Node("GlobalAveragePool", $"{value} -> means").Node("Flatten", "means -> features");
            return ImageFacts.Of(graph.Model).Computed;
        }
    }
}
