using Microsoft.ML.OnnxRuntime;

namespace GanPipeline.Export.Tests;

/// <summary>ONNX Runtime itself, for models that no class of the project reads.</summary>
internal static class Runtime
{
    public static float[] Run(string path, string output, params (string Name, float[] Values, long[] Shape)[] inputs)
    {
        using var session = new InferenceSession(path);
        using var options = new RunOptions();
        var values = inputs.Select(input => OrtValue.CreateTensorValueFromMemory(input.Values, input.Shape)).ToArray();
        using var results = session.Run(options, [.. inputs.Select(input => input.Name)], values, [output]);
        foreach (var value in values) value.Dispose();
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
