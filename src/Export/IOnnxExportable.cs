namespace GanPipeline.Export;

/// <summary>
/// A module of your own that describes to the exporter what its <c>forward</c> does, in place of the recording of it: where that is
/// refused, or where you want other operators than it gives.
/// </summary>
/// <example>
/// <code>
/// public override Tensor forward(Tensor x) => body.call(x) + x;
/// public OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs) => [graph.Call(body, inputs[0]) + inputs[0]];
/// </code>
/// </example>
public interface IOnnxExportable
{
    /// <summary>Adds to <paramref name="graph"/> what <c>forward</c> computes in evaluation mode.</summary>
    /// <param name="graph">Where operators and child modules are applied.</param>
    /// <param name="inputs">The values of <c>forward</c>'s arguments, in order.</param>
    /// <returns>The values of <c>forward</c>'s results, in order.</returns>
    OnnxValue[] Describe(OnnxGraph graph, OnnxValue[] inputs);
}
