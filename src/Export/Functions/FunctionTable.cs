using Module = TorchSharp.torch.nn.Module;
using Converter = System.Func<GanPipeline.Export.FunctionCall, GanPipeline.Export.OnnxValue[]>;

namespace GanPipeline.Export;

/// <summary>The TorchSharp functions that the exporter knows, by name; and layers that take or give several tensors, by type.</summary>
internal static class FunctionTable
{
    private static readonly Dictionary<string, Converter> _functions = [];
    private static readonly Dictionary<Type, Converter> _layers = [];

    static FunctionTable()
    {
        ElementwiseFunctions.AddTo(_functions);
        ActivationFunctions.AddTo(_functions);
        ShapeFunctions.AddTo(_functions);
        IndexFunctions.AddTo(_functions);
        ReductionFunctions.AddTo(_functions);
        ProductFunctions.AddTo(_functions);
        NetworkFunctions.AddTo(_functions);
        CreationFunctions.AddTo(_functions);
        RecurrentLayers.AddTo(_layers);
        AttentionLayers.AddTo(_layers);
    }

    /// <summary>The converter of a call; null where there is none.</summary>
    public static Converter? Find(TracedCall call)
    {
        if (call.Layer is { } layer) return FindLayer(layer);
        var name = FunctionCall.NameOf(call);
        // Two functions of one name: functional.unfold makes columns of windows, Tensor.unfold an axis.
        return _functions.GetValueOrDefault($"{call.Function.DeclaringType!.Name}.{name}") ?? _functions.GetValueOrDefault(name);
    }

    /// <summary>Whether a layer has a converter here.</summary>
    public static bool Knows(Module layer) => FindLayer(layer) is not null;

    private static Converter? FindLayer(Module layer)
    {
        var type = layer.GetType();
        if (type.Assembly != typeof(Module).Assembly) return null;
        return _layers.GetValueOrDefault(type);
    }

    /// <summary>Adds a function of one result under its names.</summary>
    internal static void Add(this Dictionary<string, Converter> functions, string names, Func<FunctionCall, OnnxValue> convert)
    {
        foreach (var name in names.Split(' ')) functions.Add(name, call => [convert(call)]);
    }

    /// <summary>Adds a function of several results under its names.</summary>
    internal static void AddMany(this Dictionary<string, Converter> functions, string names, Converter convert)
    {
        foreach (var name in names.Split(' ')) functions.Add(name, convert);
    }
}
