using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>The dense GAN at 28 x 28 in gray.</summary>
internal sealed class PlainDenseGan(PlainGanOptions options) : PlainGan(Dense(options), Critic(options), options)
{
    private static Sequential Dense(PlainGanOptions options)
    {
        long side = options.Side, channels = options.Channels;
        return Sequential(
            ("dense1", Linear(options.LatentSize, 256)), ("relu1", LeakyReLU(0.2)), ("norm1", Norm(256)),
            ("dense2", Linear(256, 512)), ("relu2", LeakyReLU(0.2)), ("norm2", Norm(512)),
            ("dense3", Linear(512, 1024)), ("relu3", LeakyReLU(0.2)), ("norm3", Norm(1024)),
            ("dense4", Linear(1024, channels * side * side)), ("tanh", Tanh()), ("image", Unflatten(1, [channels, side, side])));
    }

    private static Sequential Critic(PlainGanOptions options) => Sequential(
        ("flatten", Flatten()),
        ("dense1", Linear((long)options.Channels * options.Side * options.Side, 512)), ("relu1", LeakyReLU(0.2)),
        ("dense2", Linear(512, 256)), ("relu2", LeakyReLU(0.2)),
        ("logit", Linear(256, 1)));

    private static BatchNorm1d Norm(long features) => BatchNorm1d(features, eps: 1e-3, momentum: 0.2);
}
