using Google.Protobuf;
using Onnx;

namespace GanPipeline.Compat.Tests.OnnxSharp;

public class ModelTests
{
    [Fact]
    public void A_model_comes_back_from_its_bytes()
    {
        var model = TinyModel.Make();
        var read = ModelProto.Parser.ParseFrom(model.ToByteArray());
        Assert.Equal(model, read);
        Assert.Equal(["dense", "relu"], read.Graph.Node.Select(n => n.Name));
        Assert.Equal("N", read.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal(TypeProto.ValueOneofCase.TensorType, read.Graph.Output[0].Type.ValueCase);
        Assert.Equal(24, read.Graph.Initializer[0].RawData.Length);
    }

    [Fact]
    public void Fields_have_the_numbers_of_the_standard()
    {
        // From the protobuf definition that every ONNX runtime reads; a wrong number is a file that nobody understands.
        Assert.Equal((1, 2, 7, 8, 14), (ModelProto.IrVersionFieldNumber, ModelProto.ProducerNameFieldNumber, ModelProto.GraphFieldNumber,
            ModelProto.OpsetImportFieldNumber, ModelProto.MetadataPropsFieldNumber));
        Assert.Equal((1, 2, 3, 4, 5), (NodeProto.InputFieldNumber, NodeProto.OutputFieldNumber, NodeProto.NameFieldNumber,
            NodeProto.OpTypeFieldNumber, NodeProto.AttributeFieldNumber));
        Assert.Equal((1, 5, 11, 12), (GraphProto.NodeFieldNumber, GraphProto.InitializerFieldNumber, GraphProto.InputFieldNumber, GraphProto.OutputFieldNumber));
        Assert.Equal((1, 2, 8, 9), (TensorProto.DimsFieldNumber, TensorProto.DataTypeFieldNumber, TensorProto.NameFieldNumber, TensorProto.RawDataFieldNumber));
    }

    [Fact]
    public void A_file_cut_short_does_not_parse()
    {
        var bytes = TinyModel.Make().ToByteArray();
        Assert.Throws<InvalidProtocolBufferException>(() => ModelProto.Parser.ParseFrom(bytes.AsSpan(0, bytes.Length - 5)));
    }

    [PeerFact("/usr/bin/python3", "-c", "import onnx")]
    public void The_reference_checker_accepts_the_model()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["tiny.onnx"], TinyModel.Make().ToByteArray());
        const string Script = """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
            print(model.ir_version, model.opset_import[0].version, model.metadata_props[0].value,
                  [n.op_type for n in inferred.graph.node], [v.name for v in inferred.graph.value_info])
            """;
        var (exitCode, output, error) = Peers.Run(Peers.Python, "-c", Script, folder["tiny.onnx"]);
        Assert.True(exitCode == 0, error);
        Assert.Equal("8 17 2 ['Gemm', 'Relu'] ['sum']", output.Trim());
    }
}
