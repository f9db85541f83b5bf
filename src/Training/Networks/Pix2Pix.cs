using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The networks of Isola et al. 2017 (appendix 6.1), for square images whose side is a power of two: a U-Net from the image to 1 x 1 and
/// back, and a discriminator that judges patches of the pair. All convolutions are 4 x 4; weights begin as N(0, 0.02).
/// </summary>
/// <remarks>
/// At 256 x 256 with 64 filters and 3 channels on both sides, the generator has 54.4 million parameters and the discriminator of 70 x 70
/// patches 2.8 million.
/// </remarks>
internal static class Pix2Pix
{
    /// <summary>What <see cref="Fits"/> asks for.</summary>
    public const string Images = "square images with a side of 32, 64, 128, 256 or 512 pixels";

    // Layers have at most so many times the filters of the first one.
    private const int MostFilters = 8;

    // Decoder layers with dropout, from the innermost on.
    private const int MostDropouts = 3;

    public static bool Fits(ImageShape shape) => shape.Height == shape.Width && shape.Height is (32 or 64 or 128 or 256 or 512);

    public static GanNetworks Create(ArchitectureOptions options)
    {
        var discriminator = PatchDiscriminator.Create(options, options.ConditionChannels + options.Shape.Channels,
            channels => Normalization(options, channels), bias: false);
        return InitialWeights.WithoutBiases(new GanNetworks(options, new UNet(Encoder(options), Decoder(options)), discriminator));
    }

    /// <summary>From the image to 1 x 1, without the skips.</summary>
    private static Sequential[] Encoder(ArchitectureOptions options)
    {
        var filters = Filters(options);
        return [.. filters.Select((own, i) =>
        {
            var layers = new List<(string, Module<Tensor, Tensor>)>();
            if (i > 0) layers.Add(("activation", LeakyReLU(0.2)));
            // Neither the first layer nor the innermost, whose single place has no deviation, is normalised.
            var isNormalized = i > 0 && i < filters.Length - 1;
            layers.Add(("conv", Conv2d(i == 0 ? options.ConditionChannels : filters[i - 1], own, 4, stride: 2, padding: 1,
                bias: !isNormalized)));
            if (isNormalized) layers.Add(("norm", Normalization(options, own)));
            return FastSequential.Of(layers);
        })];
    }

    /// <summary>From 1 x 1 to the image; all but the innermost take the encoder's output of their size as well.</summary>
    private static Sequential[] Decoder(ArchitectureOptions options)
    {
        var filters = Filters(options);
        var decoder = new List<Sequential>();
        for (var i = filters.Length - 1; i >= 0; i--)
        {
            var inputs = i == filters.Length - 1 ? filters[i] : 2 * filters[i];
            var layers = new List<(string, Module<Tensor, Tensor>)> { ("activation", ReLU()) };
            if (i == 0)
            {
                layers.Add(("conv", ConvTranspose2d(inputs, options.Shape.Channels, 4, stride: 2, padding: 1)));
                layers.Add(("tanh", Tanh()));
            }
            else
            {
                var outputs = filters[i - 1];
                layers.Add(("conv", ConvTranspose2d(inputs, outputs, 4, stride: 2, padding: 1, bias: false)));
                layers.Add(("norm", Normalization(options, outputs)));
                if (decoder.Count < MostDropouts && outputs == MostFilters * (long)options.Filters)
                    layers.Add(("dropout", Dropout(options.Dropout)));
            }
            decoder.Add(FastSequential.Of(layers));
        }
        return [.. decoder];
    }

    /// <summary>The encoder's filters, from the outermost layer on.</summary>
    private static long[] Filters(ArchitectureOptions options) =>
        [.. Enumerable.Range(0, BitOperations.Log2((uint)options.Shape.Height))
            .Select(i => (long)options.Filters * Math.Min(1 << i, MostFilters))];

    private static Module<Tensor, Tensor> Normalization(ArchitectureOptions options, long channels) =>
        options.Normalization == LayerNormalization.Instance ? InstanceNorm2d(channels, affine: true) : BatchNorm2d(channels);
}
