using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// The numbers among the cells of a column. Decimals stand after a point or, in a column that has no points, after a comma, as spreadsheets
/// write them in half of the world.
/// </summary>
internal static class NumberCells
{
    /// <summary>The value of each of the cells that is a number.</summary>
    /// <param name="cells">A column's different cells.</param>
    /// <param name="separator">What separates the table's values.</param>
    /// <param name="problem">Why a cell cannot be read, with the cell itself; null if there is no such cell.</param>
    public static Dictionary<string, double> Read(
        IReadOnlyList<string> cells, char? separator, out (string Cell, string Reason)? problem)
    {
        problem = null;
        var numbers = new Dictionary<string, double>();
        foreach (var cell in cells)
            if (Number(cell) is { } number) numbers.Add(cell, number);
        var commas = cells.Where(HasDecimalComma).ToList();
        if (commas.Count == 0) return numbers;

        if (numbers.Keys.FirstOrDefault(cell => cell.Contains('.', StringComparison.Ordinal)) is { } point)
            problem = (commas[0], $"is a number with a comma, but '{point}' in the same column one with a point");
        else if (separator != ';' && commas.TrueForAll(LooksLikeThousands))
            problem = (commas[0], "may be a thousand times what its comma says: write it without the comma, or with a point for decimals");
        foreach (var cell in commas) numbers.Add(cell, Number(cell.Replace(',', '.'))!.Value);
        return numbers;
    }

    // Labels are single precision: what is infinite there is not a number that can be used.
    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite((float)value)
            ? value : null;

    private static bool HasDecimalComma(string cell) =>
        cell.AsSpan().Count(',') == 1 && !cell.Contains('.', StringComparison.Ordinal) && Number(cell.Replace(',', '.')) is not null;

    private static bool LooksLikeThousands(string cell)
    {
        var digits = cell.AsSpan().TrimStart("+-");
        return digits.Length > 4 && digits.Length <= 7 && digits[^4] == ',' && digits[0] is >= '1' and <= '9'
            && digits[^3..].IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
