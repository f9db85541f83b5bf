using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>The types of the values inside a graph, as ONNX Runtime infers them.</summary>
internal static class ValueTypes
{
    /// <summary>The names of the inputs and of the values that nodes make which are float32.</summary>
    public static HashSet<string> Floats(ModelProto model)
    {
        var copy = model.Clone();
        copy.Graph.ValueInfo.Clear();
        copy.Graph.Output.Clear();
        // Without a type; it is inferred.
        copy.Graph.Output.AddRange(copy.Graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0)
            .Select(value => new ValueInfoProto { Name = value }));
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var session = new InferenceSession(copy.ToByteArray(), options);
        return [.. session.InputMetadata.Concat(session.OutputMetadata)
            .Where(value => value.Value.IsTensor && value.Value.ElementDataType == TensorElementType.Float).Select(value => value.Key)];
    }
}
