using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>
/// A model of any number of inputs and outputs, made of one or more modules, and what it computes with them. For a network with one input
/// and one output, <see cref="OnnxExporter.Export(Module{Tensor, Tensor}, string, ReadOnlySpan{long}, ExportOptions?)"/> makes one by
/// itself.
/// </summary>
/// <example>
/// <code>
/// new ExportDescription
/// {
///     Modules = [("trunk", trunk), ("head", head)],
///     Inputs = [ModelInput.Uniform("image", [1, 32, 32])],
///     Outputs = ["features", "logits"],
///     Torch = x => { var f = trunk.call(x[0]); return [f, head.call(f)]; },
/// }
/// </code>
/// </example>
public sealed record ExportDescription
{
    /// <summary>The modules in use, each with the prefix of its layers' names in the file; "" for none. They are put into evaluation
    /// mode while the export is verified and left in the mode they were in.</summary>
    public required IReadOnlyList<(string Name, Module Module)> Modules { get; init; }

    /// <summary>The inputs, in the order that <see cref="Graph"/> and <see cref="Torch"/> get them.</summary>
    public required IReadOnlyList<ModelInput> Inputs { get; init; }

    /// <summary>The outputs' names, C identifiers, in the order that <see cref="Graph"/> and <see cref="Torch"/> return them.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>
    /// Computes the outputs with Torch. It is called in evaluation mode, without gradients, with inputs on the modules' device, and
    /// recorded, as a <c>forward</c> is.
    /// </summary>
    public required Func<Tensor[], Tensor[]> Torch { get; init; }

    /// <summary>
    /// Builds the graph from the inputs' values and returns the outputs' values, where it is not that of <see cref="Torch"/>: it rounds to
    /// bytes, for example, and Torch gives the values before rounding, in float. Null, and Torch is recorded.
    /// </summary>
    public Func<OnnxGraph, OnnxValue[], OnnxValue[]>? Graph { get; init; }

    /// <summary>The module that is all of the model; null where the model is more.</summary>
    internal Module? Module { get; init; }

    /// <summary>The graph's name in the file, a C identifier.</summary>
    public string Name { get; init; } = "network";
}
