using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A discriminator that judges squares of an image one by one (Isola et al. 2017, section 3.2.2 and appendix 6.1.2): convolutions of 4 x 4,
/// the more of them with stride 2 the larger the squares.
/// </summary>
internal static class PatchDiscriminator
{
    // Layers have at most so many times the filters of the first one.
    private const int MostFilters = 8;

    /// <summary>The sides of the patches, each of one more layer of stride 2 than the one before; the first has none.</summary>
    public static IReadOnlyList<int> Patches { get; } = [1, 16, 34, 70, 142, 286];

    /// <summary>The papers' 70 pixels; of 32 x 32 pixels, half of them.</summary>
    public static int PatchFor(ImageShape shape) => shape.Height <= 32 ? 34 : 70;

    /// <summary>The smallest side of which patches give at least one output.</summary>
    public static int LeastSide(int patch) => patch == 1 ? 1 : 3 << Stages(patch);

    /// <summary>A logit for each patch, [N, channels, H, W] to [N, P].</summary>
    /// <param name="options">The patch and the filters.</param>
    /// <param name="channels">Of the images.</param>
    /// <param name="normalization">Makes the normalisation of so many channels.</param>
    /// <param name="bias">Whether convolutions before a normalisation have biases; one that has its own makes them useless.</param>
    public static Sequential Create(ArchitectureOptions options, long channels, Func<long, Module<Tensor, Tensor>> normalization, bool bias)
    {
        long filters = options.Filters;
        var stages = Stages(options.Patch);
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        if (stages == 0)
        {
            layers.AddRange([
                ("conv1", Conv2d(channels, filters, 1)), ("activation1", LeakyReLU(0.2)),
                ("conv2", Conv2d(filters, 2 * filters, 1, bias: bias)), ("norm2", normalization(2 * filters)),
                ("activation2", LeakyReLU(0.2)), ("logit", Conv2d(2 * filters, 1, 1)),
            ]);
        }
        else
        {
            layers.AddRange([("conv1", Conv2d(channels, filters, 4, stride: 2, padding: 1)), ("activation1", LeakyReLU(0.2))]);
            var before = filters;
            for (var stage = 2; stage <= stages + 1; stage++)
            {
                var own = filters * Math.Min(1 << (stage - 1), MostFilters);
                layers.AddRange([
                    ($"conv{stage}", Conv2d(before, own, 4, stride: stage <= stages ? 2 : 1, padding: 1, bias: bias)),
                    ($"norm{stage}", normalization(own)), ($"activation{stage}", LeakyReLU(0.2)),
                ]);
                before = own;
            }
            layers.Add(("logit", Conv2d(before, 1, 4, padding: 1)));
        }
        layers.Add(("flatten", Flatten()));
        return FastSequential.Of(layers);
    }

    /// <summary>Layers of stride 2 of a patch's discriminator.</summary>
    private static int Stages(int patch) => Patches.ToList().IndexOf(patch);
}
