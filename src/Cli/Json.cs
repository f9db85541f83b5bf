using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanPipeline.Cli;

/// <summary>JSON as people and scripts read it: indented where it is a file, names as in pipelines.yaml where it is options.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower };

    /// <summary>A section's options under their YAML names.</summary>
    public static JsonObject Of<T>(T options) => JsonSerializer.SerializeToNode(options, Options)!.AsObject();

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
}
