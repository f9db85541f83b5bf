using System.Text;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Compat.Tests.OnnxRuntime;

public class SessionTests
{
    private static readonly byte[] Model = TinyModel.Make().ToByteArray();

    private static float[] Expected(ReadOnlySpan<float> x)
    {
        var y = new float[x.Length / 2 * 3];
        for (var n = 0; n < x.Length / 2; n++)
            for (var k = 0; k < 3; k++)
                y[3 * n + k] = Math.Max(0, x[2 * n] * TinyModel.Weight[k] + x[2 * n + 1] * TinyModel.Weight[3 + k] + TinyModel.Bias[k]);
        return y;
    }

    // The sums are of small binary fractions, which floats hold exactly in whatever order they are added.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_model_runs_at_any_batch_size(int count)
    {
        using var session = new InferenceSession(Model);
        var x = Enumerable.Range(0, 2 * count).Select(i => (i - 3) * 0.25f).ToArray();
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, [count, 2]))]);
        var y = results.Single(r => r.Name == "y").AsTensor<float>();
        Assert.Equal([count, 3], y.Dimensions.ToArray());
        Assert.Equal(Expected(x), y.ToArray());
    }

    [Fact]
    public void Outputs_are_written_into_memory_that_is_given()
    {
        using var session = new InferenceSession(Model);
        float[] x = [1, 2, 3, 4], y = new float[6];
        using var input = OrtValue.CreateTensorValueFromMemory(x, [2, 2]);
        using var output = OrtValue.CreateTensorValueFromMemory(y, [2, 3]);
        using var options = new RunOptions();
        session.Run(options, ["x"], [input], ["y"], [output]);
        Assert.Equal(Expected(x), y);
    }

    [Fact]
    public void Inputs_outputs_and_metadata_are_told()
    {
        using var session = new InferenceSession(Model);
        Assert.Equal([-1, 2], session.InputMetadata["x"].Dimensions);
        Assert.Equal("N", session.InputMetadata["x"].SymbolicDimensions[0]);
        Assert.Equal(TensorElementType.Float, session.OutputMetadata["y"].ElementDataType);
        Assert.Equal("2", session.ModelMetadata.CustomMetadataMap["latent"]);
        Assert.Equal("tests", session.ModelMetadata.ProducerName);
    }

    [Fact]
    public void What_is_no_model_is_told()
    {
        foreach (var bytes in new[] { Encoding.UTF8.GetBytes("this is no model"), Model[..^7], [0xff, 0xff, 0xff, 0xff] })
            Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(bytes));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.onnx"], "this is no model");
        var error = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(folder["bad.onnx"]));
        Assert.Contains("bad.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_input_is_told_by_name()
    {
        using var session = new InferenceSession(Model);
        var wrong = NamedOnnxValue.CreateFromTensor("z", new DenseTensor<float>(new float[2], [1, 2]));
        var error = Assert.Throws<OnnxRuntimeException>(() => session.Run([wrong]).Dispose());
        Assert.Contains("z", error.Message, StringComparison.Ordinal);
        var shape = NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(new float[3], [1, 3]));
        Assert.Throws<OnnxRuntimeException>(() => session.Run([shape]).Dispose());
    }

    [Fact]
    public void The_processor_is_a_provider_and_the_version_is_known()
    {
        Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());
        Assert.Matches(@"^1\.\d+\.\d+", OrtEnv.Instance().GetVersionString());
    }
}
