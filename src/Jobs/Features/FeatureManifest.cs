using System.Text.Json.Serialization;

namespace GanPipeline.Jobs;

/// <summary>What a folder of features holds.</summary>
/// <param name="Job">The kind of job.</param>
/// <param name="Model">The ONNX file's name.</param>
/// <param name="ModelHash">Its SHA-256.</param>
/// <param name="Output">Which of its outputs.</param>
/// <param name="Data">The data set's name.</param>
/// <param name="DataHash">Its fingerprint, of pictures and their order.</param>
/// <param name="Classes">The names of the classes, by number; empty if there are none.</param>
/// <param name="Attributes">The names of the attributes, in the order of their columns.</param>
/// <param name="Total">Images of the data set.</param>
/// <param name="Features">Values of a row.</param>
/// <param name="Format">How features are stored.</param>
/// <param name="ShardSize">Images of a shard.</param>
/// <param name="BatchSize">Images that entered the model at once.</param>
internal sealed record FeatureManifest(string Job, string Model, string ModelHash, string Output, string Data, string DataHash,
    IReadOnlyList<string> Classes, IReadOnlyList<string> Attributes, long Total, int Features, FeatureShardFormat Format, int ShardSize,
    int BatchSize)
{
    public const string Kind = "features";
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FeatureManifest))]
internal sealed partial class FeatureJson : JsonSerializerContext;
