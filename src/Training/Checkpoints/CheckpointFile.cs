using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>One checkpoint: a folder with the weights in safetensors and a JSON file that describes them.</summary>
internal static class CheckpointFile
{
    public const string WeightsName = "weights.safetensors";
    public const string InfoName = "checkpoint.json";

    /// <summary>Writes both files into an existing folder and flushes them to the disk.</summary>
    public static void Write(string folder, CheckpointInfo info, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using (var weights = new FileStream(Path.Combine(folder, WeightsName), FileMode.CreateNew, FileAccess.ReadWrite))
        {
            SafeTensorsWriter.Write(weights, tensors);
            weights.Flush(flushToDisk: true);
            weights.Position = 0;
            info = info with { WeightsSize = weights.Length, WeightsHash = Convert.ToHexStringLower(SHA256.HashData(weights)) };
        }
        using var json = new FileStream(Path.Combine(folder, InfoName), FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(json, info, CheckpointInfo.Json);
        json.Flush(flushToDisk: true);
    }

    /// <exception cref="CheckpointException">The file is missing, damaged, or of another version's form.</exception>
    public static CheckpointInfo ReadInfo(string folder)
    {
        var path = Path.Combine(folder, InfoName);
        CheckpointInfo info;
        try
        {
            using var stream = File.OpenRead(path);
            info = JsonSerializer.Deserialize<CheckpointInfo>(stream, CheckpointInfo.Json)
                ?? throw new CheckpointException($"'{path}' is damaged: it holds null.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"Cannot read '{path}': {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new CheckpointException($"'{path}' is damaged: it is not the JSON of a checkpoint ({e.Message}).", e);
        }
        if (info.Format != CheckpointInfo.CurrentFormat)
            throw new CheckpointException($"'{path}' has the format {info.Format}, but this version reads format " +
                $"{CheckpointInfo.CurrentFormat}; it was written by version {info.Version}.");
        return info;
    }

    /// <summary>Opens the weights after comparing them with their size and hash.</summary>
    /// <exception cref="CheckpointException">The file is missing or is not what was written.</exception>
    public static SafeTensorsFile OpenWeights(string folder, CheckpointInfo info)
    {
        var path = Path.Combine(folder, WeightsName);
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length != info.WeightsSize)
                throw new CheckpointException($"'{path}' is damaged: it has {stream.Length} bytes where {info.WeightsSize} were written.");
            if (!Convert.ToHexStringLower(SHA256.HashData(stream)).Equals(info.WeightsHash, StringComparison.OrdinalIgnoreCase))
                throw new CheckpointException($"'{path}' is damaged: its bytes are not those that were written (SHA-256 differs).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"Cannot read '{path}': {e.Message}", e);
        }
        return SafeTensorsFile.Open(path);
    }
}
