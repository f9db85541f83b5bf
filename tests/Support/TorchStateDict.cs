using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace GanPipeline.TestSupport;

/// <summary>Writes float32 state dicts as <c>torch.save</c> does, for tests that have no PyTorch.</summary>
public static class TorchStateDict
{
    /// <summary>The archive that PyTorch writes since 1.6.</summary>
    public static byte[] Archive(params (string Name, long[] Shape, float[] Values)[] tensors) =>
        Archive(Pickle(tensors, legacy: false), [.. tensors.Select((tensor, i) => ($"{i}", Bytes(tensor.Values)))]);

    /// <summary>An archive of any pickle and storages.</summary>
    public static byte[] Archive(
        byte[] pickle, (string Key, byte[] Bytes)[] storages, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string name, byte[] bytes)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
            Add("weights/data.pkl", pickle);
            foreach (var (key, bytes) in storages) Add("weights/data/" + key, bytes);
            Add("weights/version", "3\n"u8.ToArray());
        }
        return stream.ToArray();
    }

    /// <summary>An archive of several state dicts, each under a name.</summary>
    public static byte[] Checkpoint(params (string Name, (string Name, long[] Shape, float[] Values)[] Tensors)[] sections)
    {
        var bytes = new List<byte>([0x80, 2, (byte)'}', (byte)'(']);
        var storages = new List<(string Key, byte[] Bytes)>();
        foreach (var (name, tensors) in sections)
        {
            bytes.AddRange([.. Text(name), .. Dictionary(tensors, legacy: false, storages.Count)]);
            foreach (var tensor in tensors) storages.Add(($"{storages.Count}", Bytes(tensor.Values)));
        }
        return Archive([.. bytes, (byte)'u', (byte)'.'], [.. storages]);
    }

    /// <summary>The form before 1.6.</summary>
    public static byte[] Legacy(params (string Name, long[] Shape, float[] Values)[] tensors)
    {
        var bytes = new List<byte>([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.']);
        bytes.AddRange([0x80, 2, (byte)'M', 0xE9, 3, (byte)'.']);
        bytes.AddRange([0x80, 2, (byte)'}', .. Text("little_endian"), 0x88, (byte)'s', (byte)'.']);
        bytes.AddRange(Pickle(tensors, legacy: true));
        bytes.AddRange([0x80, 2, (byte)']', (byte)'(', .. tensors.SelectMany((_, i) => Text($"{i}")), (byte)'e', (byte)'.']);
        foreach (var (_, _, values) in tensors)
        {
            var count = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(count, values.Length);
            bytes.AddRange([.. count, .. Bytes(values)]);
        }
        return [.. bytes];
    }

    /// <summary>The pickle of a dictionary of tensors, with anything more in it.</summary>
    public static byte[] Pickle((string Name, long[] Shape, float[] Values)[] tensors, bool legacy, params byte[] more) =>
        [0x80, 2, .. Dictionary(tensors, legacy, firstKey: 0, more), (byte)'.'];

    private static byte[] Dictionary(
        (string Name, long[] Shape, float[] Values)[] tensors, bool legacy, int firstKey, params byte[] more)
    {
        var bytes = new List<byte>([.. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'(']);
        foreach (var ((name, shape, values), i) in tensors.Select((tensor, i) => (tensor, i)))
        {
            var strides = new long[shape.Length];
            for (long axis = shape.Length - 1, stride = 1; axis >= 0; stride *= shape[axis--]) strides[axis] = stride;
            bytes.AddRange(Text(name));
            bytes.AddRange([.. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(', (byte)'(', .. Text("storage")]);
            bytes.AddRange([.. Global("torch", "FloatStorage"), .. Text($"{firstKey + i}"), .. Text("cpu"), .. Number(values.Length)]);
            if (legacy) bytes.Add((byte)'N');
            bytes.AddRange([(byte)'t', (byte)'Q', .. Number(0), .. Tuple(shape), .. Tuple(strides), 0x89]);
            bytes.AddRange([.. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'t', (byte)'R']);
        }
        return [.. bytes, .. more, (byte)'u'];
    }

    /// <summary>A text in a pickle.</summary>
    public static byte[] Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return [(byte)'X', .. length, .. utf8];
    }

    /// <summary>The name of a function or class in a pickle.</summary>
    public static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    private static byte[] Number(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return [0x8A, 8, .. bytes];
    }

    private static byte[] Tuple(long[] values) => [(byte)'(', .. values.SelectMany(Number), (byte)'t'];

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
