using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GanPipeline.Pipelines;

/// <summary>JSON as people and scripts read it: indented where it is a file, names as in pipelines.yaml where it is options.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly JsonSerializerOptions Metrics = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new MetricConverter() },
    };

    /// <summary>A record of metrics for summary.json: camelCase names, five significant digits, null for what is not finite.</summary>
    public static JsonObject FromMetrics<T>(T metrics) => JsonSerializer.SerializeToNode(metrics, Metrics)!.AsObject();

    /// <summary>Reads what <see cref="FromMetrics"/> wrote; null becomes NaN.</summary>
    public static T ToMetrics<T>(JsonObject metrics) => metrics.Deserialize<T>(Metrics)!;

    public static string Print(JsonNode node) => node.ToJsonString(Indented);

    /// <summary>A number for JSON, which has no NaN and no infinities: those become null.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>Rounds to the given significant digits, so that files stay readable.</summary>
    public static JsonNode? Figure(double value, int digits = 5)
    {
        if (!double.IsFinite(value) || value == 0) return Number(value);
        return double.Parse(value.ToString("G" + digits, System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)v)]);

    private sealed class MetricConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (Figure(value) is { } rounded) rounded.WriteTo(writer);
            else writer.WriteNullValue();
        }
    }
}
