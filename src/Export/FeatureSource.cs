using GanPipeline.Inference;
using static TorchSharp.torch;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>
/// What makes features of images out of a discriminator: of each of some convolutions as many a channel as a grid of 4 x 4 has cells.
/// </summary>
internal abstract class FeatureSource
{
    private const long Grid = 4;

    private readonly string[] _names;

    protected FeatureSource(Network discriminator)
    {
        (Network Layer, string Name)[] flat = [.. Flatten(discriminator, "")];
        Network = [.. flat.Select(entry => entry.Layer)];
        _names = [.. flat.Select(entry => entry.Name)];
    }

    /// <summary>Whether there is anything to take.</summary>
    public bool Any => Taken.Count > 0;

    /// <summary>The discriminator's layers in the order in which they are called.</summary>
    protected Network[] Network { get; }

    /// <summary>After which layers features are taken, and of which convolution they are.</summary>
    protected SortedDictionary<int, int> Taken { get; } = [];

    /// <summary>The features [N, F] of images.</summary>
    public abstract Tensor Compute(Tensor images);

    /// <summary>Which part of the features each convolution makes.</summary>
    public IReadOnlyList<FeatureLayer> Layers(Tensor images)
    {
        List<FeatureLayer> parts = [];
        var (x, offset) = (images, 0);
        for (var i = 0; i <= Taken.Keys.Last(); i++)
        {
            x = Network[i].call(x)!;
            if (!Taken.TryGetValue(i, out var convolution)) continue;
            if (x.dim() != 4)
            {
                throw new ExportException($"The features of '{_names[convolution]}' are [{string.Join(", ", x.shape)}]; those of a layer " +
                    "are [N, channels, height, width].");
            }
            var (height, width) = ((int)x.shape[2], (int)x.shape[3]);
            parts.Add(new(_names[convolution], (int)x.shape[1], (int)Math.Min(Grid, height), (int)Math.Min(Grid, width), offset, height,
                width));
            offset += parts[^1].Count;
        }
        return parts;
    }

    /// <summary>The size to which a layer's values are pooled.</summary>
    protected static long[] Cells(Tensor x) => [Math.Min(Grid, x.shape[2]), Math.Min(Grid, x.shape[3])];

    private static IEnumerable<(Network Layer, string Name)> Flatten(Network module, string name) =>
        module is TorchSharp.Modules.Sequential sequential && OnnxGraph.CallsInOrder(sequential)
            ? sequential.named_children()
                .SelectMany(child => Flatten((Network)child.module, name.Length == 0 ? child.name : $"{name}.{child.name}"))
            : [(module, name)];
}
