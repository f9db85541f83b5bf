namespace GanPipeline;

// Labels as text: 7, airplane, or color=red, studs-wide=2 (LabelRequest reads the latter).
public sealed partial class LabelLayout
{
    /// <summary>Reads a label.</summary>
    /// <param name="text">
    /// The value, if there is one field (<c>7</c>, <c>airplane</c>), or assignments separated by commas (<c>color=red, studs-wide=2</c>).
    /// The name of a binary field alone means yes (<c>Smiling</c>). Values may contain commas (<c>Hair=light, wavy</c>), and names and
    /// values may stand in quotes, double or single, which settle what belongs together (<c>Hair="light, wavy", Smiling</c>).
    /// </param>
    /// <returns>A value for each of <see cref="Fields"/> (see <see cref="LabelField.Read"/>), NaN for fields that the text does not
    /// name.</returns>
    /// <exception cref="ArgumentException">
    /// A field or value does not exist, or is given twice. The message lists those that exist.
    /// </exception>
    public float[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var request = new LabelRequest(text, Fields);
        if (Fields is not [var only]) return request.Read();
        return only.TryRead(text, out var value) ? [value] : request.NamesAField ? request.Read() : [only.Read(text)];
    }

    /// <summary>A value for each field, as <see cref="Parse"/> reads it.</summary>
    /// <param name="values">In the fields' order.</param>
    public string Describe(ReadOnlySpan<float> values)
    {
        if (values.Length != Fields.Count)
            throw new ArgumentException($"There are {Fields.Count} fields; got {values.Length} values.", nameof(values));
        if (Fields is [var only]) return only.Write(values[0]);
        var parts = new string[Fields.Count];
        for (var i = 0; i < parts.Length; i++) 
            parts[i] = $"{LabelQuotes.Around(Fields[i].Name)}={LabelQuotes.Around(Fields[i].Write(values[i]))}";
        return string.Join(", ", parts);
    }
}
