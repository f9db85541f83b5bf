using System.Buffers.Binary;
using System.Text;
using GanPipeline.Inference;
using GanPipeline.Training;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

public sealed class SafeTensorsWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A header as it stands, its length before it, and bytes behind it.</summary>
    internal static byte[] File(string header, byte[] data, long? length = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length ?? json.Length);
        return [.. prefix, .. json, .. data];
    }

    [Theory]
    [InlineData("F32", "0000803F0000C0BF")]
    [InlineData("F16", "003C00BE")]
    [InlineData("BF16", "803FC0BF")]
    [InlineData("F64", "000000000000F03F000000000000F8BF")]
    public void Every_type_of_fractions_becomes_float32(string type, string data)
    {
        using var network = Linear(2, 1, hasBias: false);
        var bytes = Convert.FromHexString(data);
        System.IO.File.WriteAllBytes(_folder["weights"], File(
            $$"""{"__metadata__":{"format":"pt"},"weight":{"dtype":"{{type}}","shape":[1,2],"data_offsets":[0,{{bytes.Length}}] } }""",
            bytes));
        var report = ModuleWeights.Load(network, _folder["weights"]);
        Assert.Equal([1f, -1.5f], network.weight.data<float>().ToArray());
        Assert.Equal("safetensors", report.Format);
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("F8_E4M3", 1)]
    public void Other_numbers_are_told(string type, int size)
    {
        using var network = Linear(1, 1, hasBias: false);
        System.IO.File.WriteAllBytes(_folder["weights"], File(
            $$"""{"weight":{"dtype":"{{type}}","shape":[1,1],"data_offsets":[0,{{size}}] } }""", new byte[size]));
        var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(network, _folder["weights"]));
        Assert.Contains("another shape: weight is Float32 [1, 1], and weight in the file " + (size == 8 ? "Int64" : type), error.Message);
    }

    [Fact]
    public void A_trainings_checkpoint_holds_its_generator()
    {
        using var networks = Architectures.Create(
            new() { Name = "dcgan", Shape = new ImageShape(1, 16, 16), LatentSize = 4, Filters = 2 });
        using var source = Data.DataSets.Open(new() { Kind = "bricks", Size = 16, Count = 8 });
        var options = new TrainingOptions { Folder = _folder["run"], Steps = 0, BatchSize = 4, SampleEvery = 0, Device = "cpu" };
        var checkpoint = new Trainer(networks, source, options).Run().Checkpoint;
        using var fresh = Architectures.Create(
            new() { Name = "dcgan", Shape = new ImageShape(1, 16, 16), LatentSize = 4, Filters = 2 });

        var report = ModuleWeights.Load(
            fresh.Generator, Path.Combine(checkpoint, "weights.safetensors"), new WeightOptions { Prefix = "generator." });

        var actual = fresh.Generator.state_dict();
        Assert.All(networks.Generator.state_dict(), entry => Assert.Equal(entry.Value.bytes.ToArray(), actual[entry.Key].bytes.ToArray()));
        Assert.Contains(report.Unused, name => name.StartsWith("discriminator.", StringComparison.Ordinal));
    }
}
