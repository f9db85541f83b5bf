using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>How often examples of each class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private const int RateWidth = 6;

    private readonly IReadOnlyList<string> names;

    /// <param name="counts">Rows are the actual classes, columns the predicted ones.</param>
    /// <param name="names">The names of the classes.</param>
    internal ConfusionMatrix(double[][] counts, IReadOnlyList<string> names)
    {
        (Counts, this.names) = (counts, names);
        var classes = Enumerable.Range(0, counts.Length).ToArray();
        PerClassRecall = [.. classes.Select(k => Share(counts[k][k], counts[k].Sum()))];
        PerClassPrecision = [.. classes.Select(k => Share(counts[k][k], counts.Sum(row => row[k])))];
    }

    /// <summary>The counts: a row for each actual class, in it a column for each predicted one.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses => Counts.Count;

    /// <summary>For each class, the part of what was taken for it that is of it; 0 where nothing was.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>For each class, the part of it that was taken for it; 0 where there is none of it.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>The counts as a table in text, with recalls at the right and precisions below.</summary>
    public string GetFormattedConfusionTable()
    {
        var counts = Counts.Select(row => row.Select(count => count.ToString("F0", CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var width = Math.Max(RateWidth, names.Concat(counts.SelectMany(row => row)).Max(text => text.Length) + 1);
        var nameWidth = Math.Max("PREDICTED".Length, names.Max(name => name.Length));
        var rule = "||" + new string('=', NumberOfClasses * (width + 2));
        var lines = new List<string> { "", "Confusion table", new string(' ', nameWidth + 1) + rule };
        lines.Add($"{"PREDICTED".PadRight(nameWidth)} {Cells(names)} Recall");
        lines.Add($"{"TRUTH".PadRight(nameWidth)} {rule}");
        for (var k = 0; k < NumberOfClasses; k++) lines.Add($"{names[k].PadLeft(nameWidth)} {Cells(counts[k])} {Rate(PerClassRecall[k])}");
        lines.Add(lines[2]);
        lines.Add($"{"Precision".PadRight(nameWidth)} {Cells(PerClassPrecision.Select(Rate))}");
        return string.Join('\n', lines) + "\n";

        string Cells(IEnumerable<string> texts) => "||" + string.Concat(texts.Select(text => text.PadLeft(width) + " |"));
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static string Rate(double share) => share.ToString("F4", CultureInfo.InvariantCulture);
}
