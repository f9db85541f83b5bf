using System.Runtime.InteropServices;
using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>What a number was measured on.</summary>
internal static class Stack
{
    public static string Torch { get; } = $"libtorch {__version__}, {(cuda.is_available() ? "CUDA" : Processor)}";

    static Stack() => OnnxRuntimeTelemetry.TurnOff();

    public static string OnnxRuntime => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {Processor}";

    public static string Processor => $"{Environment.ProcessorCount} processors {RuntimeInformation.ProcessArchitecture}";
}
