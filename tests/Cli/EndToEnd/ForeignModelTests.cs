using Google.Protobuf;
using Onnx;

namespace GanPipeline.Cli.Tests;

/// <summary>Generators from elsewhere on the command line.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private static readonly string _generator = Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_generator));
        change(model);
        File.WriteAllBytes(_folder["changed.onnx"], model.ToByteArray());
        return _folder["changed.onnx"];
    }

    private void AssertTold(string expected, params string[] args)
    {
        var outcome = GanProgram.Run(_folder.Path, args);
        Assert.True(outcome.Code is 1 or 2, outcome.ToString());
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake in the program", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["generated"]), "a folder was left");
    }

    /// <summary>As of a diverged training: a logarithm in place of the last layer, and weights.</summary>
    [Fact]
    public void Numbers_that_are_none_leave_no_files()
    {
        var computed = Write(model => model.Graph.Node.Single(node => node.OpType == "Tanh").OpType = "Log");
        AssertTold($"'{computed}' makes numbers that are NaN or infinite", "generate", computed, "--count", "3");
        AssertTold($"'{computed}' makes numbers that are NaN or infinite", "generate", computed, "--count", "3", "--grid");
        var weights = Write(model => Fill(model.Graph.Initializer.Single(tensor => tensor.Name == "weight"), float.NaN));
        AssertTold($"'{weights}' is refused: its weights 'weight' are NaN", "generate", weights);
    }

    [Fact]
    public void A_range_is_asked_for_where_the_model_does_not_say()
    {
        var model = Write(model =>
        {
            model.MetadataProps.Clear();
            model.Graph.Node.Single(node => node.OpType == "Tanh").OpType = "Sigmoid";
        });
        AssertTold("as of [0, 1]; declare it: ModelOptions.PixelRange, or --range of gan generate", "generate", model, "--count", "3");
        foreach (var range in new[] { "0..1", "-1..1" })
        {
            var outcome = GanProgram.Run(_folder.Path, "generate", model, "--count", "3", "--range", range, "--out", range);
            Assert.True(outcome.Code == 0, outcome.ToString());
            Assert.Equal(3, Directory.GetFiles(_folder[range], "*.png").Length);
        }
    }

    [Fact]
    public void A_model_that_would_end_the_process_is_inspected_and_not_run()
    {
        var model = Write(model => model.Graph.Node.Add(new NodeProto
        {
            OpType = "Conv", Name = "bad", Input = { "image", "weight" }, Output = { "never" },
            Attribute = { new AttributeProto { Name = "group", Type = AttributeProto.Types.AttributeType.Int, I = 0 } },
        }));
        AssertTold("the Conv 'bad' has group 0", "generate", model);
        var outcome = GanProgram.Run(_folder.Path, "inspect", model);
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.Contains("refused", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", GanProgram.Run(_folder.Path, "inspect", _generator).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_are_no_pictures_are_told_by_their_channels()
    {
        var model = Write(model =>
        {
            // 3 x 4 x 8 as 2 x 6 x 8.
            Fill(model.Graph.Initializer.Single(tensor => tensor.Name == "shape"), -1L, 2, 6, 8);
            var shape = model.Graph.Output[0].Type.TensorType.Shape;
            (shape.Dim[1].DimValue, shape.Dim[2].DimValue) = (2, 6);
        });
        AssertTold("makes images of 2 channels; a picture has 1 (gray) or 3", "generate", model);
    }

    private static void Fill<T>(TensorProto tensor, params T[] values) where T : unmanaged
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var all = tensor.RawData.ToByteArray();
        bytes.CopyTo(all, 0);
        tensor.RawData = ByteString.CopyFrom(all);
    }
}
