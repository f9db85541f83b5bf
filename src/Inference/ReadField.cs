using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanPipeline.Inference;

/// <summary>An attribute that a classifier reads from images.</summary>
/// <param name="Name">As in <c>class</c>, <c>color</c> or <c>Smiling</c>.</param>
/// <param name="Values">The names of its values, each with a logit; empty for an attribute that is absent or present, which has one logit.</param>
public sealed record ReadField(string Name, IReadOnlyList<string> Values)
{
    /// <summary>How many values there are to tell apart.</summary>
    public int Count => Math.Max(2, Values.Count);

    /// <summary>How many of the logits are its.</summary>
    public int Width => Math.Max(1, Values.Count);

    /// <summary>The name of a value that was read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such value.</exception>
    public string NameOf(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Count);
        return Values.Count > 0 ? Values[value] : value == 1 ? "present" : "absent";
    }

    /// <summary>The form in which a model file keeps them: <c>[{"name": "color", "values": ["red", "blue"]}, ...]</c>.</summary>
    public static string ToJson(IReadOnlyList<ReadField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        JsonNode?[] nodes =
            [.. fields.Select(f => new JsonObject { ["name"] = f.Name, ["values"] = new JsonArray([.. f.Values.Select(v => (JsonNode?)JsonValue.Create(v))]) })];
        return new JsonArray(nodes).ToJsonString();
    }

    /// <summary>Reads what <see cref="ToJson"/> writes, or the plain list of classes that older classifiers have; null where the text is neither.</summary>
    internal static IReadOnlyList<ReadField>? FromJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            JsonElement root = json.RootElement;
            if (root.GetArrayLength() == 0) return null;
            ReadField[] fields = root[0].ValueKind == JsonValueKind.String
                ? [new ReadField("class", Strings(root))]
                : [.. root.EnumerateArray().Select(f => new ReadField(f.GetProperty("name").GetString() ?? "", Strings(f.GetProperty("values"))))];
            return fields.All(f => f.Values.Count != 1) ? fields : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetString() ?? "")];
}
