using TorchSharp.Modules;

namespace GanPipeline.Export;

internal static class LinearLayers
{
    public static OnnxValue Linear(OnnxGraph graph, Linear layer, OnnxValue x)
    {
        var (outputs, inputs) = (layer.weight.shape[0], layer.weight.shape[1]);
        if (x.Rank < 2 || x.Shape[^1] != inputs) throw graph.Error($"takes {inputs} features and is given {x}");
        var bias = layer.bias is { } tensor ? graph.Constant(tensor, "bias") : null;

        if (x.Rank == 2)
        {
            var weight = graph.Constant(layer.weight, "weight");
            return graph.Operator("Gemm", bias is null ? [x, weight] : [x, weight, bias], [x.Shape[0], outputs], ("transB", 1));
        }
        // Gemm takes matrices only; on further axes it is a product and a sum.
        var product = graph.MatMul(x, graph.Constant(layer.weight.t(), "weight"));
        return bias is null ? product : product + bias;
    }
}
