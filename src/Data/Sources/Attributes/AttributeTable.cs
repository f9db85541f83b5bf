namespace GanPipeline.Data;

/// <summary>
/// Attributes of pictures by file. Cells are read by value: a column of 0 and 1 (or 1.0), of -1 and 1, of true and false or of yes and no
/// is binary; one of numbers is numeric, from its least to its greatest; one of anything else is categorical, its values in alphabetical
/// order, and so is one of the name "class".
/// </summary>
internal sealed class AttributeTable
{
    private const int Shown = 3;

    private readonly string _path;
    private readonly Dictionary<string, (int Line, float[] Values)> _rows = new(ComposedText.Comparer);
    private readonly HashSet<string> _leftOut = new(ComposedText.Comparer);

    private AttributeTable(string path, bool leaveOutMissing, CancellationToken cancellationToken)
    {
        _path = path;
        var text = TableText.Read(path, cancellationToken);
        RequireValues(text, leaveOutMissing);
        var columns = text.Columns.Select((name, column) => AttributeColumn.Read(name, column, text, path)).ToArray();
        Fields = [.. columns.Select(c => c.Field)];
        foreach (var row in text.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_rows.TryGetValue(row.File, out var first))
                throw new DataSetException($"{path}, line {row.Line}: '{row.File}' is named a second time; the first is on line " +
                    $"{first.Line}.");
            if (row.Cells.Contains(null)) _leftOut.Add(row.File);
            _rows.Add(row.File, (row.Line, [.. columns.Select((c, i) => row.Cells[i] is { } cell ? c[cell] : float.NaN)]));
        }
    }

    public IReadOnlyList<LabelField> Fields { get; }

    /// <exception cref="DataSetException">
    /// The file is missing or damaged, or a row lacks a value and may not; the message names the line.
    /// </exception>
    public static AttributeTable Read(string path, bool leaveOutMissing, CancellationToken cancellationToken = default) =>
        new(path, leaveOutMissing, cancellationToken);

    /// <summary>
    /// Finds the row of each picture: by its path within the folder, or by the end of that path, because tables often lack the folders'
    /// names.
    /// </summary>
    /// <param name="pictures">The paths of all pictures of the folder, whichever split they are of.</param>
    /// <param name="leaveOut">Whether pictures and rows without each other are left out, or an error.</param>
    /// <returns>By path, a value for each field; pictures that are left out are not in it.</returns>
    /// <exception cref="DataSetException">Names do not match; the message says how many, with examples.</exception>
    public IReadOnlyDictionary<string, float[]> Match(IReadOnlyList<string> pictures, bool leaveOut)
    {
        var matched = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(ComposedText.Comparer);
        var strangers = new List<string>();
        foreach (var picture in pictures)
        {
            if (FileNames.EndsOf(picture).FirstOrDefault(_rows.ContainsKey) is not { } name)
            {
                strangers.Add(picture);
                continue;
            }
            if (!owners.TryAdd(name, picture))
                throw new DataSetException($"{_path}, line {_rows[name].Line}: '{name}' fits both {owners[name]} and {picture}. " +
                    "Write the paths as they are within the folder.");
            if (!_leftOut.Contains(name)) matched[picture] = _rows[name].Values;
        }
        var orphans = _rows.Keys.Where(name => !owners.ContainsKey(name)).ToList();
        if (owners.Count == 0)
        {
            throw new DataSetException($"The table {_path} matches none of the {pictures.Count} pictures: it names " +
                $"{FileNames.Some(orphans, Shown)}, " +
                $"the pictures are {FileNames.Some(strangers, Shown)}. Its first column must hold the files' names, with their endings.");
        }
        if (leaveOut || strangers.Count + orphans.Count == 0) return matched;
        throw new DataSetException($"The table {_path} and the pictures do not match: " +
            string.Join("; ", new[] { Complaint(strangers, "of the pictures are not in the table"), Complaint(orphans, "of its rows have " +
                "no picture") }.Where(c => c.Length > 0)) +
            ". Correct it, or leave out what has no counterpart (data.missing: leave-out).");

        static string Complaint(List<string> names, string what) => names.Count == 0 ? "" : $"{names.Count} {what} " +
            $"({FileNames.Some(names, Shown)})";
    }

    private void RequireValues(TableText text, bool leaveOutMissing)
    {
        var without = text.Rows.Where(r => r.Cells.Contains(null)).ToList();
        if (leaveOutMissing && without.Count == text.Rows.Count)
            throw new DataSetException($"Every row of the table {_path} lacks a value, in line {without[0].Line} that of " +
                $"'{First(without[0])}'.");
        if (leaveOutMissing || without.Count == 0) return;
        var (one, more) = (without[0], without.Count - 1);
        throw new DataSetException($"{_path}, line {one.Line}: {one.File} has no value of '{First(one)}' (column " +
            $"{Array.IndexOf(one.Cells, null) + 2})" +
            (more > 0 ? $", and {more} more {(more == 1 ? "row lacks" : "rows lack")} one"
                : "") + ". Fill it in, or leave such rows out (data.missing: leave-out).");

        string First(TableRow row) => text.Columns[Array.IndexOf(row.Cells, null)];
    }
}
