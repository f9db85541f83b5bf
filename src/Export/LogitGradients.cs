using TorchSharp.Modules;
using static TorchSharp.torch;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>
/// How the logit changes with the network's parameters, as features of an image: the derivative of the logit by a bias of each
/// convolution's filter, in each cell of a 4 x 4 grid, for every convolution but one that makes the logit. Centred and divided by their
/// deviations they are an adversarial Fisher vector (Zhai et al. 2019) of these parameters.
/// </summary>
/// <remarks>The backward pass is written out, because a graph has no autograd.</remarks>
internal sealed class LogitGradients : FeatureSource
{
    public LogitGradients(Layer discriminator) : base(discriminator)
    {
        int[] linear = [.. Enumerable.Range(0, Network.Length).Where(i => Network[i] is Convolution or Linear)];
        // The last linear layer makes the logit.
        foreach (var at in linear.SkipLast(1).Where(i => Network[i] is Convolution)) Taken.Add(at, at);
    }

    public override Tensor Compute(Tensor images)
    {
        // A layer may work in place: what it was given is kept.
        List<Tensor> values = [images];
        foreach (var layer in Network) values.Add(layer.call(values[^1].clone())!);
        var gradients = new Tensor[Network.Length];
        // The logit's derivative by itself.
        var gradient = values[^1] * 0 + 1;
        for (var i = Network.Length - 1; i >= Taken.Keys.First(); i--)
        {
            gradients[i] = gradient;
            if (i > Taken.Keys.First()) gradient = Back(Network[i], values[i], values[i + 1], gradient);
        }
        return cat([.. Taken.Keys.Select(i => adaptive_avg_pool2d(gradients[i], Cells(gradients[i])).flatten(1))], 1);
    }

    /// <summary>The gradient by a layer's input, of that by its output.</summary>
    private static Tensor Back(Layer layer, Tensor input, Tensor output, Tensor gradient) => layer switch
    {
        Conv2d convolution => Back(convolution, input, gradient),
        Linear linear => gradient.matmul(linear.weight!),
        BatchNorm norm => gradient * Scale(norm).view([-1, .. Enumerable.Repeat(1L, (int)input.dim() - 2)]),
        // Both results have the sign of what they were made of.
        LeakyReLU leaky => gradient * (output.sign().clamp(0, 1) * (1 - leaky.negative_slope) + leaky.negative_slope),
        ReLU => gradient * output.sign().clamp(0, 1),
        Flatten => gradient.view([-1, .. input.shape[1..]]),
        Dropout or Dropout2d or TorchSharp.Modules.Identity => gradient,
        _ => throw new ExportException($"The gradient of a layer of {layer.GetType()} has no ONNX form here; those of Conv2d, Linear, " +
            "BatchNorm, LeakyReLU, ReLU, Flatten and Dropout have."),
    };

    /// <summary>The transposed convolution with the same weights, without the margin.</summary>
    private static Tensor Back(Conv2d layer, Tensor input, Tensor gradient)
    {
        if (layer.padding_mode is not (PaddingModes.Zeros or PaddingModes.Constant))
            throw new ExportException($"A convolution pads by mode {layer.padding_mode}, whose gradient has no ONNX form here.");
        long[] kernel = layer.weight.shape[2..], stride = Sizes.Each(layer.stride, 2, 1), dilation = Sizes.Each(layer.dilation, 2, 1);
        var (begin, _) = ConvolutionLayers.Margins(layer, kernel, dilation);
        var whole = conv_transpose2d(gradient, layer.weight, strides: stride, dilation: dilation, groups: layer.groups);
        for (var axis = 2; axis < 4; axis++)
        {
            // What the last windows did not reach has no gradient.
            var reached = Math.Min(input.shape[axis], whole.shape[axis] - begin[axis - 2]);
            whole = whole.narrow(axis, begin[axis - 2], reached);
            if (reached < input.shape[axis])
                whole = pad(whole, axis == 2 ? [0, 0, 0, input.shape[2] - reached] : [0, input.shape[3] - reached]);
        }
        return whole;
    }

    private static Tensor Scale(BatchNorm norm)
    {
        var scale = rsqrt(norm.running_var! + norm.eps);
        return norm.weight is { } weight ? scale * weight : scale;
    }
}
