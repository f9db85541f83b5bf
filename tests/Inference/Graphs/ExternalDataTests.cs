using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>Weights in files beside the model are taken in from its own folder, and from nowhere else.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExternalDataTests() => Directory.CreateDirectory(_folder["model"]);

    public void Dispose() => _folder.Dispose();

    private static TestGraph Network() => new TestGraph().Weights("weights", 6, 6).Whole("shape", -1, 1, 2, 3)
        .Input("latent", DataType.Float, -1, 6).Node("MatMul", "latent, weights -> dense").Node("Tanh", "dense -> up")
        .Node("Reshape", "up, shape -> image").Output("image", DataType.Float, -1, 1, 2, 3);

    /// <summary>Writes the model with its weights in another file, 10 bytes behind that file's begin.</summary>
    private string Write(string location, string? file, int offset = 10, int? length = null, int? written = null)
    {
        var model = Network().Model;
        var weights = model.Graph.Initializer.Single(tensor => tensor.Name == "weights");
        byte[] data = [.. new byte[10], .. weights.RawData];
        if (file is not null) File.WriteAllBytes(file, data[..(written ?? data.Length)]);
        weights.RawData = ByteString.Empty;
        weights.DataLocation = TensorProto.Types.DataLocation.External;
        foreach (var (key, value) in new[] { ("location", location), ("offset", $"{offset}"), ("length",
            length is null ? "" : $"{length}") })
            if (value.Length > 0) weights.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        File.WriteAllBytes(_folder["model/generator.onnx"], model.ToByteArray());
        return _folder["model/generator.onnx"];
    }

    private static void AssertRefused(string path, string part)
    {
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(path)).Message;
        Assert.Contains($"'{path}' is refused: ", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights.bin", null)]
    [InlineData("weights.bin", 144)]
    [InlineData("./below/weights.bin", 144)]
    public void They_are_taken_in(string location, int? length)
    {
        Directory.CreateDirectory(_folder["model/below"]);
        var path = Write(location, _folder["model/" + location], length: length);
        using var plain = GeneratorModel.Load(Network().Bytes);
        using var generator = GeneratorModel.Load(path);
        File.Delete(_folder["model/" + location]);
        Assert.Equal(plain.Sample(5).Values, generator.Sample(5).Values);
    }

    [Fact]
    public void Files_elsewhere_are_not_read()
    {
        AssertRefused(Write("../weights.bin", _folder["weights.bin"]), "in '../weights.bin', which is not in the model's folder");
        AssertRefused(Write("..\\weights.bin", null), "which is not in the model's folder");
        AssertRefused(Write(_folder["weights.bin"], _folder["weights.bin"]), "which is not in the model's folder");
        AssertRefused(Write("", null), "which is not in the model's folder");
        AssertRefused(Write("weights\0.bin", null), "a name that no file can have");
        // The name of memory itself, for ONNX Runtime.
        AssertRefused(Write("*/_ORT_MEM_ADDR_/*", null), "there is no file '*/_ORT_MEM_ADDR_/*' beside it");
    }

    [Fact]
    public void Links_do_not_lead_out_of_the_folder()
    {
        if (OperatingSystem.IsWindows()) return; // Links need a right there.
        var path = Write("link.bin", _folder["weights.bin"]);
        File.CreateSymbolicLink(_folder["model/link.bin"], _folder["weights.bin"]);
        AssertRefused(path, "in 'link.bin', which is not in the model's folder");
        Directory.CreateDirectory(_folder["out"]);
        Directory.CreateSymbolicLink(_folder["model/folder"], _folder["out"]);
        AssertRefused(Write("folder/weights.bin", _folder["out/weights.bin"]), "which is not in the model's folder");
        // As a store of models by their hashes has them: the folder itself is a link, and files link to each other inside of it.
        path = Write("link.bin", _folder["model/weights.bin"]);
        File.Delete(_folder["model/link.bin"]);
        File.CreateSymbolicLink(_folder["model/link.bin"], "weights.bin");
        Directory.CreateSymbolicLink(_folder["linked"], _folder["model"]);
        using (var generator = GeneratorModel.Load(_folder["linked/generator.onnx"])) Assert.Equal(2, generator.Sample(2).Count);
        // Or each file is a link, to files that lie together.
        Directory.CreateDirectory(_folder["names"]);
        File.CreateSymbolicLink(_folder["names/generator.onnx"], "../model/generator.onnx");
        File.CreateSymbolicLink(_folder["names/link.bin"], "../model/weights.bin");
        using var named = GeneratorModel.Load(_folder["names/generator.onnx"]);
        Assert.Equal(2, named.Sample(2).Count);
    }

    [Fact]
    public void Files_that_are_missing_or_too_short()
    {
        AssertRefused(Write("none.bin", null), "there is no file 'none.bin' beside it");
        AssertRefused(Write("weights.bin", _folder["model/weights.bin"], written: 100),
            "the bytes 10 to 154 of 'weights.bin', which has 100");
        AssertRefused(Write("weights.bin", _folder["model/weights.bin"], offset: int.MaxValue), "which has 154");
        AssertRefused(Write("weights.bin", _folder["model/weights.bin"], offset: -1), "the offset '-1'");
        AssertRefused(Write("weights.bin", _folder["model/weights.bin"], length: 100),
            "[6, 6], need 144 bytes; the file beside it has 100");
    }

    [Fact]
    public void A_model_in_memory_has_no_folder()
    {
        var bytes = File.ReadAllBytes(Write("weights.bin", _folder["model/weights.bin"]));
        Assert.Contains("which a model in memory does not have; open it by its path",
            Assert.Throws<ModelException>(() => GeneratorModel.Load(bytes)).Message, StringComparison.Ordinal);
    }
}
