using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often examples of each class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private const int NameWidth = 9;

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
        var width = Math.Max(7, Math.Max(names.Max(name => name.Length), Counts.Max(row => row.Max(count => Text(count).Length))) + 1);
        var nameWidth = Math.Max(NameWidth, names.Max(name => name.Length));
        var rule = new string(' ', nameWidth + 1) + "||" + new string('=', Counts.Count * (width + 2)) + "\n";
        var table = new StringBuilder("\nConfusion table\n").Append(rule);
        Append("PREDICTED", names, "Recall");
        Append("TRUTH", null, null);
        for (var k = 0; k < Counts.Count; k++) Append(names[k], Counts[k].Select(Text), Rate(PerClassRecall[k]));
        table.Append(rule);
        Append("Precision", PerClassPrecision.Select(Rate), "");
        return table.ToString();

        void Append(string name, IEnumerable<string> cells, string last)
        {
            if (cells is null)
            {
                table.Append(name.PadRight(nameWidth)).Append(' ').Append(rule.AsSpan(nameWidth + 1));
                return;
            }
            table.Append(cells == names || last is "" ? name.PadRight(nameWidth) : name.PadLeft(nameWidth)).Append(" ||");
            foreach (var cell in cells) table.Append(cell.PadLeft(width)).Append(" |");
            table.Append(' ').Append(last).Append('\n');
        }
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static string Text(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(double share) => share.ToString("F4", CultureInfo.InvariantCulture);
}
