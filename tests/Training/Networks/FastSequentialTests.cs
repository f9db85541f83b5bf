using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

/// <summary>It computes what a plain Sequential of the same layers does.</summary>
public class FastSequentialTests
{
    [Fact]
    public void Torchs_seed_decides_what_dropout_drops_and_gradients_pass_where_values_do()
    {
        using var scope = NewDisposeScope();
        using var network = FastSequential.Of(("dropout", Dropout(0.4)));
        var input = (rand(5, 3, 7) + 1).requires_grad_();
        manual_seed(5);
        var first = network.call(input);
        var second = network.call(input);
        manual_seed(5);
        Assert.Equal(Values(first), Values(network.call(input)));
        Assert.NotEqual(Values(first), Values(second));
        Assert.InRange(Values(first).Count(value => value == 0), 20, 65); // Of 105 with 0.4: 42, and more than four deviations of 5.
        first.sum().backward();
        // A factor of 1 / 0.6, to 1/65,536, or 0, for values and gradients alike.
        Assert.True(input.grad!.allclose(first.detach() / input.detach(), 1e-6, 0));
    }

    [Fact]
    public void Dropout_does_nothing_in_evaluation_mode_and_at_0()
    {
        using var scope = NewDisposeScope();
        using var network = FastSequential.Of(("dropout", Dropout(0.4)), ("none", Dropout(0)));
        network.eval();
        var input = rand(3);
        Assert.Equal(Values(input), Values(network.call(input)));
        network.train();
        using var none = FastSequential.Of(("none", Dropout(0)));
        Assert.Equal(Values(input), Values(none.call(input)));
        Assert.False(input.IsInvalid);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 4, 6)]
    [InlineData(16, 8, 7, 7)]
    public void Upsampling_and_a_convolution_give_the_same_pictures_and_gradients(int channels, int filters, int height, int width)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var layers = new (string, Module<Tensor, Tensor>)[]
        {
            ("up", Upsample(scale_factor: [2, 2])), ("conv", Conv2d(channels, filters, 3, padding: 1)), ("tanh", Tanh()),
        };
        using var plain = Sequential(layers);
        using var fast = FastSequential.Of(layers);
        var input = randn(2, channels, height, width).requires_grad_();
        Assert.True(UpsamplingConvolution.Fits(layers[0].Item2, layers[1].Item2));

        var (expected, actual) = (Results(plain), Results(fast));
        // float32 keeps 1.2e-7 of a number, and each is a sum of some hundred terms.
        foreach (var (theirs, ours) in expected.Zip(actual))
            Assert.InRange((theirs - ours).norm().item<float>() / theirs.norm().item<float>(), 0, 2e-6f);

        Tensor[] Results(Module<Tensor, Tensor> network)
        {
            var output = network.call(input);
            Tensor[] inputs = [input, .. network.parameters()];
            return [output.detach(), .. autograd.grad([(output * output.detach().cos()).sum()], inputs)];
        }
    }

    public static TheoryData<string> Others => [.. _others.Keys];

    private static readonly Dictionary<string, (Upsample, Conv2d)> _others = new()
    {
        ["by 3"] = (Upsample(scale_factor: [3, 3]), Conv2d(2, 3, 3, padding: 1)),
        ["bilinear"] = (Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear), Conv2d(2, 3, 3, padding: 1)),
        ["to a size"] = (Upsample(size: [8, 8]), Conv2d(2, 3, 3, padding: 1)),
        ["5 x 5"] = (Upsample(scale_factor: [2, 2]), Conv2d(2, 3, 5, padding: 1)),
        ["stride 2"] = (Upsample(scale_factor: [2, 2]), Conv2d(2, 3, 3, stride: 2, padding: 1)),
        ["no padding"] = (Upsample(scale_factor: [2, 2]), Conv2d(2, 3, 3)),
        ["dilated"] = (Upsample(scale_factor: [2, 2]), Conv2d(2, 3, 3, padding: 1, dilation: 2)),
        ["in groups"] = (Upsample(scale_factor: [2, 2]), Conv2d(2, 2, 3, padding: 1, groups: 2)),
        ["reflecting"] = (Upsample(scale_factor: [2, 2]), Conv2d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect)),
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_pairs_are_left_as_they_are(string name)
    {
        using var scope = NewDisposeScope();
        var (upsample, convolution) = _others[name];
        Assert.False(UpsamplingConvolution.Fits(upsample, convolution));
        using var plain = Sequential(("up", upsample), ("conv", convolution));
        using var fast = FastSequential.Of(("up", upsample), ("conv", convolution));
        var input = randn(2, 2, 4, 4);
        Assert.Equal(Values(plain.call(input)), Values(fast.call(input)));
    }

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();
}
