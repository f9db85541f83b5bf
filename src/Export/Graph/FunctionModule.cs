using System.Reflection;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>A function of tensors, as a module that can be recorded.</summary>
internal sealed class FunctionModule(Func<Tensor[], Tensor[]> function) : nn.Module(nameof(FunctionModule))
{
    public static MethodInfo Method { get; } = typeof(FunctionModule).GetMethod(nameof(forward))!;

    public Tensor[] forward(Tensor[] inputs) => function(inputs);
}
