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
internal sealed class FeatureLayers
{
    private const long Grid = 4;

    private readonly Network[] layers;
    private readonly HashSet<int> taken = [];

    public FeatureLayers(Network discriminator)
    {
        layers = [.. Flatten(discriminator)];
        var linear = Enumerable.Range(0, layers.Length).Where(i => layers[i] is Convolution or Linear).ToArray();
        // The last linear layer makes the logit.
        foreach (var (at, next) in linear.Zip(linear.Skip(1)))
        {
            if (layers[at] is Linear) continue;
            var between = Enumerable.Range(at + 1, next - at - 1).ToArray();
            taken.Add(between.Where(i => IsActivation(layers[i])).Concat(between.Where(i => layers[i] is BatchNorm)).Append(at).First());
        }
        if (taken.Count == 0)
            throw new ExportException($"The discriminator ({discriminator.GetType()}) has no convolution before the layer that makes its logit, so that there are no features to export. Convolutions inside modules other than Sequential are not seen.");
    }

    public OnnxValue Describe(OnnxGraph graph, OnnxValue x)
    {
        var features = new List<OnnxValue>();
        for (var i = 0; i <= taken.Max(); i++)
        {
            x = graph.Call(layers[i], x);
            if (taken.Contains(i))
                features.Add(graph.Flatten(AdaptivePooling.Max(graph, x, [Math.Min(Grid, x.Shape[2]), Math.Min(Grid, x.Shape[3])])));
        }
        return graph.Concat(1, [.. features]);
    }

    public Tensor Compute(Tensor x)
    {
        var features = new List<Tensor>();
        for (var i = 0; i <= taken.Max(); i++)
        {
            x = layers[i].call(x)!;
            if (taken.Contains(i))
                features.Add(adaptive_max_pool2d(x, [Math.Min(Grid, x.shape[2]), Math.Min(Grid, x.shape[3])]).flatten(1));
        }
        return cat([.. features], 1);
    }

    private static IEnumerable<Network> Flatten(Network module) =>
        module is Sequential sequential && OnnxGraph.CallsInOrder(sequential)
            ? Enumerable.Range(0, sequential.Count).SelectMany(i => Flatten((Network)sequential[i]))
            : [module];

    private static bool IsActivation(Network layer) => layer is
        LeakyReLU or ReLU or ReLU6 or PReLU or ELU or SELU or SiLU or GELU or Mish or Softplus or Tanh or Sigmoid or Hardtanh or Hardsigmoid or Hardswish;
}
