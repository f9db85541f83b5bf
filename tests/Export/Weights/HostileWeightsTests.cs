using System.IO.Compression;
using GanPipeline.Inference;
using Google.Protobuf;
using Onnx;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Files that are damaged, or made to do harm: each is refused, and the network stays as it is.</summary>
public sealed class HostileWeightsTests : IDisposable
{
    private static readonly (string Name, long[] Shape, float[] Values)[] _tensors =
        [("weight", [1, 2], [1, 2]), ("bias", [1], [3])];

    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.Modules.Linear _network = Linear(2, 1);

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    private string Refused(byte[] bytes)
    {
        File.WriteAllBytes(_folder["weights.pt"], bytes);
        var before = _network.weight.data<float>().ToArray();
        var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(_network, _folder["weights.pt"]));
        Assert.Contains(_folder["weights.pt"], error.Message);
        Assert.Equal(before, _network.weight.data<float>().ToArray());
        return error.Message;
    }

    private static ModelProto Model(params TensorProto[] tensors)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g" } };
        model.Graph.Initializer.AddRange(tensors);
        return model;
    }

    private static TensorProto Tensor(string name, long[] shape, byte[] data)
    {
        var tensor = new TensorProto
            { Name = name, DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(data) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    [Fact]
    public void What_is_no_file_of_weights_is_named()
    {
        Assert.Contains("it is text that starts with \"<!DOCTYPE html>", Refused("<!DOCTYPE html><p>Not found"u8.ToArray()));
        Assert.Contains("it is empty", Refused([]));
        Assert.Contains("is no file of weights. Those of ONNX, safetensors", Refused([0x89, .. "PNG\r\n"u8, 26, 10]));
        Assert.Contains("it has no data.pkl", Refused(Zip(("a.txt", [1]))));
        Assert.Contains("not one of torch.save", Refused([0x80, 4, (byte)'N', (byte)'.']));
        Assert.Contains("is a folder",
            Assert.Throws<ModelException>(() => ModuleWeights.Load(_network, _folder.Path)).Message);
        Assert.Contains("There is no file",
            Assert.Throws<ModelException>(() => ModuleWeights.Load(_network, _folder["none"])).Message);
    }

    [Fact]
    public void A_file_that_is_cut_short_anywhere_is_refused()
    {
        byte[][] files =
        [
            TorchStateDict.Archive(_tensors), TorchStateDict.Legacy(_tensors),
            SafeTensorsWeightsTests.File("""{"weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", new byte[8]),
            Model(Tensor("weight", [1, 2], new byte[8]), Tensor("bias", [1], new byte[4])).ToByteArray(),
        ];
        foreach (var file in files)
            for (var length = 0; length < file.Length; length += 1 + file.Length / 97)
                Refused(file[..length]);
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("torch", "load")]
    [InlineData("torch._utils", "_import_dotted_name")]
    [InlineData("torch.hub", "load")]
    [InlineData("numpy", "load")]
    public void Names_that_a_state_dict_does_not_have_are_refused(string module, string name)
    {
        byte[] call = [.. TorchStateDict.Text("extra"), .. TorchStateDict.Global(module, name), .. TorchStateDict.Text("touch run"), 0x85,
            (byte)'R'];
        var pickle = TorchStateDict.Pickle(_tensors, legacy: false, call);
        Assert.Contains($"it names {module}.{name}, which is no part of a state dict and is not run",
            Refused(TorchStateDict.Archive(pickle, [("0", new byte[8]), ("1", new byte[4])])));
    }

    [Fact]
    public void Sizes_that_the_file_does_not_have_cost_nothing()
    {
        const long much = 1L << 40;
        var before = GC.GetTotalAllocatedBytes();
        var tensor = ("weight", new[] { much, much }, new float[2]);
        Assert.Contains("goes beyond its 2 numbers", Refused(TorchStateDict.Archive(tensor)));
        Assert.Contains("goes beyond its 2 numbers", Refused(TorchStateDict.Legacy(tensor)));
        Assert.Contains("claims the bytes", Refused(SafeTensorsWeightsTests.File(
            """{"weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,1099511627776]}}""", new byte[8])));
        Assert.Contains("its header's length reads", Refused(SafeTensorsWeightsTests.File("""{"weight":{}}""", [], much)));
        Assert.Contains("another shape", Refused(Model(Tensor("weight", [much, much], [])).ToByteArray()));
        Assert.Contains("have 4 bytes, where 8 would be right",
            Refused(Model(Tensor("weight", [1, 2], new byte[4]), Tensor("bias", [1], new byte[4])).ToByteArray()));
        // Zeros that an archive packs to a thousandth.
        var packed = TorchStateDict.Archive(TorchStateDict.Pickle([("weight", [1, 2], [0, 0]), ("bias", [1], [0])], legacy: false),
            [("0", new byte[10_000_000]), ("1", new byte[4])], CompressionLevel.Optimal);
        Assert.Contains("torch.save does not compress", Refused(packed));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 200_000_000);
    }

    [Fact]
    public void Dictionaries_that_hold_themselves_are_read_once()
    {
        // {"a": itself}, sixty times over.
        byte[] itself = [.. TorchStateDict.Text("a"), (byte)'h', 0];
        var pickle = new List<byte>([0x80, 2, (byte)'}', (byte)'q', 0, (byte)'(']);
        for (var i = 0; i < 60; i++) pickle.AddRange([.. TorchStateDict.Text($"{i}"), (byte)'h', 0]);
        pickle.AddRange([.. itself, (byte)'u', (byte)'.']);
        Assert.Contains("it has no tensors", Refused(TorchStateDict.Archive([.. pickle], [])));
    }

    [Fact]
    public void Weights_beside_an_ONNX_file_are_read_and_none_elsewhere()
    {
        TensorProto External(string location)
        {
            var tensor = Tensor("weight", [1, 2], []);
            tensor.RawData = ByteString.Empty;
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
            return tensor;
        }
        File.WriteAllBytes(_folder["weights.bin"], new byte[8]);
        var bias = Tensor("bias", [1], new byte[4]);
        Assert.Contains("which is not in the model's folder", Refused(Model(External("../weights.bin"), bias).ToByteArray()));
        Assert.Contains("which is not in the model's folder", Refused(Model(External("/etc/hostname"), bias).ToByteArray()));
        Assert.Contains("there is no file 'none.bin' beside it", Refused(Model(External("none.bin"), bias).ToByteArray()));
        File.WriteAllBytes(_folder["weights.pt"], Model(External("weights.bin"), bias).ToByteArray());
        ModuleWeights.Load(_network, _folder["weights.pt"]);
        Assert.Equal([0f, 0], _network.weight.data<float>().ToArray());
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        return stream.ToArray();
    }
}
