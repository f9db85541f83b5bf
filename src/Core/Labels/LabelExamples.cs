using System.Text;
using System.Text.Json;

namespace GanPipeline;

/// <summary>
/// Labels of some training images. A generator that is given no label, or a part of one, takes the missing values from one of these
/// examples. So all values of a label occur together in the training data: no bald person gets blond hair.
/// </summary>
public sealed class LabelExamples
{
    /// <summary>The default number of examples.</summary>
    public const int DefaultCount = 1000;

    /// <summary>Creates examples from values.</summary>
    /// <param name="rows">At least one row: a value for each of the layout's fields.</param>
    public LabelExamples(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
    }

    /// <summary>At least one row: a value for each of the layout's fields, see <see cref="LabelLayout.EncodeFields"/>.</summary>
    public IReadOnlyList<float[]> Rows { get; }

    /// <summary>
    /// A JSON array of the rows, each an array of numbers: indices of categorical values, 0 or 1, or numbers as they are.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var row in Rows)
            {
                json.WriteStartArray();
                foreach (var value in row) json.WriteNumberValue(value);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="layout">The fields that each row has a value of.</param>
    /// <exception cref="FormatException">The text is not such an array, or a value does not exist in its field.</exception>
    public static LabelExamples FromJson(string json, LabelLayout layout)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(layout);
        float[][] rows;
        try
        {
            using var document = JsonDocument.Parse(json);
            rows = [.. document.RootElement.EnumerateArray().Select(row =>
                row.EnumerateArray().Select(value => value.GetSingle()).ToArray())];
        }
        // A wrong kind of element is an InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"The label examples cannot be read: {e.Message}", e);
        }
        if (rows.Length == 0) throw new FormatException("There are no label examples.");
        foreach (var row in rows)
        {
            if (row.Length != layout.Fields.Count)
                throw new FormatException($"A label example has {row.Length} values, but must have {layout.Fields.Count}.");
            for (var i = 0; i < row.Length; i++)
            {
                var field = layout.Fields[i];
                if (!float.IsFinite(row[i])
                    || (field.Choices > 0 && !(row[i] >= 0 && row[i] < field.Choices && row[i] == MathF.Floor(row[i]))))
                    throw new FormatException(FormattableString.Invariant(
                        $"A label example has the {field.Name} {row[i]}, which does not exist."));
            }
        }
        return new(rows);
    }
}
