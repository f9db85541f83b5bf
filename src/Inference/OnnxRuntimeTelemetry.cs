using System.Runtime.InteropServices;

namespace GanPipeline.Inference;

/// <summary>Keeps ONNX Runtime from reporting its use to its makers.</summary>
/// <remarks>
/// ONNX Runtime's native library, as it starts, writes <c>~/.cache/Microsoft/DeveloperTools/.onnxruntime</c> and looks up a telemetry host,
/// unless <c>ORT_DISABLE_TELEMETRY</c> is in the environment. Whatever of this project starts it turns that off first.
/// </remarks>
public static partial class OnnxRuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>
    /// Turns the telemetry off, unless the environment already has <c>ORT_DISABLE_TELEMETRY</c>: then that holds, whatever its value. An
    /// application that uses ONNX Runtime itself calls this before it does; once the native library has started it has no effect.
    /// </summary>
    public static void TurnOff()
    {
        var value = Environment.GetEnvironmentVariable(Variable) ?? "1";
        // .NET keeps an environment of its own on Unix, which native code does not see.
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(Variable, value);
            return;
        }
        try
        {
            _ = SetNativeVariable(Variable, value, overwrite: 0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library of another name.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
