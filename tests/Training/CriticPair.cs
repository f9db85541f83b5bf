using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

/// <summary>A small critic without batch normalisation, and a generator for it, for images whose side is a multiple of 4; both take labels.</summary>
internal static class CriticPair
{
    public static GanNetworks Create(ArchitectureOptions o)
    {
        manual_seed(11);
        var side = o.Shape.Height / 4;
        long size = 2L * o.Filters * side * side;
        var critic = Sequential(
            ("conv1", Conv2d(o.Shape.Channels + o.LabelSize, o.Filters, 4, stride: 2, padding: 1)),
            ("activation1", LeakyReLU(0.2, inplace: true)),
            ("conv2", Conv2d(o.Filters, 2 * o.Filters, 4, stride: 2, padding: 1)),
            ("activation2", LeakyReLU(0.2, inplace: true)),
            ("flatten", Flatten()),
            ("score", Linear(size, 1)));
        var generator = Sequential(
            ("dense", Linear(o.LatentSize + o.LabelSize, size, hasBias: false)),
            ("norm1", BatchNorm1d(size, eps: 1e-3, momentum: 0.1)),
            ("activation1", LeakyReLU(0.2, inplace: true)),
            ("unflatten", Unflatten(1, [2 * o.Filters, side, side])),
            ("conv1", ConvTranspose2d(2 * o.Filters, o.Filters, 4, stride: 2, padding: 1, bias: false)),
            ("norm2", BatchNorm2d(o.Filters, eps: 1e-3, momentum: 0.1)),
            ("activation2", LeakyReLU(0.2, inplace: true)),
            ("image", ConvTranspose2d(o.Filters, o.Shape.Channels, 4, stride: 2, padding: 1)),
            ("tanh", Tanh()));
        return new GanNetworks(o, generator, critic);
    }
}
