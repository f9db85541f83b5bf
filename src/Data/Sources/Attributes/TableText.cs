using System.Globalization;

namespace GanPipeline.Data;

/// <summary>A row of a table as it was written.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="File">The picture's file, with forward slashes.</param>
/// <param name="Cells">A text for each column; null where the row has no value.</param>
internal readonly record struct TableRow(int Line, string File, string?[] Cells);

/// <summary>
/// The text of a table of attributes. Either CelebA's form (Liu et al. 2015): a line with the number of pictures, a line of names, then a
/// line for each file with its values, all separated by spaces. Or separated values with a header, whose first column is the file.
/// </summary>
internal sealed class TableText
{
    private static readonly HashSet<string> _nothing =
        new(StringComparer.OrdinalIgnoreCase) { "", "na", "n/a", "nan", "null", "none", "?" };

    private readonly Dictionary<string, string> _texts = [];
    private readonly string _path;
    private readonly CancellationToken _cancellationToken;

    private TableText(string path, CancellationToken cancellationToken)
    {
        (_path, _cancellationToken) = (path, cancellationToken);
        var file = TableFile.Read(path, "table", cancellationToken);
        Separator = file.Separator;
        var first = file.Lines().FirstOrDefault();
        if (first.Text is null) throw new DataSetException($"The table {path} is empty.");
        IsCeleba = int.TryParse(first.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        if (IsCeleba) ReadCeleba([.. file.Lines()], count);
        else if (Separator is not null) ReadSeparated(file);
        else
        {
            throw new DataSetException($"{path}, line {first.Number}: '{Shorten(first.Text)}' is neither a number of pictures, as in the " +
                "first line of CelebA's tables, nor a header of columns separated by commas, semicolons or tabs.");
        }
        if (Rows.Count == 0) throw new DataSetException($"The table {path} has a header but no rows.");
    }

    /// <summary>Whether it is of CelebA's form, where every value is -1 or 1.</summary>
    public bool IsCeleba { get; }

    /// <summary>What separates the values; null in CelebA's form.</summary>
    public char? Separator { get; }

    public IReadOnlyList<string> Columns { get; private set; } = [];

    public List<TableRow> Rows { get; } = [];

    /// <exception cref="DataSetException">The file is missing, or of neither form; the message names the line.</exception>
    public static TableText Read(string path, CancellationToken cancellationToken) => new(path, cancellationToken);

    private void ReadCeleba((int Number, string Text)[] lines, int count)
    {
        if (lines.Length < 2) throw new DataSetException($"{_path} has no second line, where the names of the attributes belong.");
        Columns = Named(Words(lines[1].Text), lines[1].Number);
        foreach (var (number, text) in lines.AsSpan(2))
        {
            var parts = Words(text);
            Add(number, parts[0], parts.AsSpan(1));
        }
        if (Rows.Count != count)
        {
            throw new DataSetException($"{_path} says in its first line that it has {count} rows, but it has {Rows.Count}: it may be cut " +
                "short. If it is complete, correct the number.");
        }

        static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private void ReadSeparated(TableFile file)
    {
        var hasHeader = false;
        foreach (var (line, cells) in file.Rows())
        {
            if (!hasHeader)
            {
                RequireHeader(cells, line);
                Columns = Named(cells[1..], line);
                hasHeader = true;
                continue;
            }
            if (cells[0].Length == 0)
                throw new DataSetException($"{_path}, line {line}: the first column, the file's name, is empty.");
            Add(line, cells[0], cells.AsSpan(1));
        }
    }

    // Taken for a header, the first row would silently be a picture less.
    private void RequireHeader(string[] cells, int line)
    {
        if (Path.HasExtension(cells[0]) && cells.Length > 1 && cells.Skip(1).All(c => NumberCells.Read([c], Separator, out _).Count > 0))
            throw new DataSetException($"{_path}, line {line}: the first line must name the columns, as in 'file{Separator}Smiling', but " +
                $"it holds the values of {cells[0]}.");
    }

    private void Add(int line, string file, ReadOnlySpan<string> cells)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (cells.Length > Columns.Count)
            throw new DataSetException($"{_path}, line {line}: it has {cells.Length} values, but the header names {Columns.Count} " +
                "attributes.");
        var row = new string?[Columns.Count];
        for (var i = 0; i < cells.Length; i++) row[i] = _nothing.Contains(cells[i]) ? null : Shared(cells[i]);
        var path = file.Replace('\\', '/');
        Rows.Add(new TableRow(line, path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path, row));
    }

    // A table of millions of cells has few different ones.
    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out var known)) return known;
        return _texts[text] = text;
    }

    private string[] Named(string[] names, int line)
    {
        if (names.Length == 0) throw new DataSetException($"{_path}, line {line}: it names no attribute.");
        if (names.Any(string.IsNullOrWhiteSpace))
            throw new DataSetException($"{_path}, line {line}: column {Array.FindIndex(names, string.IsNullOrWhiteSpace) + 2} has no " +
                "name.");
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DataSetException($"{_path}, line {line}: it names '{twice.Key}' twice.");
        return names;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
