using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Where batch normalisation goes. That the folded weights are right is the exporter's comparison with Torch.</summary>
public class FoldingTests
{
    [Theory]
    [InlineData("Conv2d")]
    [InlineData("Conv2d groups")]
    [InlineData("ConvTranspose2d")]
    [InlineData("ConvTranspose2d groups")]
    [InlineData("Linear")]
    public void It_goes_into_the_linear_operation_before_it(string kind)
    {
        (var linear, var norm, var shape, var opType) = kind switch
        {
            "Conv2d" => ((Module<Tensor, Tensor>)Conv2d(3, 6, 3, padding: 1, bias: false), (Module<Tensor, Tensor>)BatchNorm2d(
                6), new long[] { 3, 5, 5 }, "Conv"),
            "Conv2d groups" => (Conv2d(4, 6, 3, padding: 1, groups: 2), BatchNorm2d(6), [4, 5, 5], "Conv"),
            "ConvTranspose2d" => (ConvTranspose2d(3, 6, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(6), [3, 5, 5], "ConvTranspose"),
            "ConvTranspose2d groups" => (ConvTranspose2d(4, 6, 3, groups: 2), BatchNorm2d(6), [4, 5, 5], "ConvTranspose"),
            _ => (Linear(4, 6), BatchNorm1d(6), [4], "Gemm"),
        };
        // Dropout and Identity are gone in evaluation mode, so that the operation lies directly before it.
        using var network = Sequential(linear, Dropout(), Identity(), norm, ReLU()).Trained();

        var (result, model) = Exported.From(network, shape);

        Assert.Equal([opType, "Relu"], model.Operators());
        Assert.Equal(1, result.FoldedBatchNormalizations);
    }

    [Fact]
    public void The_dense_generator_has_activations_between_so_it_goes_forward()
    {
        using var network = Sequential(
            Linear(10, 16), LeakyReLU(0.2), BatchNorm1d(16, eps: 1e-3),
            Linear(16, 24), LeakyReLU(0.2), BatchNorm1d(24, eps: 1e-3),
            Linear(24, 16), Tanh(), Unflatten(1, [1, 4, 4])).Trained();

        var (result, model) = Exported.From(network, [10]);

        Assert.Equal(["Gemm", "LeakyRelu", "Gemm", "LeakyRelu", "Gemm", "Tanh", "Reshape"], model.Operators());
        Assert.Equal(2, result.FoldedBatchNormalizations);
    }

    [Fact]
    public void It_goes_forward_through_a_flattening()
    {
        using var network = Sequential(ReLU(), BatchNorm2d(3), Flatten(), Linear(3 * 4 * 5, 2)).Trained();
        Assert.Equal(["Relu", "Flatten", "Gemm"], Exported.From(network, [3, 4, 5]).Model.Operators());
    }

    [Fact]
    public void It_goes_forward_into_a_convolution_that_does_not_pad()
    {
        using var network = Sequential(ReLU(), BatchNorm2d(4), Conv2d(4, 6, 3, stride: 2, groups: 2, bias: false)).Trained();
        Assert.Equal(["Relu", "Conv"], Exported.From(network, [4, 7, 7]).Model.Operators());
    }

    [Fact]
    public void It_stays_before_a_convolution_that_pads()
    {
        using var network = Sequential(ReLU(), BatchNorm2d(4), Conv2d(4, 6, 3, padding: 1)).Trained();
        Assert.Equal(["Relu", "BatchNormalization", "Conv"], Exported.From(network, [4, 7, 7]).Model.Operators());
    }

    [Fact]
    public void It_stays_before_a_transposed_convolution()
    {
        using var network = Sequential(ReLU(), BatchNorm2d(4), ConvTranspose2d(4, 6, 3)).Trained();
        Assert.Equal(["Relu", "BatchNormalization", "ConvTranspose"], Exported.From(network, [4, 5, 5]).Model.Operators());
    }

    [Fact]
    public void The_upsampling_discriminators_padding_lies_between_so_it_stays()
    {
        using var network = Sequential(
            Conv2d(3, 8, 3, stride: 2, padding: 1), ZeroPad2d((0, 1, 0, 1)), BatchNorm2d(8), LeakyReLU(0.2),
            Flatten(), Linear(8 * 5 * 5, 1)).Trained();
        Assert.Equal(
            ["Conv", "Pad", "BatchNormalization", "LeakyRelu", "Flatten", "Gemm"],
            Exported.From(network, [3, 8, 8]).Model.Operators());
    }

    [Fact]
    public void It_stays_where_the_value_before_it_is_used_twice()
    {
        using var convolution = Conv2d(3, 3, 1).Trained();
        using var norm = BatchNorm2d(3).Trained();
        using var folder = new TemporaryFolder();
        var result = OnnxExporter.Export(new ExportDescription
        {
            Modules = [("convolution", convolution), ("norm", norm)],
            Inputs = [ModelInput.Normal("x", [3, 4, 4])],
            Outputs = ["sum"],
            Graph = (graph, x) => { var y = graph.Call(convolution, x); return [graph.Call(norm, y) + y]; },
            Torch = x => { var y = convolution.call(x[0]); return [norm.call(y) + y]; },
        }, folder["model.onnx"]);

        Assert.Equal(0, result.FoldedBatchNormalizations);
        Assert.Equal(["Conv", "BatchNormalization", "Add"], Exported.Read(result.Path).Operators());
    }

    [Fact]
    public void A_convolution_that_is_called_twice_keeps_its_weights_where_nothing_is_folded()
    {
        using var convolution = Conv2d(3, 3, 1);
        using var network = Sequential(convolution, BatchNorm2d(3), ReLU(), convolution).Trained();
        var model = Exported.From(network, [3, 4, 4]).Model;
        Assert.Equal(["Conv", "Relu", "Conv"], model.Operators());
        Assert.Equal(4, model.Graph.Initializer.Count);
    }

    [Fact]
    public void It_can_be_left_alone()
    {
        using var network = Sequential(Linear(4, 6), BatchNorm1d(6)).Trained();
        var (result, model) = Exported.From(network, [4], new ExportOptions { FoldBatchNormalization = false });
        Assert.Equal(["Gemm", "BatchNormalization"], model.Operators());
        Assert.Equal(0, result.FoldedBatchNormalizations);
    }
}
