using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GanPipeline;

// A vocabulary as JSON, as it stands in a model's metadata.
public sealed partial class Vocabulary
{
    /// <summary>The vocabulary as JSON: <c>{"unit":"word","length":16,"tokens":["a","red"]}</c>.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("unit", Unit == TextUnit.Word ? "word" : "character");
            json.WriteNumber("length", Length);
            json.WriteStartArray("tokens");
            foreach (var token in Tokens) json.WriteStringValue(token);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no vocabulary; the message says what is wrong.</exception>
    public static Vocabulary FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var unit = root.GetProperty("unit").GetString() switch
            {
                "word" => TextUnit.Word,
                "character" => TextUnit.Character,
                var other => throw new FormatException($"The vocabulary's unit is '{other}', but must be word or character."),
            };
            var number = root.GetProperty("length");
            if (!number.TryGetInt32(out var length) || length is < 1 or > VocabularyOptions.MostTokens)
                throw new FormatException($"The vocabulary's length is {number}, but must be from 1 to {VocabularyOptions.MostTokens}.");
            string[] tokens = [.. root.GetProperty("tokens").EnumerateArray().Select(token => token.GetString() ?? "")];
            if (tokens.Length == 0) throw new FormatException("The vocabulary has no tokens.");
            return new(unit, length, tokens);
        }
        // A wrong kind of element is an InvalidOperationException, a missing key a KeyNotFoundException, a word twice an ArgumentException.
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException($"The vocabulary cannot be read: {e.Message}", e);
        }
    }
}
