using GanPipeline.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace GanPipeline.Export;

/// <summary>
/// How the logit changes with the network's parameters, as features of an image: the derivative of the logit by a bias of each
/// convolution's filter, in each cell of a 4 x 4 grid, for every convolution but one that makes the logit. Centred and divided by their
/// deviations they are an adversarial Fisher vector (Zhai et al. 2019) of these parameters.
/// </summary>
internal sealed class LogitGradients : IFeatureSource
{
    private const long Grid = 4;

    private readonly Network[] _layers;

    // By the convolution's place: its name.
    private readonly Dictionary<int, string> _taken = [];

    public LogitGradients(Network discriminator)
    {
        (Network Layer, string Name)[] flat = [.. FeatureLayers.Flatten(discriminator, "")];
        _layers = [.. flat.Select(entry => entry.Layer)];
        int[] linear = [.. Enumerable.Range(0, _layers.Length).Where(i => _layers[i] is Convolution or Linear)];
        // The last linear layer makes the logit.
        foreach (var at in linear.SkipLast(1).Where(i => _layers[i] is Convolution)) _taken.Add(at, flat[at].Name);
    }

    public bool Any => _taken.Count > 0;

    public (OnnxValue Features, IReadOnlyList<FeatureLayer> Layers) Describe(OnnxGraph graph, OnnxValue x)
    {
        List<OnnxValue> values = [x];
        foreach (var layer in _layers) values.Add(graph.Call(layer, values[^1]));
        var gradients = new OnnxValue[_layers.Length];
        // The logit's derivative by itself, in its shape.
        var gradient = values[^1] * 0 + 1;
        for (var i = _layers.Length - 1; i >= _taken.Keys.Min(); i--)
        {
            gradients[i] = gradient;
            if (i > _taken.Keys.Min()) gradient = Back(graph, _layers[i], values[i], values[i + 1], gradient);
        }
        var features = new List<OnnxValue>();
        var parts = new List<FeatureLayer>();
        var offset = 0;
        foreach (var (i, name) in _taken.OrderBy(taken => taken.Key))
        {
            var (channels, height, width) = ((int)values[i + 1].Shape[1], (int)values[i + 1].Shape[2], (int)values[i + 1].Shape[3]);
            var part = new FeatureLayer(name, channels, (int)Math.Min(Grid, height), (int)Math.Min(Grid, width), offset, height, width);
            features.Add(graph.Flatten(AdaptivePooling.Average(graph, gradients[i], 2, [part.Height, part.Width])));
            parts.Add(part);
            offset += part.Count;
        }
        return (graph.Concat(1, [.. features]), parts);
    }

    public Tensor Compute(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var tracked = enable_grad();
        // Where the network's parameters are frozen, the image alone keeps track.
        x = x.detach().requires_grad_(true);
        var results = new List<Tensor>();
        for (var i = 0; i < _layers.Length; i++)
        {
            x = _layers[i].call(x)!;
            if (!_taken.ContainsKey(i)) continue;
            results.Add(x);
            // The next layer may work in place.
            x = x.clone();
        }
        var gradients = autograd.grad([x.sum()], results);
        return cat([.. gradients.Select(Pooled)], 1).detach().MoveToOuterDisposeScope();

        static Tensor Pooled(Tensor gradient) =>
            adaptive_avg_pool2d(gradient, [Math.Min(Grid, gradient.shape[2]), Math.Min(Grid, gradient.shape[3])]).flatten(1);
    }

    /// <summary>The gradient by a layer's input, of that by its output.</summary>
    private static OnnxValue Back(OnnxGraph graph, Network layer, OnnxValue input, OnnxValue output, OnnxValue gradient)
    {
        switch (layer)
        {
            case Conv2d convolution:
                return ConvolutionLayers.Gradient(graph, convolution, input, gradient);
            case Linear linear:
                return graph.MatMul(gradient, graph.Constant(linear.weight!, "weight"));
            case BatchNorm norm:
                return gradient * Scale(graph, norm, input.Rank);
            case LeakyReLU leaky:
                return gradient * Mask(graph, output, leaky.negative_slope);
            case ReLU:
                return gradient * Mask(graph, output, 0);
            case Flatten:
                return graph.Reshape(gradient, [.. input.Shape.Skip(1)]);
            case Dropout or Dropout2d or TorchSharp.Modules.Identity:
                return gradient;
            default:
                throw new ExportException($"The gradient of a layer of {layer.GetType()} has no ONNX form here; those of Conv2d, Linear, " +
                    "BatchNorm, LeakyReLU, ReLU, Flatten and Dropout have.");
        }
    }

    /// <summary>1 where a result is above 0, else the slope: both have the sign of what they were made of.</summary>
    private static OnnxValue Mask(OnnxGraph graph, OnnxValue output, double slope)
    {
        var positive = graph.Clip(graph.Elementwise("Sign", output), 0, 1);
        return slope == 0 ? positive : positive * (float)(1 - slope) + (float)slope;
    }

    private static OnnxValue Scale(OnnxGraph graph, BatchNorm norm, int rank)
    {
        using var scope = NewDisposeScope();
        var scale = rsqrt(norm.running_var! + norm.eps);
        if (norm.weight is { } weight) scale *= weight;
        var values = scale.detach().cpu().to(ScalarType.Float32).data<float>().ToArray();
        return graph.Constant(values, [1, values.Length, .. Enumerable.Repeat(1L, rank - 2)]);
    }
}
