using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>The TorchSharp modules that the exporter knows, by CLR type.</summary>
internal static class BuiltInLayers
{
    private static readonly Dictionary<Type, Func<OnnxGraph, Module, OnnxValue, OnnxValue>> _layers = [];

    static BuiltInLayers()
    {
        Add<Linear>(LinearLayers.Linear);
        Add<Convolution>(ConvolutionLayers.Convolution);
        Add<ConvolutionTranspose>(ConvolutionLayers.Transposed);
        Add<BatchNorm>(NormalizationLayers.BatchNormalization);
        Add<InstanceNorm2d>(NormalizationLayers.InstanceNormalization);
        Add<GroupNorm>(NormalizationLayers.GroupNormalization);
        Add<LayerNorm>(NormalizationLayers.LayerNormalization);

        Add<LeakyReLU>((graph, layer, x) => graph.LeakyRelu(x, layer.negative_slope));
        Add<ReLU>((graph, _, x) => graph.Relu(x));
        Add<ReLU6>((graph, _, x) => graph.Clip(x, 0, 6));
        Add<Hardtanh>(ActivationLayers.Hardtanh);
        Add<Tanh>((graph, _, x) => graph.Tanh(x));
        Add<Sigmoid>((graph, _, x) => graph.Sigmoid(x));
        Add<ELU>((graph, layer, x) => graph.Elementwise("Elu", x, ("alpha", (float)layer.alpha)));
        Add<SELU>((graph, _, x) => graph.Elementwise("Selu", x));
        Add<SiLU>((graph, _, x) => x * graph.Sigmoid(x));
        Add<Mish>((graph, _, x) => x * graph.Tanh(graph.Elementwise("Softplus", x)));
        Add<GELU>(ActivationLayers.Gelu);
        Add<PReLU>(ActivationLayers.PRelu);
        Add<Softplus>(ActivationLayers.Softplus);
        Add<Hardsigmoid>((graph, _, x) => ActivationLayers.HardSigmoid(graph, x));
        Add<Hardswish>((graph, _, x) => x * ActivationLayers.HardSigmoid(graph, x));
        Add<Softmax>((graph, layer, x) => graph.Softmax(x, layer.dim));
        Add<LogSoftmax>((graph, layer, x) => graph.Elementwise("LogSoftmax", x, ("axis", graph.Axis(x, layer.dim))));

        // In evaluation mode these do nothing.
        Add<Identity>((_, _, x) => x);
        Add<Dropout>((_, _, x) => x);
        Add<Dropout2d>((_, _, x) => x);

        Add<Flatten>(ShapeLayers.Flatten);
        Add<Unflatten>(ShapeLayers.Unflatten);
        Add<PixelShuffle>(ShapeLayers.PixelShuffle);
        Add<ZeroPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, x, "constant"));
        Add<ConstantPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, x, "constant"));
        Add<ReflectionPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, x, "reflect"));
        Add<ReplicationPad2d>((graph, layer, x) => ShapeLayers.Pad(graph, layer, x, "edge"));
        Add<Upsample>(UpsampleLayer.Upsample);

        Add<MaxPool2d>(PoolingLayers.Max);
        Add<AvgPool2d>(PoolingLayers.Average);
        Add<AdaptiveMaxPool2d>((graph, layer, x) => AdaptivePooling.Max(graph, x, layer.output_size));
        Add<AdaptiveAvgPool2d>((graph, layer, x) => AdaptivePooling.Average(graph, x, layer.output_size));
    }

    /// <summary>The converter of a type, or of the nearest of its bases (Conv2d is a Convolution); null where there is none.</summary>
    public static Func<OnnxGraph, Module, OnnxValue, OnnxValue>? Find(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            if (_layers.TryGetValue(type, out var layer)) return layer;
        return null;
    }

    private static void Add<TModule>(Func<OnnxGraph, TModule, OnnxValue, OnnxValue> convert) where TModule : Module =>
        _layers.Add(typeof(TModule), (graph, module, x) => convert(graph, (TModule)module, x));
}
