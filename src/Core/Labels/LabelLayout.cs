namespace GanPipeline;

/// <summary>
/// How attributes become the label vector of a conditional network (Mirza and Osindero 2014). The fields follow each other: a categorical
/// one as one-hot, a binary one as 0 or 1, a numeric one scaled from its range to [-1, 1].
/// </summary>
public sealed partial class LabelLayout
{
    private readonly int[] _places;

    private LabelLayout(IReadOnlyList<LabelField> fields, int[] places)
    {
        Fields = fields;
        _places = places;
        Size = fields.Sum(field => field.Width);
    }

    /// <summary>The fields, in the vector's order.</summary>
    public IReadOnlyList<LabelField> Fields { get; }

    /// <summary>For each field, its index among the attributes that the layout was selected from.</summary>
    public IReadOnlyList<int> AttributeIndices => _places;

    /// <summary>Numbers in a label vector; at least 1.</summary>
    public int Size { get; }

    /// <summary>The layout of some of a data set's attributes.</summary>
    /// <param name="available">The data set's attributes, in its order.</param>
    /// <param name="names">Which of them, in the vector's order; at least one, none twice.</param>
    /// <exception cref="ArgumentException">
    /// A name does not exist, which the message answers with those that do; or no name, or one twice.
    /// </exception>
    public static LabelLayout Select(IReadOnlyList<LabelField> available, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(available);
        ArgumentNullException.ThrowIfNull(names);
        var places = new int[names.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = available.ToList().FindIndex(a => a.Name == names[i]);
            if (places[i] < 0)
                throw new ArgumentException($"The pictures have no attribute '{names[i]}'; " +
                    (available.Count == 0 ? "they have none at all." : $"there are: {string.Join(", ", available.Select(a => a.Name))}."));
        }
        if (places.Length == 0 || places.Distinct().Count() < places.Length)
            throw new ArgumentException("A label needs one attribute or several different ones, but the names are " +
                $"'{string.Join(", ", names)}'.");
        return new LabelLayout([.. places.Select(p => available[p])], places);
    }

    /// <summary>The layout of all given fields, in their order.</summary>
    /// <param name="fields">At least one; no name twice.</param>
    /// <exception cref="ArgumentException">There is no field, a name is missing or occurs twice, or a field has no values.</exception>
    public static LabelLayout FromFields(IReadOnlyList<LabelField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Count == 0) throw new ArgumentException("A label needs at least one field.");
        foreach (var field in fields)
        {
            if (string.IsNullOrWhiteSpace(field.Name)) throw new ArgumentException("A field of a label has no name.");
            if (fields.Count(f => f.Name == field.Name) > 1)
                throw new ArgumentException($"Two fields of a label are called '{field.Name}'.");
            if (field.Width == 0 || (field.Kind == LabelKind.Numeric && !(field.Low < field.High)))
                throw new ArgumentException($"The field '{field.Name}' of a label has no values.");
        }
        return new LabelLayout([.. fields], [.. Enumerable.Range(0, fields.Count)]);
    }

    /// <summary>Writes the label vector of an image.</summary>
    /// <param name="values">A value for each attribute of the data set.</param>
    /// <param name="vector">Receives <see cref="Size"/> numbers.</param>
    public void Encode(ReadOnlySpan<float> values, Span<float> vector)
    {
        var at = 0;
        for (var i = 0; i < _places.Length; at += Fields[i++].Width)
            Fields[i].Encode(values[_places[i]], vector.Slice(at, Fields[i].Width));
    }

    /// <summary>Picks the values of <see cref="Fields"/> from all attributes of an image.</summary>
    /// <param name="values">A value for each attribute of the data set.</param>
    /// <param name="chosen">Receives a value for each field, in the fields' order.</param>
    public void Choose(ReadOnlySpan<float> values, Span<float> chosen)
    {
        for (var i = 0; i < _places.Length; i++) chosen[i] = values[_places[i]];
    }

    /// <summary>Writes the label vector of a value for each of <see cref="Fields"/>.</summary>
    /// <param name="values">In the fields' order: an index, 0 or 1, or a number, see <see cref="LabelField.Read"/>.</param>
    /// <param name="vector">Receives <see cref="Size"/> numbers.</param>
    public void EncodeFields(ReadOnlySpan<float> values, Span<float> vector)
    {
        var at = 0;
        for (var i = 0; i < Fields.Count; at += Fields[i++].Width)
            Fields[i].Encode(values[i], vector.Slice(at, Fields[i].Width));
    }

    /// <summary>
    /// Reads a label vector back into a value for each of <see cref="Fields"/>. A categorical field gets the value with the largest number.
    /// </summary>
    /// <param name="vector"><see cref="Size"/> numbers.</param>
    /// <param name="values">Receives them in the fields' order.</param>
    public void DecodeFields(ReadOnlySpan<float> vector, Span<float> values)
    {
        var at = 0;
        for (var i = 0; i < Fields.Count; at += Fields[i++].Width)
            values[i] = Fields[i].Decode(vector.Slice(at, Fields[i].Width));
    }
}
