using System.Globalization;

namespace GanPipeline.Data;

/// <summary>A column's kind, and how its cells become values.</summary>
internal sealed class AttributeColumn
{
    private static readonly (string Yes, string No)[] _words = [("true", "false"), ("yes", "no")];

    private readonly Dictionary<string, float> _values;

    private AttributeColumn(LabelField field, Dictionary<string, float> values) => (Field, _values) = (field, values);

    public LabelField Field { get; }

    /// <summary>The value of one of the column's cells.</summary>
    public float this[string cell] => _values[cell];

    /// <exception cref="DataSetException">Most cells are numbers, but not all; the message names the line.</exception>
    public static AttributeColumn Read(string name, int column, TableText text, string path)
    {
        var cells = text.Rows.Where(row => row.Cells[column] is not null).Select(row => (row.Line, Cell: row.Cells[column]!)).ToList();
        var different = cells.Select(c => c.Cell).Distinct().ToList();
        var numbers = NumberCells.Read(different, text.Separator, out var problem);
        if (text.IsCeleba && different.Find(c => !numbers.TryGetValue(c, out var n) || n is not (1 or -1)) is { } wrong)
            throw Wrong(wrong, "but must be -1 or 1.");
        if (name == LabelField.Class) return Classes(different, numbers);
        if (numbers.Count == 0) return Yes(name, different) ?? Categorical(name, different.Order(StringComparer.Ordinal), different);

        var count = cells.Count(c => numbers.ContainsKey(c.Cell));
        if (2 * count < cells.Count) return Categorical(name, different.Order(StringComparer.Ordinal), different);
        if (problem is { } p) throw new DataSetException($"{path}, line {LineOf(p.Cell)}: the {name} '{p.Cell}' {p.Reason}.");
        if (different.Find(c => !numbers.ContainsKey(c)) is { } word)
            throw Wrong(word, $"but {count} of the column's {cells.Count} values are numbers. Correct it; if its values are names, write " +
                "none of them as a number.");
        if (numbers.Values.All(n => n is 0 or 1) || numbers.Values.All(n => n is -1 or 1))
            return new(LabelField.Binary(name), numbers.ToDictionary(n => n.Key, n => n.Value == 1 ? 1f : 0f));
        return new(LabelField.Numeric(name, numbers.Values.Min(), numbers.Values.Max()),
            numbers.ToDictionary(n => n.Key, n => (float)n.Value));

        int LineOf(string cell) => cells.First(c => c.Cell == cell).Line;

        DataSetException Wrong(string cell, string rest) => new($"{path}, line {LineOf(cell)}: '{name}' is '{cell}', {rest}");
    }

    /// <summary>Classes are names even if they are numbers. 7.0, which is how some programs write whole numbers, is the class 7.</summary>
    private static AttributeColumn Classes(List<string> cells, Dictionary<string, double> numbers)
    {
        var names = cells.ToDictionary(cell => cell, cell => numbers.TryGetValue(cell, out var number) && !IsName(cell)
            ? number.ToString(CultureInfo.InvariantCulture) : cell);
        var sorted = numbers.Count == cells.Count
            ? cells.OrderBy(cell => numbers[cell]).ThenBy(cell => cell, StringComparer.Ordinal)
            : cells.Order(StringComparer.Ordinal);
        return Categorical(LabelField.Class, sorted.Select(cell => names[cell]).Distinct(), cells, names);
    }

    // Leading zeros stay: 007 is a name. A comma means what it does to its writer.
    private static bool IsName(string cell) =>
        cell.Contains(',', StringComparison.Ordinal) || cell.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0;

    private static AttributeColumn? Yes(string name, List<string> cells)
    {
        foreach (var (yes, no) in _words)
        {
            if (cells.TrueForAll(cell => Is(cell, yes) || Is(cell, no)))
                return new(LabelField.Binary(name), cells.ToDictionary(cell => cell, cell => Is(cell, yes) ? 1f : 0f));
        }
        return null;

        static bool Is(string cell, string word) => cell.Equals(word, StringComparison.OrdinalIgnoreCase);
    }

    private static AttributeColumn Categorical(
        string name, IEnumerable<string> values, List<string> cells, Dictionary<string, string>? names = null)
    {
        string[] all = [.. values];
        var places = all.Select((value, place) => (value, place)).ToDictionary(v => v.value, v => (float)v.place);
        return new(LabelField.Categorical(name, all), cells.ToDictionary(cell => cell, cell => places[names?[cell] ?? cell]));
    }
}
