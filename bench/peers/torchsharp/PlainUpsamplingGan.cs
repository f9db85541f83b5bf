using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>The upsampling GAN at 32 x 32 in colour, with noise on the discriminator's targets.</summary>
internal sealed class PlainUpsamplingGan(PlainGanOptions options) : PlainGan(Upsampling(options), Critic(options), options)
{
    protected override void UpdateDiscriminator()
    {
        var fake = Generate();
        DiscriminatorOptimizer.zero_grad();
        var loss = 0.5 * (Clipped(Discriminator.call(Real), 1 + Noise()) + Clipped(Discriminator.call(fake), Noise()));
        loss.backward();
        DiscriminatorOptimizer.step();
    }

    private Tensor Noise() => 0.05 * rand([Options.Batch, 1], device: Options.Device);

    /// <summary>Cross-entropy with targets above 1, as Keras clips it.</summary>
    private static Tensor Clipped(Tensor outputs, Tensor targets)
    {
        var p = sigmoid(outputs).clamp(1e-7, 1 - 1e-7);
        return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean();
    }

    private static Sequential Upsampling(PlainGanOptions options)
    {
        long f = options.Filters, side = options.Side / 4;
        return Sequential(
            ("dense", Linear(options.LatentSize, 2 * f * side * side)), ("relu0", ReLU()), ("unflatten", Unflatten(1, [2 * f, side, side])),
            ("up1", Upsample(scale_factor: [2, 2])), ("conv1", Conv2d(2 * f, 2 * f, 3, padding: 1)), ("norm1", Norm(2 * f, 0.78)),
            ("relu1", ReLU()),
            ("up2", Upsample(scale_factor: [2, 2])), ("conv2", Conv2d(2 * f, f, 3, padding: 1)), ("norm2", Norm(f, 0.78)),
            ("relu2", ReLU()),
            ("image", Conv2d(f, options.Channels, 3, padding: 1)), ("tanh", Tanh()));
    }

    private static Sequential Critic(PlainGanOptions options)
    {
        long f = options.Filters / 2, side = options.Side / 8 + 1;
        return Sequential(
            ("same1", ZeroPad2d((0, 1, 0, 1))), ("conv1", Conv2d(options.Channels, f, 3, stride: 2)), ("relu1", LeakyReLU(0.2)),
            ("dropout1", Dropout(0.25)),
            ("same2", ZeroPad2d((0, 1, 0, 1))), ("conv2", Conv2d(f, 2 * f, 3, stride: 2)), ("pad", ZeroPad2d((0, 1, 0, 1))),
            ("norm2", Norm(2 * f, 0.82)), ("relu2", LeakyReLU(0.25)), ("dropout2", Dropout(0.25)),
            ("conv3", Conv2d(2 * f, 4 * f, 3, stride: 2, padding: 1)), ("norm3", Norm(4 * f, 0.82)), ("relu3", LeakyReLU(0.2)),
            ("dropout3", Dropout(0.25)),
            ("conv4", Conv2d(4 * f, 8 * f, 3, padding: 1)), ("norm4", Norm(8 * f, 0.8)), ("relu4", LeakyReLU(0.25)),
            ("dropout4", Dropout(0.25)),
            ("flatten", Flatten()), ("logit", Linear(8 * f * side * side, 1)));
    }

    private static BatchNorm2d Norm(long channels, double momentum) => BatchNorm2d(channels, eps: 1e-3, momentum: 1 - momentum);
}
