using System.Text.Json.Serialization;

namespace GanPipeline.Jobs;

/// <summary>What a folder of generated images holds.</summary>
/// <param name="Job">The kind of job.</param>
/// <param name="Model">The ONNX file's name.</param>
/// <param name="ModelHash">Its SHA-256.</param>
/// <param name="Total">Images of all seeds.</param>
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
internal sealed record GenerationManifest(string Job, string Model, string ModelHash, long Total, long Count, IReadOnlyList<long> Seeds,
    long First, IReadOnlyList<string> Labels, ImageShardFormat Format, int ShardSize, int BatchSize, int Height, int Width, int Channels,
    float? Truncation, string? LatentsHash)
{
    public const string Kind = "generation";
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GenerationManifest))]
internal sealed partial class GenerationJson : JsonSerializerContext;
