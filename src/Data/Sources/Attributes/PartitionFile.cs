using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// Which pictures are of which split, as CelebA's <c>list_eval_partition.txt</c> says: lines of a file's name and 0, 1 or 2, or the words
/// train, val and test; separated by spaces, or as in a table of attributes.
/// </summary>
internal sealed class PartitionFile
{
    private const int Train = 0, Test = 2;

    // Lists that are made by hand often have words.
    private static readonly Dictionary<string, int> _words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = Train, ["training"] = Train, ["val"] = 1, ["valid"] = 1, ["validation"] = 1, ["test"] = Test, ["testing"] = Test,
    };

    private readonly string _path;
    private readonly Dictionary<string, int> _parts = new(ComposedText.Comparer);

    private PartitionFile(string path)
    {
        _path = path;
        var file = TableFile.Read(path, "partition", CancellationToken.None);
        var rows = file.Separator is not null ? file.Rows().Select(row => (row.Line, row.Cells))
            : file.Lines().Select(line => (line.Number, line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        var isFirst = true;
        foreach (var (line, cells) in rows)
        {
            var part = cells.Length == 2 ? PartOf(cells[1]) : null;
            if (part is not null) Add(cells[0], part.Value, line);
            // A header is a first line of two names.
            else if (!isFirst || cells is not [_, [not (>= '0' and <= '9'), ..]])
            {
                throw new DataSetException($"{path}, line {line}: '{string.Join(' ', cells)}' is not a file's name and 0 (train), 1 " +
                    "(validation) or 2 (test).");
            }
            isFirst = false;
        }
    }

    /// <exception cref="DataSetException">The file is missing, or a line is of another form.</exception>
    public static PartitionFile Read(string path) => new(path);

    /// <summary>Whether a picture is of a split; none of those that the file does not name is.</summary>
    public bool IsIn(string picture, string split)
    {
        if (FileNames.EndsOf(picture).FirstOrDefault(_parts.ContainsKey) is not { } name) return false;
        return split switch { "train" => _parts[name] == Train, "test" => _parts[name] == Test, _ => true };
    }

    private static int? PartOf(string cell)
    {
        if (_words.TryGetValue(cell, out var part)) return part;
        return double.TryParse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is 0 or 1 or 2
            ? (int)number : null;
    }

    private void Add(string file, int part, int line)
    {
        if (!_parts.TryAdd(file.Replace('\\', '/'), part))
            throw new DataSetException($"{_path}, line {line}: '{file}' is named a second time.");
    }

    /// <exception cref="DataSetException">A picture is not named, and that is an error.</exception>
    public void Require(IReadOnlyList<string> pictures)
    {
        var strangers = pictures.Where(p => !FileNames.EndsOf(p).Any(_parts.ContainsKey)).ToList();
        if (strangers.Count == 0) return;
        throw new DataSetException($"The partition {_path} does not name {strangers.Count} of the {pictures.Count} pictures " +
            $"({FileNames.Some(strangers, 3)}). " +
            "Correct it, or leave them out (data.missing: leave-out).");
    }
}
