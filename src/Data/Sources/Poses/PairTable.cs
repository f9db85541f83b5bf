namespace GanPipeline.Data;

/// <summary>A table of pairs: CSV with columns <c>from</c> and <c>to</c>.</summary>
internal static class PairTable
{
    private const string Train = "-train", Test = "-test";

    /// <summary>The table of the same name but for <c>-test</c> in place of <c>-train</c>; null where there is none.</summary>
    public static string? TestOf(string path)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        if (!stem.EndsWith(Train, StringComparison.OrdinalIgnoreCase)) return null;
        var test = Path.Combine(Path.GetDirectoryName(path) ?? "", stem[..^Train.Length] + Test + Path.GetExtension(path));
        return File.Exists(test) ? test : null;
    }

    /// <summary>The rows, with forward slashes in the names.</summary>
    /// <exception cref="DataSetException">The file is missing or of another form; the message names the line.</exception>
    public static List<(int Line, string From, string To)> Read(string path, CancellationToken cancellationToken)
    {
        var table = TableFile.Read(path, "table of pairs", cancellationToken);
        SeparatedRow[] rows = table.Separator is null ? [] : [.. table.Rows()];
        var (from, to) = rows.Length == 0 ? (-1, -1) : (Column(rows[0], "from"), Column(rows[0], "to"));
        if (from < 0 || to < 0)
            throw new DataSetException($"The table of pairs {path} has no header with the columns from and to, separated by commas, " +
                "semicolons or tabs.");
        if (rows.Length == 1) throw new DataSetException($"The table of pairs {path} has a header and no pair.");
        return [.. rows.Skip(1).Select(row => row.Cells.Length == rows[0].Cells.Length && row.Cells[from].Length > 0
            && row.Cells[to].Length > 0
            ? (row.Line, FileNames.Normalized(row.Cells[from]), FileNames.Normalized(row.Cells[to]))
            : throw new DataSetException($"{path}, line {row.Line}: '{string.Join(',', row.Cells)}' does not name two pictures under the " +
                $"header '{string.Join(',', rows[0].Cells)}'."))];
    }

    private static int Column(SeparatedRow header, string name) =>
        Array.FindIndex(header.Cells, cell => cell.Equals(name, StringComparison.OrdinalIgnoreCase));
}
