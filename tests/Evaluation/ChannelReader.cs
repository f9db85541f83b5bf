using Google.Protobuf;
using GanPipeline.Inference;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Evaluation.Tests;

/// <summary>A classifier whose logits and features are the first pixels of an image: the largest of them is its class.</summary>
internal static class ChannelReader
{
    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">Of its images.</param>
    /// <param name="channels">Of its images.</param>
    /// <param name="fields">Its attributes, a logit for each value.</param>
    public static void Write(string path, int side, int channels, params LabelField[] fields)
    {
        var classes = fields.Sum(field => field.Width);
        var model = new ModelProto
        {
            IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = new GraphProto { Name = "reader" },
            MetadataProps = { new StringStringEntryProto { Key = ModelMetadata.Labels, Value = LabelLayout.FromFields(fields).ToJson() } },
        };
        var graph = model.Graph;
        graph.Input.Add(Described("image", channels, side, side));
        foreach (var (name, values) in new[] { ("from", 0L), ("to", classes), ("axis", 1L) })
            graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { values } });
        graph.Node.Add(new NodeProto { OpType = "Flatten", Input = { "image" }, Output = { "flat" } });
        foreach (var output in new[] { "logits", "features" })
        {
            graph.Output.Add(Described(output, classes));
            graph.Node.Add(new NodeProto { OpType = "Slice", Input = { "flat", "from", "to", "axis" }, Output = { output } });
        }
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static ValueInfoProto Described(string name, params long[] dimensions)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        shape.Dim.AddRange(dimensions.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape } },
        };
    }
}
