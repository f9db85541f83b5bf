using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class SafeTensorsTests
{
    private static byte[] File(string header, int dataBytes, long? headerLength = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, headerLength ?? json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    [Fact]
    public void Tensors_come_back_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var path = folder["weights.safetensors"];
        var floats = randn(3, 4, 5);
        floats.index_put_(float.NaN, TensorIndex.Single(0), TensorIndex.Single(0), TensorIndex.Single(0));
        var transposed = randn(6, 2).transpose(0, 1);
        var counter = tensor(1L << 40, dtype: int64);
        var nothing = empty([0, 3]);
        using (var stream = System.IO.File.Create(path))
            SafeTensorsWriter.Write(
                stream,
                [("floats", floats), ("a \"quoted\" name", transposed), ("counter", counter), ("nothing", nothing)]);

        using var file = SafeTensorsFile.Open(path);
        Assert.Equal(4, file.Entries.Count);
        foreach (var (name, expected) in new[] { ("floats", floats), ("a \"quoted\" name", transposed.contiguous()), ("counter", counter) })
        {
            var read = zeros(expected.shape, dtype: expected.dtype);
            file.CopyTo(file.Entries[name], read);
            Assert.True(Bits.Same(expected, read));
        }
        Assert.Equal([0, 3], file.Entries["nothing"].Shape);
    }

    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "8", [1, 2, 3] },
        { "length reads -1", File("{}", 0, headerLength: -1) },
        { "length reads 9223372036854775807", File("{}", 0, headerLength: long.MaxValue) },
        { "cut short", File("{}", 0, headerLength: 100) },
        { "not the JSON", File("not json", 0) },
        { "not the JSON", File("[1]", 0) },
        { "not the JSON", File("""{"a": 1}""", 0) },
        { "not the JSON", File("""{"a": {"dtype": "F32", "shape": [1]}}""", 4) },
        { "not the JSON", File("""{"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}""", 4) },
        { "not the JSON", File(new string('[', 100_000), 0) },
        { "the type 'BF16'", File("""{"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}""", 4) },
        { "3 data offsets", File("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]}}""", 4) },
        { "the bytes 4 to 0", File("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}""", 4) },
        { "the bytes 0 to 4", File("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}""", 4) },
        { "the bytes 0 to 4", File("""{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}""", 4) },
        { "the shape [-1]", File("""{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}""", 4) },
        { "cut short", File("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""", 4) },
        { "follow the last", File("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}""", 8) },
        { "overlaps", File(
            """{"a": {"dtype": "F32", "shape":[2], "data_offsets":[0,8]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""",
            8) },
        { "no tensor owns the bytes 0 to 4", File("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""", 8) },
        { "twice", File(
            """{"a": {"dtype": "F32", "shape":[1], "data_offsets":[0,4]}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""",
            8) },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_is_told(string what, byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder["bad.safetensors"], bytes);
        var error = Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(folder["bad.safetensors"]));
        Assert.Contains(folder["bad.safetensors"], error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "none.safetensors",
            Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(folder["none.safetensors"])).Message,
            StringComparison.Ordinal);
    }
}
