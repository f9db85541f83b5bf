using System.Collections.Immutable;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>
/// Converters that teach the exporter module types it does not know, or knows otherwise. A set never changes: <see cref="With{TModule}"/>
/// gives a new one, so that two exports do not meet in global state.
/// </summary>
public sealed class ModuleConverters
{
    private readonly ImmutableDictionary<Type, Func<OnnxGraph, Module, OnnxValue[], OnnxValue[]>> _converters;

    private ModuleConverters(ImmutableDictionary<Type, Func<OnnxGraph, Module, OnnxValue[], OnnxValue[]>> converters) =>
        _converters = converters;

    /// <summary>The exporter's own knowledge and nothing more.</summary>
    public static ModuleConverters Default { get; } =
        new(ImmutableDictionary<Type, Func<OnnxGraph, Module, OnnxValue[], OnnxValue[]>>.Empty);

    /// <summary>
    /// These converters and one for <typeparamref name="TModule"/>, a module of one input and one output, and what derives from it.
    /// </summary>
    /// <param name="convert">Adds to the graph what the module's <c>forward</c> computes in evaluation mode, and returns its
    /// result.</param>
    public ModuleConverters With<TModule>(Func<OnnxGraph, TModule, OnnxValue, OnnxValue> convert) where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(convert);
        return WithMany<TModule>((graph, module, inputs) => [convert(graph, module, graph.Single(inputs))]);
    }

    /// <summary>
    /// These converters and one for <typeparamref name="TModule"/>, a module of any number of inputs and outputs, and what derives from
    /// it.
    /// </summary>
    /// <param name="convert">Adds to the graph what the module's <c>forward</c> computes in evaluation mode, and returns its
    /// results.</param>
    public ModuleConverters WithMany<TModule>(Func<OnnxGraph, TModule, OnnxValue[], OnnxValue[]> convert) where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(convert);
        return new(_converters.SetItem(typeof(TModule), (graph, module, inputs) => convert(graph, (TModule)module, inputs)));
    }

    /// <summary>The converter of a type, or of the nearest of its bases; null where there is none.</summary>
    internal Func<OnnxGraph, Module, OnnxValue[], OnnxValue[]>? Find(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            if (_converters.TryGetValue(type, out var convert)) return convert;
        return null;
    }
}
