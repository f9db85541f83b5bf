using System.Text.Json.Serialization;

namespace GanPipeline.Jobs;

/// <summary>What a folder of translated pictures holds.</summary>
/// <param name="Job">The kind of job.</param>
/// <param name="Model">The ONNX file's name.</param>
/// <param name="ModelHash">Its SHA-256.</param>
/// <param name="Data">The data set's name.</param>
/// <param name="DataHash">Its fingerprint, of pictures and their order.</param>
/// <param name="Total">Pictures of the data set.</param>
/// <param name="BatchSize">Images that entered the model at once.</param>
/// <param name="NoiseSeed">Decides the model's noise; null where it takes none.</param>
/// <param name="Sizes">The pictures' sizes, where they are their own; null where they are those of the data set.</param>
internal sealed record TranslationManifest(
    string Job, string Model, string ModelHash, string Data, string DataHash, long Total, int BatchSize,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? NoiseSeed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sizes = null)
{
    public const string Kind = "translation";
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TranslationManifest))]
internal sealed partial class TranslationJson : JsonSerializerContext;
