namespace GanPipeline.Inference;

/// <summary>Keeps ONNX Runtime from reporting its use to its makers.</summary>
/// <remarks>
/// ONNX Runtime's native library, as it starts, writes <c>~/.cache/Microsoft/DeveloperTools/.onnxruntime</c> and looks up a telemetry host,
/// unless <c>ORT_DISABLE_TELEMETRY</c> is in the environment. Whatever of this project starts it turns that off first.
/// </remarks>
public static class OnnxRuntimeTelemetry
{
    /// <summary>
    /// Turns the telemetry off, unless the environment already has <c>ORT_DISABLE_TELEMETRY</c>: then that holds, whatever its value. An
    /// application that uses ONNX Runtime itself calls this before it does; once the native library has started it has no effect.
    /// </summary>
    public static void TurnOff() => NativeEnvironment.SetDefault("ORT_DISABLE_TELEMETRY", "1");
}
