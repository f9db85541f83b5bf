using Onnx;

namespace GanPipeline.Export;

/// <summary>A converted network, and what it was made with.</summary>
internal sealed record BuiltModel(ModelProto Model, int Folded, OnnxGraph Graph, Recording Recording);
