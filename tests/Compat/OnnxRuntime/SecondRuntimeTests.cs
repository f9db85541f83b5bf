using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Compat.Tests.OnnxRuntime;

public class SecondRuntimeTests
{
    [NodeRuntimeFact]
    public void The_same_file_gives_the_same_values_in_onnxruntime_node()
    {
        using var folder = new TemporaryFolder();
        var bytes = TinyModel.Make().ToByteArray();
        File.WriteAllBytes(folder["tiny.onnx"], bytes);
        var x = Enumerable.Range(0, 14).Select(i => (i - 5) * 0.125f).ToArray();
        var theirs = OnnxRuntimeNode.Run(folder["tiny.onnx"], "x", [7, 2], x);

        using var session = new InferenceSession(bytes);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [7, 2]))]);
        Assert.Equal(["y"], theirs.Keys);
        Assert.Equal([7, 3], theirs["y"].Dims);
        Assert.Equal(results[0].AsTensor<float>().ToArray(), theirs["y"].Data);
    }

    [NodeRuntimeFact]
    public void A_file_that_is_no_model_is_refused_there_too()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.onnx"], "this is no model");
        Assert.Throws<InvalidOperationException>(() => OnnxRuntimeNode.Run(folder["bad.onnx"], "x", [1, 2], [1, 2]));
    }
}
