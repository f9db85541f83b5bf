using Onnx;
using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>A converted network, and what it was made with.</summary>
internal sealed record BuiltModel(ModelProto Model, int Folded, OnnxGraph Graph, Recording Recording)
{
    /// <summary>What a module computes where functions that drop values drop none.</summary>
    public Tensor[] Run(Module module, Tensor[] inputs)
    {
        var trace = Recording.Recorder(Graph, keep: true).Run(module, inputs);
        return [.. trace.Outputs.Select(output => output.Value ?? output.Copy ?? output.Given!)];
    }
}
