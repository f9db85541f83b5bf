using System.Text;
using System.Text.Json;

namespace GanPipeline;

/// <summary>
/// Labels that occur: the values of some of a data set's pictures, attributes together. A generator that is asked for nothing, or for a part
/// of a label, takes the rest from one of them, so that it is not asked for what does not exist, such as a brick of one by four studs in a
/// set without one, or a bald man with blond hair.
/// </summary>
public sealed class LabelExamples
{
    /// <summary>So many pictures speak for a data set where no other number is given.</summary>
    public const int DefaultCount = 1000;

    /// <summary>Examples of given values.</summary>
    /// <param name="rows">At least one row: a value for each of the layout's fields.</param>
    public LabelExamples(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
    }

    /// <summary>At least one row: a value for each of the layout's fields, see <see cref="LabelLayout.EncodeFields"/>.</summary>
    public IReadOnlyList<float[]> Rows { get; }

    /// <summary>A JSON array of the rows, each an array of numbers: indices of categorical values, 0 or 1, or numbers as they are.</summary>
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
    /// <exception cref="FormatException">It is something else, or a value is none that its field has.</exception>
    public static LabelExamples FromJson(string json, LabelLayout layout)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(layout);
        float[][] rows;
        try
        {
            using var document = JsonDocument.Parse(json);
            rows = [.. document.RootElement.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray())];
        }
        // A wrong kind of element is an InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"These are no examples of labels: {e.Message}", e);
        }
        if (rows.Length == 0) throw new FormatException("There is no example of a label.");
        foreach (var row in rows)
        {
            if (row.Length != layout.Fields.Count) throw new FormatException($"An example of a label has {row.Length} values in the place of {layout.Fields.Count}.");
            for (var i = 0; i < row.Length; i++)
            {
                var field = layout.Fields[i];
                if (!float.IsFinite(row[i]) || (field.Choices > 0 && !(row[i] >= 0 && row[i] < field.Choices && row[i] == MathF.Floor(row[i]))))
                    throw new FormatException(FormattableString.Invariant($"An example of a label has the {field.Name} {row[i]}, which there is not."));
            }
        }
        return new(rows);
    }
}
