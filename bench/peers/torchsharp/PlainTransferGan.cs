using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>The network of the transfer experiment at 32 x 32 in colour: a discriminator of six 3 x 3 convolutions.</summary>
internal sealed class PlainTransferGan(PlainGanOptions options) : PlainGan(DcganGenerator(options), Critic(options), options)
{
    private static Sequential Critic(PlainGanOptions options)
    {
        long before = options.Channels;
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < 6; i++)
        {
            var filters = (long)options.Filters << (i / 2);
            layers.Add(($"conv{i}", Conv2d(before, filters, 3, stride: 1 + i % 2, padding: 1, bias: false)));
            if (i > 0) layers.Add(($"norm{i}", BatchNorm2d(filters, eps: 1e-3)));
            layers.Add(($"relu{i}", LeakyReLU(0.2)));
            before = filters;
        }
        layers.Add(("logit", Conv2d(before, 1, 4, bias: false)));
        layers.Add(("flatten", Flatten()));
        return NormalWeights(Sequential(layers));
    }
}
