using System.Globalization;
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


    public static string Print(JsonNode node) => node.ToJsonString(Indented);

    /// <summary>A number for JSON, which has no NaN and no infinities: those become null.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>Rounds to significant digits, so that files stay readable.</summary>
    public static double Round(double value, int digits = 5) =>
        double.IsFinite(value)
            ? double.Parse(value.ToString("G" + digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : value;

    /// <summary>A rounded number for JSON.</summary>
    public static JsonNode? Rounded(double value, int digits = 5) => Number(Round(value, digits));

    public static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)v)]);
}
