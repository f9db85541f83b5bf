namespace GanPipeline;

/// <summary>
/// Reads assignments such as <c>color=red, Smiling, Hair=light, wavy</c>. A comma belongs to a value if there is such a value, and else
/// separates assignments; quotes around a name or a value settle it.
/// </summary>
internal sealed class LabelRequest(string text, IReadOnlyList<LabelField> fields)
{
    /// <summary>Whether the text begins with a field's name, alone or before an equals sign.</summary>
    public bool NamesAField => NameAt(0).Place >= 0;

    /// <summary>A value for each field; NaN for those that the text does not name.</summary>
    /// <exception cref="ArgumentException">A field or value does not exist, or is given twice.</exception>
    public float[] Read()
    {
        var values = new float[fields.Count];
        Array.Fill(values, float.NaN);
        for (var at = 0; at <= text.Length; at++)
        {
            var (place, end) = NameAt(at);
            if (place < 0) throw Unknown(at);
            var field = fields[place];
            if (!float.IsNaN(values[place])) throw new ArgumentException($"The label '{field.Name}' is given twice in '{text}'.");
            if (end < text.Length && text[end] == '=') (values[place], at) = ValueAt(field, end + 1);
            else if (field.Kind == LabelKind.Binary) (values[place], at) = (1, end);
            else
            {
                var example = LabelQuotes.Around(field.Write((float)field.Low));
                throw new ArgumentException(
                    $"The label '{field.Name}' needs a value, as in {LabelQuotes.Around(field.Name)}={example}; {field.Choice}.");
            }
        }
        return values;
    }

    /// <summary>The field whose name stands at a position, or -1, and the position of the equals sign, comma or end after it.</summary>
    private (int Place, int End) NameAt(int at)
    {
        at = AfterSpaces(at);
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            for (var place = 0; place < fields.Count; place++)
            {
                if (EndOfName(fields[place].Name, at, comparison) is >= 0 and var end) return (place, end);
            }
        }
        return (-1, at);
    }

    private int EndOfName(string name, int at, StringComparison comparison)
    {
        var end = LabelQuotes.End(text, at);
        if (end > at && LabelQuotes.Without(text.AsSpan(at, end - at)) is { } quoted && quoted.Equals(name, comparison))
            return IsEnd(AfterSpaces(end)) ? AfterSpaces(end) : -1;
        end = AfterSpaces(at + name.Length);
        return text.AsSpan(at).StartsWith(name, comparison) && IsEnd(end) ? end : -1;

        bool IsEnd(int place) => place == text.Length || text[place] is '=' or ',';
    }

    /// <summary>The value at a position: the longest that exists and that another assignment, or nothing, follows.</summary>
    private (float Value, int End) ValueAt(LabelField field, int from)
    {
        // No value has more commas than the field's names have, so that no more places need to be tried.
        var most = 1 + field.Values.Select(v => v.AsSpan().Count(',')).DefaultIfEmpty(0).Max();
        var ends = Commas(from).Append(text.Length).Take(most).ToArray();
        foreach (var end in ends.Reverse())
            if (IsFollowed(end) && field.TryRead(text[from..end], out var value)) return (value, end);

        if (field.TryRead(text[from..ends[0]], out _)) throw Unknown(ends[0] + 1);
        var whole = Commas(from).Append(text.Length).First(IsFollowed);
        return (field.Read(text[from..whole]), whole);

        bool IsFollowed(int end) => end == text.Length || NameAt(end + 1).Place >= 0;
    }

    /// <summary>The commas from a position on, but those in quotes that begin there.</summary>
    private IEnumerable<int> Commas(int from)
    {
        var at = LabelQuotes.End(text, AfterSpaces(from));
        for (at = text.IndexOf(',', at); at >= 0; at = text.IndexOf(',', at + 1)) yield return at;
    }

    private int AfterSpaces(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    private ArgumentException Unknown(int at)
    {
        var end = text.AsSpan(at).IndexOfAny('=', ',');
        var name = (end < 0 ? text[at..] : text.Substring(at, end)).Trim();
        return new($"There is no label '{name}'; there are: {string.Join(", ", fields.Select(f => LabelQuotes.Around(f.Name)))}.");
    }
}
