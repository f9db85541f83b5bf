using System.Reflection;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>Tells a layer, or a function as a module calls it, from others.</summary>
/// <param name="Module">The layer, or the module that calls the function.</param>
/// <param name="Function">The function; null for a layer.</param>
internal readonly record struct CallKey(Module Module, MethodInfo? Function);

/// <summary>Which values of a graph are the results of which calls of layers and functions, in their order.</summary>
internal sealed class CallLog
{
    private readonly Dictionary<CallKey, List<OnnxValue[]>> _results = [];

    /// <summary>The modules that the description of the model calls, and on what.</summary>
    public List<(Module Module, OnnxValue[] Inputs)> Roots { get; } = [];

    /// <summary>Notes a call.</summary>
    /// <param name="key">What was called.</param>
    /// <param name="results">What the graph has of its results: none where nothing needs them.</param>
    public void Add(CallKey key, OnnxValue[] results)
    {
        if (!_results.TryGetValue(key, out var calls)) _results[key] = calls = [];
        calls.Add(results);
    }

    /// <summary>The results of a call, of those with a key the one of a number.</summary>
    public OnnxValue[] Find(CallKey key, int number) => _results.GetValueOrDefault(key)?.ElementAtOrDefault(number) ?? [];

    /// <summary>All values of the log.</summary>
    public IEnumerable<OnnxValue> Values =>
        _results.Values.SelectMany(calls => calls.SelectMany(results => results)).Concat(Roots.SelectMany(root => root.Inputs));
}
