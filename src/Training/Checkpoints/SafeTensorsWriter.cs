using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Writes the safetensors format: a little-endian 64-bit length, a JSON header of that length that gives each tensor's type, shape and
/// byte range, and the tensors' bytes, without gaps.
/// </summary>
internal static class SafeTensorsWriter
{
    public static void Write(Stream stream, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        var header = Header(tensors);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, value) in tensors)
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            stream.Write(value.cpu().contiguous().bytes);
        }
    }

    private static byte[] Header(IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (var (name, value) in tensors)
            {
                var end = offset + value.numel() * SafeTensorsFile.ElementSize(value.dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", SafeTensorsFile.TypeName(value.dtype));
                json.WriteStartArray("shape");
                foreach (var side in value.shape) json.WriteNumberValue(side);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        // Spaces bring the data to an address that every type is aligned at.
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
