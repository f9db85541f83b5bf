using Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Exports a network into a folder of its own and reads the file back.</summary>
internal static class Exported
{
    /// <summary>Verified against Torch by the exporter itself: an export that disagrees throws.</summary>
    public static (ExportResult Result, ModelProto Model) From(
        Module<Tensor, Tensor> module,
        long[] inputShape,
        ExportOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        var result = OnnxExporter.Export(module, folder["model.onnx"], inputShape, options);
        // What is exported is never refused.
        Inference.ModelCheck.Require(result.Path);
        return (result, Read(result.Path));
    }

    public static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));

    public static string[] Operators(this ModelProto model) => [.. model.Graph.Node.Select(node => node.OpType)];

    /// <summary>Gives a network what training gives it: running statistics, scales and shifts away from 0 and 1.</summary>
    public static T Trained<T>(this T network) where T : Module
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
            parameter.copy_(name.EndsWith("weight", StringComparison.Ordinal) && parameter.ndim == 1
                ? rand_like(parameter) + 0.5f
                : randn_like(parameter) * 0.3f);
        foreach (var (name, buffer) in network.named_buffers())
            if (name.EndsWith("running_mean", StringComparison.Ordinal)) buffer.copy_(randn_like(buffer) * 0.5f);
            else if (name.EndsWith("running_var", StringComparison.Ordinal)) buffer.copy_(rand_like(buffer) + 0.2f);
        return network;
    }
}
