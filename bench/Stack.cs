using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>What a figure was measured on.</summary>
internal static class Stack
{
    public static string Torch { get; } = $"{Packages}, libtorch {__version__}, {(cuda.is_available() ? "CUDA" : Processor)}";

    public static string OnnxRuntime { get; } = $"{Packages}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {Processor}";

    private static string Processor => $"{Environment.ProcessorCount} processors {RuntimeInformation.ProcessArchitecture}";

    private static string Packages => typeof(Stack).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "GanPackages")?.Value ?? "unknown";
}
