using System.Text;
using System.Text.Json;

namespace GanPipeline;

// A layout as JSON, as it stands in a model's metadata.
public sealed partial class LabelLayout
{
    /// <summary>
    /// A JSON array of the fields, in the vector's order: <c>{"name":"class","kind":"categorical","values":["cat","dog"]}</c>,
    /// <c>{"name":"Smiling","kind":"binary"}</c>, <c>{"name":"yaw","kind":"numeric","low":0,"high":360}</c>.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var field in Fields) Write(json, field);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>
    /// Reads what <see cref="ToJson"/> wrote, or an array of strings, which are the values of the one field <c>class</c>.
    /// </summary>
    /// <exception cref="FormatException">The text is not such an array; the message says what is wrong.</exception>
    public static LabelLayout FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement[] items = [.. document.RootElement.EnumerateArray()];
            return items.All(item => item.ValueKind == JsonValueKind.String)
                ? FromFields([LabelField.Categorical(LabelField.Class, Texts(document.RootElement))])
                : FromFields([.. items.Select(Read)]);
        }
        // A wrong kind of element is an InvalidOperationException, a missing key a KeyNotFoundException.
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException($"The description of the labels cannot be read: {e.Message}", e);
        }
    }

    private static void Write(Utf8JsonWriter json, LabelField field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WriteString("kind", KindName(field.Kind));
        if (field.Kind == LabelKind.Categorical)
        {
            json.WriteStartArray("values");
            foreach (var value in field.Values) json.WriteStringValue(value);
            json.WriteEndArray();
        }
        if (field.Kind == LabelKind.Numeric)
        {
            json.WriteNumber("low", field.Low);
            json.WriteNumber("high", field.High);
        }
        json.WriteEndObject();
    }

    private static LabelField Read(JsonElement item)
    {
        var name = item.GetProperty("name").GetString()!;
        var kind = item.GetProperty("kind").GetString()!;
        return kind switch
        {
            "categorical" => LabelField.Categorical(name, Texts(item.GetProperty("values"))),
            "binary" => LabelField.Binary(name),
            "numeric" => LabelField.Numeric(name, item.GetProperty("low").GetDouble(), item.GetProperty("high").GetDouble()),
            _ => throw new FormatException($"The field '{name}' has the kind '{kind}', but must be categorical, binary or numeric."),
        };
    }

    private static string KindName(LabelKind kind) => kind switch
    {
        LabelKind.Categorical => "categorical",
        LabelKind.Binary => "binary",
        _ => "numeric",
    };

    private static List<string> Texts(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];
}
