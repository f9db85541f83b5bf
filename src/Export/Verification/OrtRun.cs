using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Opens models with ONNX Runtime's telemetry off, and runs them on Torch's tensors.</summary>
internal static class OrtRun
{
    // Before the first session, which would begin it.
    static OrtRun() => OnnxRuntimeTelemetry.TurnOff();

    /// <summary>A model in memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Where the file is that its weights may be in; null where all are in the model.</param>
    public static InferenceSession Open(byte[] model, string? folder = null)
    {
        using var options = new SessionOptions();
        if (folder is not null) options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
        return new InferenceSession(model, options);
    }

    /// <summary>A model's file.</summary>
    public static InferenceSession Open(string path) => new(path);

    /// <summary>The outputs for some inputs.</summary>
    /// <exception cref="ExportException">ONNX Runtime refuses them, or fails.</exception>
    public static IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session, IReadOnlyCollection<string> names, IEnumerable<Tensor> inputs, IReadOnlyCollection<string> outputs)
    {
        using var runOptions = new RunOptions();
        var values = inputs.Select(Value).ToArray();
        try
        {
            return session.Run(runOptions, names, values, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime does not run the exported model, so nothing was written: {e.Message}", e);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    private static OrtValue Value(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Int64 => OrtValue.CreateTensorValueFromMemory(tensor.data<long>().ToArray(), tensor.shape),
        ScalarType.Int32 => OrtValue.CreateTensorValueFromMemory(tensor.data<int>().ToArray(), tensor.shape),
        ScalarType.Byte => OrtValue.CreateTensorValueFromMemory(tensor.data<byte>().ToArray(), tensor.shape),
        ScalarType.Bool => OrtValue.CreateTensorValueFromMemory(tensor.data<bool>().ToArray(), tensor.shape),
        _ => OrtValue.CreateTensorValueFromMemory(tensor.data<float>().ToArray(), tensor.shape),
    };
}
