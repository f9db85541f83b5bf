using System.Reflection;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>An index that is no tensor: a number, a range, an ellipsis, a new axis.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Start">The number, or the range's beginning; null where it is open.</param>
/// <param name="Stop">The range's end; null where it is open.</param>
/// <param name="Step">The range's step.</param>
internal sealed record TracedIndex(TracedIndexKind Kind, object? Start = null, object? Stop = null, object? Step = null);

internal enum TracedIndexKind
{
    NewAxis,
    Ellipsis,
    Single,
    Range,
}

/// <summary>
/// A call of the recorded computation: of a TorchSharp function, or of a layer that the exporter knows.
/// </summary>
/// <param name="Function">What was called.</param>
/// <param name="Arguments">
/// The arguments, the instance of a method first: <see cref="TracedValue"/>s for tensors, <see cref="TracedIndex"/>es, arrays of these,
/// and numbers, which are <see cref="TracedSize"/>s when the recordings are one.
/// </param>
/// <param name="Results">The tensors that came of it.</param>
/// <param name="Caller">The module whose <c>forward</c> made the call, and its place.</param>
/// <param name="Site">Where the call stands in the source.</param>
internal sealed record TracedCall(
    MethodInfo Function, object?[] Arguments, TracedValue?[] Results, (Module Module, string Path) Caller, CallSite Site)
{
    /// <summary>The layer that was called; null for a function.</summary>
    public Module? Layer { get; init; }

    /// <summary>What tells it from calls of other layers and functions.</summary>
    public CallKey Key => Layer is null ? new(Caller.Module, Function) : new(Layer, null);

    /// <summary>The name as it is written: torch.cat, functional.relu, Tensor.view.</summary>
    public string Name => Layer is null
        ? $"{Function.DeclaringType!.Name}.{Function.Name}"
        : $"{Layer.GetType().Name}.{Function.Name}";
}

/// <summary>The recorded computation of a module.</summary>
/// <param name="Inputs">What it was given.</param>
/// <param name="Calls">The calls in their order.</param>
/// <param name="Outputs">What it returned.</param>
/// <param name="End">Where it returned.</param>
internal sealed record Trace(TracedValue[] Inputs, List<TracedCall> Calls, TracedValue[] Outputs, CallSite End);
