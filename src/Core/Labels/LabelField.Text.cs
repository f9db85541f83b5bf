using System.Globalization;

namespace GanPipeline;

// A field's values as text.
public sealed partial record LabelField
{
    /// <summary>
    /// Reads a value. Categorical: one of the names, or an index if no name is a number. Binary: yes or no, true or false, 1 or 0.
    /// Numeric: a number within the range.
    /// </summary>
    /// <param name="text">As in <c>airplane</c>, <c>7</c>, <c>yes</c> or <c>42.5</c>. Case matters only if two names differ in nothing
    /// else.</param>
    /// <returns>The index, 0 or 1, or the number.</returns>
    /// <exception cref="ArgumentException">There is no such value; the message says which there are.</exception>
    public float Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        var value = Kind switch
        {
            LabelKind.Categorical => Index(text),
            LabelKind.Binary => Bit(text),
            _ => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= Low && number <= High
                ? number : float.NaN,
        };
        return float.IsNaN(value) ? throw new ArgumentException($"There is no {Name} '{text}'; {Choice}.") : value;
    }

    /// <summary>Writes a value as <see cref="Read"/> reads it.</summary>
    /// <param name="value">An index, 0 or 1, or a number.</param>
    public string Write(float value) => Kind switch
    {
        LabelKind.Categorical => Values[(int)value],
        LabelKind.Binary => value > 0 ? "yes" : "no",
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>The possible values as text: <c>red, blue</c>, <c>yes or no</c>, or <c>0 to 360</c>.</summary>
    public string Domain => Kind switch
    {
        LabelKind.Categorical => string.Join(", ", Values),
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

    private float Index(string text)
    {
        foreach (var comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            for (var i = 0; i < Values.Count; i++)
                if (string.Equals(Values[i], text, comparison)) return i;
        }
        var isIndex = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Values.Count;
        return isIndex && !Values.Any(v => int.TryParse(v, out _)) ? index : float.NaN;
    }

    private static float Bit(string text) => text.ToUpperInvariant() switch
    {
        "YES" or "TRUE" or "1" => 1,
        "NO" or "FALSE" or "0" => 0,
        _ => float.NaN,
    };
}
