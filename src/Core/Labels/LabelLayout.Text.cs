namespace GanPipeline;

// Labels as text: 7, airplane, or color=red, studs-wide=2.
public sealed partial class LabelLayout
{
    /// <summary>Reads a label.</summary>
    /// <param name="text">
    /// The value, if there is one field (<c>7</c>, <c>airplane</c>), or assignments separated by commas (<c>color=red, studs-wide=2</c>).
    /// The name of a binary field alone means yes.
    /// </param>
    /// <returns>A value for each of <see cref="Fields"/> (see <see cref="LabelField.Read"/>), NaN for fields that the text does not
    /// name.</returns>
    /// <exception cref="ArgumentException">
    /// A field or value does not exist, or is given twice. The message lists those that exist.
    /// </exception>
    public float[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Fields is [var only] && !text.TrimStart().StartsWith(only.Name + "=", StringComparison.Ordinal)) return [only.Read(text)];
        var values = new float[Fields.Count];
        Array.Fill(values, float.NaN);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals].TrimEnd();
            var place = Place(name);
            if (place < 0)
                throw new ArgumentException($"There is no label '{name}'; there are: {string.Join(", ", Fields.Select(f => f.Name))}.");
            if (!float.IsNaN(values[place])) throw new ArgumentException($"The label '{name}' is given twice in '{text}'.");
            if (equals < 0 && Fields[place].Kind != LabelKind.Binary)
                throw new ArgumentException($"The label '{name}' needs a value, as in " +
                    $"{name}={Fields[place].Write((float)Fields[place].Low)}; {Fields[place].Choice}.");
            values[place] = equals < 0 ? 1 : Fields[place].Read(part[(equals + 1)..]);
        }
        return values;
    }

    /// <summary>A value for each field, as <see cref="Parse"/> reads it.</summary>
    /// <param name="values">In the fields' order.</param>
    public string Describe(ReadOnlySpan<float> values)
    {
        if (values.Length != Fields.Count)
            throw new ArgumentException($"There are {Fields.Count} fields; got {values.Length} values.", nameof(values));
        if (Fields is [var only]) return only.Write(values[0]);
        var parts = new string[Fields.Count];
        for (var i = 0; i < parts.Length; i++) parts[i] = $"{Fields[i].Name}={Fields[i].Write(values[i])}";
        return string.Join(", ", parts);
    }

    private int Place(string name)
    {
        for (var i = 0; i < Fields.Count; i++)
            if (Fields[i].Name == name) return i;
        return -1;
    }
}
