using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>
/// A network whose dropout stays in use, with noise as an input: each <c>Dropout</c> layer takes a part of it, in the order in which they
/// are called, and drops the values where a uniform number from 0 to below 1 is less than its probability.
/// </summary>
internal sealed class NoiseDropout
{
    private readonly Module<Tensor, Tensor> _network;
    private readonly Dropout[] _layers;
    private OnnxValue? _noise;
    private long _at;

    /// <summary>Runs the network once to see what its layers drop.</summary>
    /// <exception cref="ExportException">It drops nothing.</exception>
    public NoiseDropout(Module<Tensor, Tensor> network, int channels, int height, int width)
    {
        _network = network;
        _layers = [.. network.modules().OfType<Dropout>()];
        using var modes = new ModuleModes([network], ExportMode.Evaluation);
        using var scope = NewDisposeScope();
        Call(zeros(1, channels, height, width, device: network.parameters().FirstOrDefault()?.device ?? CPU), (layer, x) =>
        {
            if (layer.p > 0) Size += x.numel();
            return x;
        });
        if (Size == 0) throw new ExportException("The translator has no dropout that could stay in use: give its layers a probability.");
    }

    /// <summary>Numbers of noise for one image.</summary>
    public long Size { get; private set; }

    /// <summary>The network on images [N, C, H, W] and noise [N, <see cref="Size"/>].</summary>
    public Tensor Call(Tensor images, Tensor noise)
    {
        long at = 0;
        return Call(images, (layer, x) =>
        {
            if (layer.p == 0) return x;
            var size = x.numel() / x.shape[0];
            var kept = noise.narrow(1, at, size).reshape(x.shape) >= (float)layer.p;
            at += size;
            return x * kept.to(x.dtype) * (1 / (1 - layer.p));
        });
    }

    /// <summary>The same in a graph; <see cref="Drop"/> converts the layers.</summary>
    public OnnxValue[] Build(OnnxGraph graph, OnnxValue[] inputs)
    {
        (_noise, _at) = (inputs[1], 0);
        return graph.Record(x => [_network.call(x[0])], [inputs[0]]);
    }

    public OnnxValue Drop(OnnxGraph graph, Dropout layer, OnnxValue x)
    {
        if (layer.p == 0) return x;
        long[] shape = [.. x.Dimensions.Skip(1)];
        var size = shape.Aggregate(1L, (product, side) => product * side);
        var noise = graph.Reshape(graph.Slice(_noise!, 1, _at, _at + size), shape);
        _at += size;
        return x * Dropouts.Factor(graph, layer.p, noise);
    }

    private Tensor Call(Tensor images, Func<Dropout, Tensor, Tensor> drop)
    {
        var hooks = Array.ConvertAll(_layers, layer => layer.register_forward_hook((_, _, x) => drop(layer, x)));
        try
        {
            return _network.call(images);
        }
        finally
        {
            foreach (var hook in hooks) hook.remove();
        }
    }
}
