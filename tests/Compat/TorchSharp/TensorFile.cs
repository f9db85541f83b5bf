using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace GanPipeline.Compat.Tests;

/// <summary>Named float32 and int64 tensors in a file: safetensors, as far as these tests need it.</summary>
internal static class TensorFile
{
    internal static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var header = new Dictionary<string, object>();
        using var data = new MemoryStream();
        foreach (var (name, tensor) in tensors)
        {
            var start = data.Length;
            using var plain = tensor.detach().contiguous();
            data.Write(plain.bytes);
            header[name] = new { dtype = tensor.dtype == ScalarType.Int64 ? "I64" : "F32", plain.shape, data_offsets = new[] { start, data.Length } };
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        data.WriteTo(file);
    }

    internal static Dictionary<string, Tensor> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var start = 8 + (int)BitConverter.ToInt64(bytes);
        var result = new Dictionary<string, Tensor>();
        using var header = JsonDocument.Parse(bytes.AsMemory(8, start - 8));
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var offsets = entry.Value.GetProperty("data_offsets");
            var span = bytes.AsSpan((start + offsets[0].GetInt32())..(start + offsets[1].GetInt32()));
            result[entry.Name] = entry.Value.GetProperty("dtype").GetString() == "I64"
                ? tensor(MemoryMarshal.Cast<byte, long>(span).ToArray(), shape)
                : tensor(MemoryMarshal.Cast<byte, float>(span).ToArray(), shape);
        }
        return result;
    }
}
