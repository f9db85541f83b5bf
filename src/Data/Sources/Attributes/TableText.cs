namespace GanPipeline.Data;

/// <summary>A row of a table as it was written.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="File">The picture's file, with forward slashes.</param>
/// <param name="Cells">A text for each column; null where the row has no value.</param>
internal readonly record struct TableRow(int Line, string File, string?[] Cells);

/// <summary>
/// The text of a table of attributes. Either CelebA's form (Liu et al. 2015): a line with the number of pictures, a line of names, then a
/// line for each file with its values, all separated by spaces. Or comma-separated values with a header, whose first column is the file.
/// </summary>
internal sealed class TableText
{
    private static readonly HashSet<string> _nothing = new(StringComparer.OrdinalIgnoreCase) {
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        "?" };

    private static readonly char[] _separators = [',', '\t', ';'];

    private readonly Dictionary<string, string> _texts = [];
    private readonly string _path;

    private TableText(string path, CancellationToken cancellationToken)
    {
        _path = path;
        var lines = ReadLines(path, cancellationToken);
        if (lines.Length == 0) throw new DataSetException($"The table {path} is empty.");
        IsCeleba = int.TryParse(lines[0].Text, out var count);
        if (IsCeleba) ReadCeleba(lines, count);
        else ReadSeparated(lines);
        if (Rows.Count == 0) throw new DataSetException($"The table {path} has a header but no rows.");
    }

    /// <summary>Whether it is of CelebA's form, where every value is -1 or 1.</summary>
    public bool IsCeleba { get; }

    public IReadOnlyList<string> Columns { get; private set; } = [];

    public List<TableRow> Rows { get; } = [];

    /// <exception cref="DataSetException">The file is missing, or of neither form; the message names the line.</exception>
    public static TableText Read(string path, CancellationToken cancellationToken) => new(path, cancellationToken);

    private void ReadCeleba((int Number, string Text)[] lines, int count)
    {
        if (lines.Length < 2) throw new DataSetException($"{_path} has no second line, where the names of the attributes belong.");
        Columns = Named(lines[1].Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), lines[1].Number);
        foreach (var (number, text) in lines.AsSpan(2))
        {
            var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            Add(number, parts[0], parts.AsSpan(1));
        }
        if (Rows.Count != count)
            throw new DataSetException($"{_path} says in its first line that it has {count} rows, but it has {Rows.Count}: it may be cut " +
                "short. " +
                "If it is complete, correct the number.");
    }

    private void ReadSeparated((int Number, string Text)[] lines)
    {
        var (number, header) = lines[0];
        var separator = _separators.FirstOrDefault(header.Contains);
        if (separator == default)
            throw new DataSetException($"{_path}, line {number}: '{Shorten(header)}' is neither a number of pictures, as in the first " +
                "line of CelebA's " +
                "tables, nor a header of columns separated by commas.");
        var names = Split(header, separator, number);
        Columns = Named([.. names.Skip(1)], number);
        foreach (var line in lines.AsSpan(1))
        {
            var parts = Split(line.Text, separator, line.Number);
            if (parts[0].Length == 0)
                throw new DataSetException($"{_path}, line {line.Number}: the first column, the file's name, is empty.");
            Add(line.Number, parts[0], parts.AsSpan(1));
        }
    }

    private void Add(int line, string file, ReadOnlySpan<string> cells)
    {
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

    /// <summary>
    /// The cells of a line (RFC 4180, one line a row): spaces around them do not count, quotes are doubled within quotes.
    /// </summary>
    private string[] Split(string line, char separator, int number)
    {
        var cells = new List<string>();
        for (var at = 0; at <= line.Length;)
        {
            while (at < line.Length && line[at] == ' ') at++;
            if (at == line.Length || line[at] != '"')
            {
                var end = line.IndexOf(separator, at);
                if (end < 0) end = line.Length;
                cells.Add(line[at..end].Trim());
                at = end + 1;
                continue;
            }
            var text = new System.Text.StringBuilder();
            for (at++; ; at++)
            {
                if (at >= line.Length) throw new DataSetException($"{_path}, line {number}: a quote is not closed.");
                if (line[at] != '"') text.Append(line[at]);
                else if (at + 1 < line.Length && line[at + 1] == '"') text.Append(line[at++]);
                else break;
            }
            at++;
            while (at < line.Length && line[at] == ' ') at++;
            if (at < line.Length && line[at] != separator)
                throw new DataSetException($"{_path}, line {number}: text follows a closed quote.");
            cells.Add(text.ToString());
            at++;
        }
        return [.. cells];
    }

    private static (int Number, string Text)[] ReadLines(string path, CancellationToken cancellationToken)
    {
        try
        {
            var lines = new List<(int, string)>();
            foreach (var (i, line) in File.ReadLines(path).Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (line.Trim(' ', '\r') is { Length: > 0 } text) lines.Add((i + 1, text));
            }
            return [.. lines];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"The table {path} cannot be read: {e.Message}", e);
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
