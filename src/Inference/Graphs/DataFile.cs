using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>A file with a model's weights, beside the model that is going to be written (ONNX's external data).</summary>
/// <remarks>
/// Its name ends in a hash of what is in it, <c>net.onnx.1f0c8d2a.data</c>: the data of an older model of the same name and the new one's
/// lie beside each other until the model's file, which names its data, is replaced in one step.
/// </remarks>
internal sealed class DataFile : IDisposable
{
    /// <summary>Bytes of weights that fit into a model's file: protocol buffers end at 2 GiB, and the nodes need some, too.</summary>
    public const long MostInside = int.MaxValue - (1L << 24);

    // Smaller tensors stay in the model, so that shapes and scales are read with it.
    private const int LeastOutside = 1024;

    // The unit in which operating systems map files into memory.
    private const int Alignment = 4096;

    private const int HashLength = 8;
    private const string Ending = ".data";

    private readonly string _model;
    private readonly bool _isNew;
    private bool _isKept;

    private DataFile(string model, ModelProto content, string path, bool isNew, long bytes)
    {
        (_model, Model, Path, _isNew, Bytes) = (model, content, path, isNew, bytes);
    }

    /// <summary>The model without the weights; it says where they are.</summary>
    public ModelProto Model { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Bytes of a model's weights.</summary>
    public static long WeightBytes(ModelProto model) => model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);

    /// <summary>Writes the weights of a model.</summary>
    /// <param name="model">The model, whole in memory; it stays as it is.</param>
    /// <param name="path">Where the model is going to be.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static DataFile Write(ModelProto model, string path)
    {
        var content = model.Clone();
        TensorProto[] outside = [.. content.Graph.Initializer.Where(tensor => tensor.RawData.Length >= LeastOutside)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = 0L;
        foreach (var tensor in outside)
        {
            hash.AppendData(Gap(bytes));
            hash.AppendData(tensor.RawData.Span);
            bytes += Gap(bytes).Length;
            tensor.DataLocation = DataLocation.External;
            tensor.ExternalData.Add(Entry("offset", bytes));
            tensor.ExternalData.Add(Entry("length", tensor.RawData.Length));
            bytes += tensor.RawData.Length;
        }
        var name = $"{System.IO.Path.GetFileName(path)}.{Convert.ToHexStringLower(hash.GetHashAndReset())[..HashLength]}{Ending}";
        var data = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, name);
        var isNew = !File.Exists(data);
        AtomicFile.Write(data, stream =>
        {
            foreach (var tensor in outside)
            {
                stream.Write(Gap(stream.Position));
                stream.Write(tensor.RawData.Span);
            }
        });
        foreach (var tensor in outside)
        {
            tensor.RawData = ByteString.Empty;
            tensor.ExternalData.Insert(0, new StringStringEntryProto { Key = "location", Value = name });
        }
        return new DataFile(path, content, data, isNew, bytes);
    }

    /// <summary>Deletes the data files that a model has no more.</summary>
    /// <param name="path">The model.</param>
    /// <param name="kept">The one that it has; null where its weights are in it.</param>
    public static void DeleteOthers(string path, string? kept)
    {
        var name = System.IO.Path.GetFileName(path);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        foreach (var file in Directory.EnumerateFiles(folder, $"{name}.*{Ending}"))
        {
            var hash = System.IO.Path.GetFileName(file)[(name.Length + 1)..^Ending.Length];
            if (file != kept && hash.Length == HashLength && hash.All(char.IsAsciiHexDigitLower)) File.Delete(file);
        }
    }

    /// <summary>The model was written: its data stay, and those of an older one go.</summary>
    public void Keep()
    {
        _isKept = true;
        DeleteOthers(_model, Path);
    }

    /// <summary>Deletes the file where no model was written.</summary>
    public void Dispose()
    {
        if (!_isKept && _isNew) File.Delete(Path);
    }

    private static byte[] Gap(long position) => new byte[(Alignment - position % Alignment) % Alignment];

    private static StringStringEntryProto Entry(string key, long value) =>
        new() { Key = key, Value = value.ToString(CultureInfo.InvariantCulture) };
}
