using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Inference;

/// <summary>An execution provider on one of its devices.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Device">The device's index.</param>
internal readonly record struct Provider(ExecutionProvider Kind, int Device)
{
    public static Provider Cpu { get; } = new(ExecutionProvider.Cpu, 0);

    /// <summary>Whether the one processor runs it.</summary>
    public bool IsCpu => Kind == ExecutionProvider.Cpu;

    /// <summary>As <c>cpu</c> and <c>cuda:0</c>.</summary>
    public string Name => Kind switch
    {
        ExecutionProvider.Cpu => "cpu",
        ExecutionProvider.CoreMl => "coreml",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()}:{Device}"),
    };

    /// <summary>What the options ask for.</summary>
    public static Provider Of(ModelOptions options) =>
        new(options.Provider ?? (options.GpuDeviceId is null ? ExecutionProvider.Cpu : ExecutionProvider.Cuda), options.GpuDeviceId ?? 0);

    /// <summary>Adds it to a session.</summary>
    public void AddTo(SessionOptions session)
    {
        switch (Kind)
        {
            case ExecutionProvider.Cuda:
                session.AppendExecutionProvider_CUDA(Device);
                break;
            case ExecutionProvider.TensorRt:
                session.AppendExecutionProvider_Tensorrt(Device);
                session.AppendExecutionProvider_CUDA(Device);
                break;
            case ExecutionProvider.DirectMl:
                // It knows neither memory patterns nor nodes that run beside each other.
                session.EnableMemoryPattern = false;
                session.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                session.AppendExecutionProvider_DML(Device);
                break;
            case ExecutionProvider.CoreMl:
                session.AppendExecutionProvider_CoreML();
                break;
        }
    }

    /// <summary>What an application needs for it.</summary>
    public string Need => Kind switch
    {
        ExecutionProvider.Cuda => "the package Microsoft.ML.OnnxRuntime.Gpu, and CUDA",
        ExecutionProvider.TensorRt => "the package Microsoft.ML.OnnxRuntime.Gpu, CUDA, and TensorRT",
        ExecutionProvider.DirectMl => "the package Microsoft.ML.OnnxRuntime.DirectML, and Windows",
        _ => "macOS or iOS",
    };
}
