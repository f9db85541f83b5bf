namespace GanPipeline.Inference;

/// <summary>
/// What runs a model: one of ONNX Runtime's execution providers. Each but the CPU needs the ONNX Runtime package that contains it.
/// </summary>
public enum ExecutionProvider
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>NVIDIA's GPUs: <c>Microsoft.ML.OnnxRuntime.Gpu</c>, and CUDA.</summary>
    Cuda,

    /// <summary>
    /// NVIDIA's GPUs with kernels that TensorRT chooses when the model is opened: <c>Microsoft.ML.OnnxRuntime.Gpu</c>, CUDA and TensorRT.
    /// What TensorRT does not know runs with CUDA.
    /// </summary>
    TensorRt,

    /// <summary>Any GPU of Windows with DirectX 12: <c>Microsoft.ML.OnnxRuntime.DirectML</c>.</summary>
    DirectMl,

    /// <summary>Apple's processors, GPUs and neural engines: <c>Microsoft.ML.OnnxRuntime</c> on macOS or iOS.</summary>
    CoreMl,
}
