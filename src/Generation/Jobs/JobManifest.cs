using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GanPipeline.Generation;

/// <summary>What a folder of shards holds: <c>job.json</c>, the same for all parts of a job and written by each.</summary>
/// <param name="Model">The ONNX file's name.</param>
/// <param name="ModelHash">Its SHA-256.</param>
/// <param name="Count">Images of each seed.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="First">Index of the first image of each seed.</param>
/// <param name="Labels">What was asked for.</param>
/// <param name="Format">How images are stored.</param>
/// <param name="ShardSize">Images of a shard.</param>
/// <param name="BatchSize">Images that entered the model at once.</param>
/// <param name="Height">Of an image.</param>
/// <param name="Width">Of an image.</param>
/// <param name="Channels">Of an image.</param>
/// <param name="Truncation">The largest value of a latent; null where there is no limit.</param>
/// <param name="LatentsHash">SHA-256 of the file with latents; null where they are drawn.</param>
internal sealed record JobManifest(string Model, string ModelHash, long Count, IReadOnlyList<long> Seeds, long First,
    IReadOnlyList<string> Labels, ShardFormat Format, int ShardSize, int BatchSize, int Height, int Width, int Channels,
    float? Truncation = null, string? LatentsHash = null)
{
    public const string Name = "job.json";

    [JsonIgnore]
    public long Total => Count * Seeds.Count;

    [JsonIgnore]
    public long Shards => (Total + ShardSize - 1) / ShardSize;

    public ShardRange Shard(long number) => new(number, number * ShardSize, Math.Min((number + 1) * ShardSize, Total));

    /// <summary>A shard's batches, each of one seed: so many images at once, counted from the shard's beginning.</summary>
    public IEnumerable<BatchRange> Batches(ShardRange shard)
    {
        for (var at = shard.Begin; at < shard.End;)
        {
            var (seed, index) = ((int)(at / Count), at % Count);
            var count = (int)Math.Min(Math.Min(BatchSize, shard.End - at), Count - index);
            yield return new BatchRange(at, Seeds[seed], First + index, count);
            at += count;
        }
    }

    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The manifest of a folder; null where it has none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static JobManifest? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.JobManifest)
                ?? throw new InvalidDataException($"'{path}' is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    public void Write(string folder)
    {
        var text = JsonSerializer.Serialize(this, ManifestJson.Default.JobManifest).ReplaceLineEndings("\n");
        AtomicFile.WriteAllText(Path.Combine(folder, Name), text + "\n");
    }

    /// <summary>How another job differs from this one: names of members and both values; empty where it does not.</summary>
    public IEnumerable<string> Differences(JobManifest other)
    {
        using var mine = JsonSerializer.SerializeToDocument(this, ManifestJson.Default.JobManifest);
        using var theirs = JsonSerializer.SerializeToDocument(other, ManifestJson.Default.JobManifest);
        foreach (var member in mine.RootElement.EnumerateObject())
        {
            // A model may have been renamed.
            if (member.NameEquals("model")) continue;
            var (here, there) = (member.Value.GetRawText(), theirs.RootElement.GetProperty(member.Name).GetRawText());
            if (here != there) yield return $"{member.Name} {Short(here)} there, {Short(there)} here";
        }

        static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JobManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
