namespace GanPipeline.Export;

/// <summary>The first node of a model whose result is not the network's.</summary>
/// <param name="Node">The node's name in the file.</param>
/// <param name="OpType">Its operator.</param>
/// <param name="Call">The layer or function of TorchSharp that it stands for: Conv2d.forward, torch.cat.</param>
/// <param name="Module">The path of the module that calls it; "" for the network itself.</param>
/// <param name="Source">Method, and file and line where they are known; null where no program's method calls it.</param>
/// <param name="Problem">How the results differ.</param>
public sealed record DifferingNode(string Node, string OpType, string Call, string Module, string? Source, string Problem)
{
    /// <summary>The node and its place as text.</summary>
    public override string ToString() =>
        $"node '{Node}' ({OpType}), which stands for {Call}{(Module.Length > 0 ? $" of module '{Module}'" : "")}" +
        $"{(Source is null ? "" : $", in {Source}")}: {Problem}";
}
