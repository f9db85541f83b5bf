using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>The TorchSharp modules of one input and one output that the exporter knows, by CLR type.</summary>
internal static class BuiltInLayers
{
    private static readonly Dictionary<Type, BuiltInLayer> _layers = [];

    private static readonly string _section;

    static BuiltInLayers()
    {
        _section = "Linear and convolution";
        Add<Linear>(LinearLayers.Linear);
        Add<Convolution>(ConvolutionLayers.Convolution);
        Add<ConvolutionTranspose>(
            ConvolutionLayers.Transposed, "With an output padding that is less than the stride, and equal on all axes.");

        _section = "Normalization";
        Add<BatchNorm>(NormalizationLayers.BatchNormalization, "With running statistics; with the batch's own in training mode.");
        Add<InstanceNorm1d>((graph, layer, x) => NormalizationLayers.InstanceNormalization(graph, layer, 1, x));
        Add<InstanceNorm2d>((graph, layer, x) => NormalizationLayers.InstanceNormalization(graph, layer, 2, x));
        Add<InstanceNorm3d>((graph, layer, x) => NormalizationLayers.InstanceNormalization(graph, layer, 3, x));
        Add<GroupNorm>(NormalizationLayers.GroupNormalization);
        Add<LayerNorm>(NormalizationLayers.LayerNormalization);
        Add<LocalResponseNorm>((graph, layer, x) =>
            NormalizationLayers.LocalResponse(graph, x, layer.size, layer.alpha, layer.beta, layer.k), "Of an odd size.");

        _section = "Activations";
        Add<LeakyReLU>((graph, layer, x) => graph.LeakyRelu(x, layer.negative_slope));
        Add<ReLU>((graph, _, x) => graph.Relu(x));
        Add<ReLU6>((graph, _, x) => graph.Clip(x, 0, 6));
        Add<Hardtanh>(ActivationLayers.Hardtanh, "With inplace: true. Without it, TorchSharp 0.107 limits nothing.");
        Add<Tanh>((graph, _, x) => graph.Tanh(x));
        Add<Sigmoid>((graph, _, x) => graph.Sigmoid(x));
        Add<ELU>((graph, layer, x) => graph.Elementwise("Elu", x, ("alpha", (float)layer.alpha)));
        Add<SELU>((graph, _, x) => graph.Elementwise("Selu", x));
        Add<CELU>((graph, layer, x) => ActivationLayers.Celu(graph, x, layer.alpha));
        Add<SiLU>((graph, _, x) => ActivationLayers.Silu(graph, x));
        Add<Mish>((graph, _, x) => ActivationLayers.Mish(graph, x));
        Add<GELU>((graph, layer, x) => ActivationLayers.Gelu(graph, x, layer.approximate == TorchSharp.Modules.GELU.Approximate.tanh));
        Add<GLU>((graph, layer, x) => ActivationLayers.Glu(graph, x, layer.dim));
        Add<Softsign>((graph, _, x) => graph.Elementwise("Softsign", x));
        Add<LogSigmoid>((graph, _, x) => ActivationLayers.LogSigmoid(graph, x));
        Add<Threshold>((graph, layer, x) => ActivationLayers.Threshold(graph, x, layer.threshold, layer.value));
        Add<Hardshrink>((graph, layer, x) => ActivationLayers.HardShrink(graph, x, layer.lambda));
        Add<Softshrink>((graph, layer, x) => ActivationLayers.SoftShrink(graph, x, layer.lambda));
        Add<Tanhshrink>((graph, _, x) => x - graph.Tanh(x));
        Add<PReLU>(ActivationLayers.PRelu);
        Add<Softplus>((graph, layer, x) => ActivationLayers.Softplus(graph, x, layer.beta, layer.threshold));
        Add<Hardsigmoid>((graph, _, x) => ActivationLayers.HardSigmoid(graph, x));
        Add<Hardswish>((graph, _, x) => ActivationLayers.HardSwish(graph, x));
        Add<Softmax>((graph, layer, x) => graph.Softmax(x, layer.dim));
        Add<Softmax2d>((graph, _, x) => graph.Softmax(x, -3));
        Add<Softmin>((graph, layer, x) => graph.Softmax(graph.Elementwise("Neg", x), layer.dim));
        Add<LogSoftmax>((graph, layer, x) => graph.Elementwise("LogSoftmax", x, ("axis", graph.Axis(x, layer.dim))));

        // In evaluation mode they do nothing.
        _section = "Dropout";
        Add<Identity>((_, _, x) => x);
        Add<Dropout>((graph, layer, x) => Dropouts.Elements(graph, layer, layer.p, x));
        Add<Dropout1d>((graph, layer, x) => Dropouts.Channels(graph, layer, layer.p, x));
        Add<Dropout2d>((graph, layer, x) => Dropouts.Channels(graph, layer, layer.p, x));
        Add<Dropout3d>((graph, layer, x) => Dropouts.Channels(graph, layer, layer.p, x));
        Add<AlphaDropout>(Dropouts.Alpha, "While evaluating.");
        Add<FeatureAlphaDropout>(Dropouts.Alpha, "While evaluating.");

        _section = "Shapes";
        Add<Flatten>(ShapeLayers.Flatten, "Not the batch.");
        Add<Unflatten>(ShapeLayers.Unflatten, "Not the batch, and with the axis counted from the front: TorchSharp 0.107 fails otherwise.");
        Add<PixelShuffle>(ShapeLayers.PixelShuffle);
        Add<PixelUnshuffle>((graph, layer, x) => ShapeLayers.PixelUnshuffle(graph, layer.downscale_factor, x));
        Add<ChannelShuffle>((graph, layer, x) => ShapeLayers.ChannelShuffle(graph, layer.groups, x));

        _section = "Padding";
        Add<ConstantPad1d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 1, x, "constant"));
        Add<ReflectionPad1d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 1, x, "reflect"));
        Add<ReplicationPad1d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 1, x, "edge"));
        Add<ZeroPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 2, x, "constant"));
        Add<ConstantPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 2, x, "constant"));
        Add<ReflectionPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 2, x, "reflect"));
        Add<ReplicationPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 2, x, "edge"));
        Add<ConstantPad3d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 3, x, "constant"));
        Add<ReflectionPad3d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 3, x, "reflect"));
        Add<ReplicationPad3d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, 3, x, "edge"));

        _section = "Shapes";
        Add<Upsample>(UpsampleLayer.Upsample);

        _section = "Pooling";
        Add<MaxPool1d>((graph, layer, x) => PoolingLayers.Max(
            graph, x, 1, [layer.kernel_size], One(layer.stride), One(layer.padding), One(layer.dilation), layer.ceil_mode));
        Add<MaxPool2d>((graph, layer, x) => PoolingLayers.Max(
            graph, x, 2, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode));
        Add<MaxPool3d>((graph, layer, x) => PoolingLayers.Max(
            graph, x, 3, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode));
        Add<AvgPool1d>((graph, layer, x) => PoolingLayers.Average(
            graph, x, 1, [layer.kernel_size], One(layer.stride), One(layer.padding), layer.ceil_mode, layer.count_include_pad));
        Add<AvgPool2d>((graph, layer, x) => PoolingLayers.Average(graph, x, 2, layer.kernel_size, layer.stride, layer.padding,
            layer.ceil_mode, layer.count_include_pad, layer.divisor_override));
        Add<AvgPool3d>((graph, layer, x) => PoolingLayers.Average(graph, x, 3, layer.kernel_size, layer.stride, layer.padding,
            layer.ceil_mode, layer.count_include_pad, layer.divisor_override));
        Add<LPPool1d>((graph, layer, x) => PoolingLayers.Lp(
            graph, x, 1, layer.norm_type, [layer.kernel_size], One(layer.stride), layer.ceil_mode));
        Add<LPPool2d>((graph, layer, x) => PoolingLayers.Lp(
            graph, x, 2, layer.norm_type, layer.kernel_size, layer.stride, layer.ceil_mode));
        Add<AdaptiveMaxPool1d>((graph, layer, x) => AdaptivePooling.Max(graph, x, 1, [layer.output_size]));
        Add<AdaptiveMaxPool2d>((graph, layer, x) => AdaptivePooling.Max(graph, x, 2, layer.output_size));
        Add<AdaptiveAvgPool1d>((graph, layer, x) => AdaptivePooling.Average(graph, x, 1, [layer.output_size]));
        Add<AdaptiveAvgPool2d>((graph, layer, x) => AdaptivePooling.Average(graph, x, 2, layer.output_size));
        Add<AdaptiveAvgPool3d>((graph, layer, x) => AdaptivePooling.Average(graph, x, 3, layer.output_size));
    }

    /// <summary>The converter of a type, or of the nearest of its bases (Conv2d is a Convolution); null where there is none.</summary>
    public static Func<OnnxGraph, Module, OnnxValue, OnnxValue>? Find(Module module)
    {
        // A class derived from a layer, with a forward of its own, does something else.
        var forward = module.GetType().GetMethod("forward", [typeof(TorchSharp.torch.Tensor)]);
        if (forward is null || forward.DeclaringType!.Assembly != typeof(Linear).Assembly) return null;
        for (var type = module.GetType(); type is not null; type = type.BaseType)
            if (_layers.TryGetValue(type, out var layer)) return layer.Convert;
        return null;
    }

    /// <summary>The layers by type; one of a base class stands for those derived from it.</summary>
    public static IReadOnlyDictionary<Type, BuiltInLayer> Entries => _layers;

    private static long[]? One(long? setting) => setting is { } value ? [value] : null;

    private static void Add<TModule>(Func<OnnxGraph, TModule, OnnxValue, OnnxValue> convert, string? note = null) where TModule : Module =>
        _layers.Add(typeof(TModule), new BuiltInLayer(_section, (graph, module, x) => convert(graph, (TModule)module, x), note));
}

/// <summary>A layer of one input and one output.</summary>
/// <param name="Section">Where the reference lists it.</param>
/// <param name="Convert">Adds it to a graph.</param>
/// <param name="Note">What has no form, in a sentence of the reference; null where all of it has.</param>
internal sealed record BuiltInLayer(string Section, Func<OnnxGraph, Module, OnnxValue, OnnxValue> Convert, string? Note);
