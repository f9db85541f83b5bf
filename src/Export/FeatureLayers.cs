using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>
/// A discriminator's activations: for every convolution but one that makes the logit, the first activation function before the next
/// convolution or matrix product; where there is none, the batch normalisation or the convolution itself. A module that is no
/// <c>Sequential</c> and has convolutions in it, as a residual block, counts as one convolution.
/// </summary>
internal sealed class FeatureLayers : FeatureSource
{
    public FeatureLayers(Layer discriminator) : base(discriminator)
    {
        var linear = Enumerable.Range(0, Network.Length).Where(i => Network[i] is Linear || Convolves(Network[i])).ToArray();
        // The last linear layer makes the logit.
        foreach (var (at, next) in linear.Zip(linear.Skip(1)))
        {
            if (Network[at] is Linear) continue;
            var between = Enumerable.Range(at + 1, next - at - 1).ToArray();
            int[] candidates = [.. between.Where(i => IsActivation(Network[i])), .. between.Where(i => Network[i] is BatchNorm), at];
            Taken.Add(candidates[0], at);
        }
    }

    public override Tensor Compute(Tensor images)
    {
        var x = images;
        List<Tensor> features = [];
        for (var i = 0; i <= Taken.Keys.Last(); i++)
        {
            x = Network[i].call(x)!;
            if (Taken.ContainsKey(i)) features.Add(adaptive_max_pool2d(x, Cells(x)).flatten(1));
        }
        return cat([.. features], 1);
    }

    private static bool Convolves(TorchSharp.torch.nn.Module layer) => layer is Convolution || layer.modules().Any(Convolves);

    private static bool IsActivation(Layer layer) => layer is
        LeakyReLU or ReLU or ReLU6 or PReLU or ELU or SELU or GELU or Softplus or Tanh or Sigmoid or Hardsigmoid or Hardswish
        // In a type test these names alone are the factory methods.
        or TorchSharp.Modules.SiLU or TorchSharp.Modules.Mish or TorchSharp.Modules.Hardtanh;
}
