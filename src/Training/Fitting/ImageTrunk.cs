using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A small convolutional network that describes an image by some numbers: three stages of 3 x 3 convolutions, each with batch normalisation
/// and ReLU, and 2 x 2 max pooling at the stage's end; then a dense layer.
/// </summary>
internal static class ImageTrunk
{
    private const int Stages = 3;

    /// <summary>Images [N, C, H, W] to features [N, F].</summary>
    /// <param name="shape">The images', at least 8 x 8.</param>
    /// <param name="firstFilters">Filters of the first stage; each next one has twice as many.</param>
    /// <param name="depth">Convolutions in a stage.</param>
    /// <param name="features">F.</param>
    public static Sequential Create(ImageShape shape, int firstFilters, int depth, int features)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        var (channels, number) = (shape.Channels, 0);
        for (var stage = 0; stage < Stages; stage++)
        {
            var filters = firstFilters << stage;
            for (var i = 0; i < depth; i++, channels = filters)
            {
                number++;
                layers.Add(($"conv{number}", Conv2d(channels, filters, 3, padding: 1, bias: false)));
                layers.Add(($"norm{number}", BatchNorm2d(filters)));
                layers.Add(($"activation{number}", ReLU(inplace: true))); // Its input is not needed for its gradient.
            }
            layers.Add(($"pool{stage + 1}", MaxPool2d(2)));
        }
        layers.Add(("flatten", Flatten()));
        layers.Add(("features", Linear((long)channels * (shape.Height >> Stages) * (shape.Width >> Stages), features)));
        return Sequential(layers);
    }
}
