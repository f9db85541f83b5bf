using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>A value that a pipeline runs with, and where it comes from.</summary>
/// <param name="Section">As in <c>train</c>.</param>
/// <param name="Key">Within the section, as in <c>steps</c> or <c>bricks.yaw</c>.</param>
/// <param name="Value">The value in use.</param>
/// <param name="From">A line of a file, a --set, or "default".</param>
internal sealed record SettingSource(string Section, string Key, JsonNode? Value, string From)
{
    public const string Default = "default";

    /// <summary>The value as --set takes it.</summary>
    public string Text => TextOf(Value);

    /// <summary>All values of a pipeline, section by section.</summary>
    public static IReadOnlyList<SettingSource> Of(PipelineOptions options)
    {
        var values = options.ToJson();
        values["report"] = options.ToJson("report");
        return
        [
            .. from section in values
               where section.Value is JsonObject
               let written = options.Written.Pipeline.Find(section.Key)?.Value as ConfigMap
               from setting in Leaves((JsonObject)section.Value!, written, "")
               select setting with { Section = section.Key },
        ];
    }

    private static IEnumerable<SettingSource> Leaves(JsonObject values, ConfigMap? written, string path) => values.SelectMany(v =>
        v.Value is JsonObject below
            ? Leaves(below, written?.Find(v.Key)?.Value as ConfigMap, path + v.Key + ".")
            : [new("", path + v.Key, v.Value, written?.Find(v.Key)?.Source.ToString() ?? Default)]);

    /// <summary>A value as --set takes it; empty for none.</summary>
    public static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => $"[{string.Join(", ", list.Select(TextOf))}]",
        JsonValue text when text.TryGetValue<string>(out var s) => s,
        _ => value.ToJsonString(),
    };
}
