using System.Globalization;

namespace GanPipeline;

// A field's values as text.
public sealed partial record LabelField
{
    /// <summary>
    /// Reads a value. Categorical: one of the names, or an index if no name is a number. Binary: yes or no, true or false, 1 or 0 (or -1).
    /// Numeric: a number within the range. Numbers are compared by value: 7.0 is the name 7.
    /// </summary>
    /// <param name="text">As in <c>airplane</c>, <c>7</c>, <c>yes</c> or <c>42.5</c>, with quotes around it or without. Case matters only
    /// if two names differ in nothing else.</param>
    /// <returns>The index, 0 or 1, or the number.</returns>
    /// <exception cref="ArgumentException">There is no such value; the message says which there are.</exception>
    public float Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryRead(text, out var value) ? value : throw new ArgumentException($"There is no {Name} '{text.Trim()}'; {Choice}.");
    }

    /// <summary>As <see cref="Read"/>, but says false where there is no such value.</summary>
    internal bool TryRead(string text, out float value)
    {
        value = ValueOf(text.Trim());
        if (float.IsNaN(value) && LabelQuotes.Without(text) is { } quoted) value = ValueOf(quoted);
        return !float.IsNaN(value);
    }

    /// <summary>Writes a value as <see cref="Read"/> reads it.</summary>
    /// <param name="value">An index, 0 or 1, or a number.</param>
    public string Write(float value) => Kind switch
    {
        LabelKind.Categorical => Values[(int)value],
        LabelKind.Binary => value > 0 ? "yes" : "no",
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>The possible values as text: <c>red, "light, wavy"</c>, <c>yes or no</c>, or <c>0 to 360</c>.</summary>
    public string Domain => Kind switch
    {
        LabelKind.Categorical => string.Join(", ", Values.Select(LabelQuotes.Around)),
        LabelKind.Binary => "yes or no",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Low:0.####} to {High:0.####}"),
    };

    /// <summary>The possible values, as the end of an error message.</summary>
    internal string Choice => Domain.Insert(0, Kind switch
    {
        LabelKind.Categorical => "there are: ",
        LabelKind.Binary => "it is ",
        _ => "it is a number from ",
    });

    private float ValueOf(string text) => Kind switch
    {
        LabelKind.Categorical => Index(text),
        LabelKind.Binary => Bit(text),
        _ => Number(text) is { } number && number >= Low && number <= High ? (float)number : float.NaN,
    };

    private float Index(string text)
    {
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            for (var i = 0; i < Values.Count; i++)
                if (string.Equals(Values[i], text, comparison)) return i;
        }
        if (Number(text) is not { } number) return float.NaN;
        var numbers = Values.Select(Number).ToArray();
        if (Array.TrueForAll(numbers, n => n is null))
            return number >= 0 && number < Values.Count && number == Math.Floor(number) ? (float)number : float.NaN;
        var place = Array.IndexOf(numbers, number);
        return place >= 0 && place == Array.LastIndexOf(numbers, number) ? place : float.NaN;
    }

    private static float Bit(string text) => text.ToUpperInvariant() switch
    {
        "YES" or "TRUE" => 1,
        "NO" or "FALSE" => 0,
        _ => Number(text) switch { 1 => 1, 0 or -1 => 0, _ => float.NaN },
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
