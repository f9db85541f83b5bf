using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>The TorchSharp functions that the exporter knows, by name; and layers that take or give several tensors, by type.</summary>
internal static class FunctionTable
{
    static FunctionTable()
    {
        ElementwiseFunctions.AddTo(Functions);
        SpecialFunctions.AddTo(Functions);
        ActivationFunctions.AddTo(Functions);
        ReductionFunctions.AddTo(Functions);
        ScanFunctions.AddTo(Functions);
        ProductFunctions.AddTo(Functions);
        ShapeFunctions.AddTo(Functions);
        DiagonalFunctions.AddTo(Functions);
        IndexFunctions.AddTo(Functions);
        CountFunctions.AddTo(Functions);
        NetworkFunctions.AddTo(Functions);
        LossFunctions.AddTo(Functions);
        CreationFunctions.AddTo(Functions);
        OutsideFunctions.AddTo(Functions);
        RecurrentLayers.AddTo(Layers);
        AttentionLayers.AddTo(Layers);
        TransformerLayers.AddTo(Layers, Functions);
        FunctionLayers.AddTo(Layers, Functions);
    }

    public static FunctionConverters Functions { get; } = new();

    public static LayerConverters Layers { get; } = new();

    /// <summary>The converter of a call; null where there is none.</summary>
    public static Func<FunctionCall, OnnxValue[]>? Find(TracedCall call) =>
        call.Layer is { } layer ? FindLayer(layer) : Functions.Find(call);

    /// <summary>Whether a layer has a converter here, or is known to have none.</summary>
    public static bool Knows(Module layer) => FindLayer(layer) is not null;

    private static Func<FunctionCall, OnnxValue[]>? FindLayer(Module layer)
    {
        var type = layer.GetType();
        return type.Assembly == typeof(Module).Assembly ? Layers.Entries.GetValueOrDefault(type)?.Convert : null;
    }
}
