using GanPipeline.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>
/// A discriminator as a list of layers, and after which of them the features are taken: for every convolution but one that makes the
/// logit, the first activation function before the next convolution or matrix product; where there is none, the batch normalisation
/// or the convolution itself.
/// </summary>
internal sealed class FeatureLayers : IFeatureSource
{
    private const long Grid = 4;

    private readonly Network[] _layers;

    // By the layer whose result is taken: the convolution's name.
    private readonly Dictionary<int, string> _taken = [];

    public FeatureLayers(Network discriminator)
    {
        (Network Layer, string Name)[] flat = [.. Flatten(discriminator, "")];
        _layers = [.. flat.Select(entry => entry.Layer)];
        var linear = Enumerable.Range(0, _layers.Length).Where(i => _layers[i] is Convolution or Linear).ToArray();
        // The last linear layer makes the logit.
        foreach (var (at, next) in linear.Zip(linear.Skip(1)))
        {
            if (_layers[at] is Linear) continue;
            var between = Enumerable.Range(at + 1, next - at - 1).ToArray();
            int[] candidates = [.. between.Where(i => IsActivation(_layers[i])), .. between.Where(i => _layers[i] is BatchNorm), at];
            _taken.Add(candidates[0], flat[at].Name);
        }
    }

    public bool Any => _taken.Count > 0;

    public (OnnxValue Features, IReadOnlyList<FeatureLayer> Layers) Describe(OnnxGraph graph, OnnxValue x)
    {
        var features = new List<OnnxValue>();
        var parts = new List<FeatureLayer>();
        var offset = 0;
        for (var i = 0; i <= _taken.Keys.Max(); i++)
        {
            x = graph.Call(_layers[i], x);
            if (!_taken.TryGetValue(i, out var name)) continue;
            var (channels, height, width) = ((int)x.Shape[1], (int)x.Shape[2], (int)x.Shape[3]);
            var part = new FeatureLayer(name, channels, (int)Math.Min(Grid, height), (int)Math.Min(Grid, width), offset, height, width);
            features.Add(graph.Flatten(AdaptivePooling.Max(graph, x, 2, [part.Height, part.Width])));
            parts.Add(part);
            offset += part.Count;
        }
        return (graph.Concat(1, [.. features]), parts);
    }

    public Tensor Compute(Tensor x)
    {
        var features = new List<Tensor>();
        for (var i = 0; i <= _taken.Keys.Max(); i++)
        {
            x = _layers[i].call(x)!;
            if (_taken.ContainsKey(i))
                features.Add(adaptive_max_pool2d(x, [Math.Min(Grid, x.shape[2]), Math.Min(Grid, x.shape[3])]).flatten(1));
        }
        return cat([.. features], 1);
    }

    /// <summary>The layers in the order in which they are called, with their names.</summary>
    internal static IEnumerable<(Network Layer, string Name)> Flatten(Network module, string name) =>
        module is Sequential sequential && OnnxGraph.CallsInOrder(sequential)
            ? sequential.named_children()
                .SelectMany(child => Flatten((Network)child.module, name.Length == 0 ? child.name : $"{name}.{child.name}"))
            : [(module, name)];

    private static bool IsActivation(Network layer) => layer is
        LeakyReLU or ReLU or ReLU6 or PReLU or ELU or SELU or GELU or Softplus or Tanh or Sigmoid or Hardsigmoid or Hardswish
        // In a type test these names alone are the factory methods.
        or TorchSharp.Modules.SiLU or TorchSharp.Modules.Mish or TorchSharp.Modules.Hardtanh;
}
