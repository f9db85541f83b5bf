using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GanPipeline.Pipelines;

/// <summary>Metrics in summary.json: camelCase names, five significant digits, no value where there is none.</summary>
internal static class MetricsJson
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new RoundedDoubles(5) },
    };

    public static JsonObject Write<T>(T metrics) => JsonSerializer.SerializeToNode(metrics, _options)!.AsObject();

    public static T Read<T>(JsonObject metrics) => metrics.Deserialize<T>(_options)!;
}
