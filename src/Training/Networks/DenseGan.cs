using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The dense GAN of the course (docs/sources.md), for images of any shape (784 pixels are MNIST's):
/// discriminator 784-512-256-1 with LeakyReLU 0.2, generator latent-256-512-1024-784 with LeakyReLU 0.2 and batch
/// normalisation after each hidden layer and tanh at the end.
/// </summary>
/// <remarks>
/// With 784 pixels and a latent of 100 the discriminator has 533,505 parameters and the generator 1,493,520, of which
/// 1,489,936 are trained. It has Keras' defaults: Glorot-uniform weights, biases of zero, batch
/// normalisation with an epsilon of 1e-3; its momentum of 0.8 is 0.2 in Torch's sense. A label vector stands behind the latent and
/// behind the pixels (Mirza and Osindero 2014).
/// </remarks>
internal static class DenseGan
{
    public static GanNetworks Create(ArchitectureOptions options) =>
        InitialWeights.Glorot(new GanNetworks(options, Generator(options), Discriminator(options), labelPlanes: false));

    private static Sequential Discriminator(ArchitectureOptions options) => FastSequential.Of(
        ("flatten", Flatten()),
        ("dense1", Linear(options.Shape.Size + options.LabelSize, 512)),
        ("activation1", LeakyReLU(0.2)),
        ("dense2", Linear(512, 256)),
        ("activation2", LeakyReLU(0.2)),
        ("logit", Linear(256, 1)));

    private static Sequential Generator(ArchitectureOptions options)
    {
        var shape = options.Shape;
        return FastSequential.Of(
            ("dense1", Linear(options.LatentSize + options.LabelSize, 256)),
            ("activation1", LeakyReLU(0.2)),
            ("norm1", Normalization(256)),
            ("dense2", Linear(256, 512)),
            ("activation2", LeakyReLU(0.2)),
            ("norm2", Normalization(512)),
            ("dense3", Linear(512, 1024)),
            ("activation3", LeakyReLU(0.2)),
            ("norm3", Normalization(1024)),
            ("dense4", Linear(1024, shape.Size)),
            ("tanh", Tanh()),
            ("image", Unflatten(1, [shape.Channels, shape.Height, shape.Width])));
    }

    private static BatchNorm1d Normalization(long features) => BatchNorm1d(features, eps: 1e-3, momentum: 0.2);
}
