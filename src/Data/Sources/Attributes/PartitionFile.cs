using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// Which pictures are of which split, as CelebA's <c>list_eval_partition.txt</c> says: lines of a file's name and 0, 1 or 2.
/// </summary>
internal sealed class PartitionFile
{
    private const int Train = 0, Test = 2;

    private readonly string _path;
    private readonly Dictionary<string, int> _parts = new(ComposedText.Comparer);

    private PartitionFile(string path)
    {
        _path = path;
        try
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var cells = line.Split([' ', '\t', ',', ';', '\r'], StringSplitOptions.RemoveEmptyEntries);
                if (cells.Length == 0 || (number == 1 && cells is [_, [not (>= '0' and <= '9'), ..]])) continue; // empty, or a header
                if (cells.Length != 2 || !int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var part)
                    || part > Test)
                    throw new DataSetException($"{path}, line {number}: '{line.Trim()}' is not a file's name and 0 (train), 1 " +
                        "(validation) or 2 (test).");
                if (!_parts.TryAdd(cells[0].Replace('\\', '/'), part))
                    throw new DataSetException($"{path}, line {number}: '{cells[0]}' is named a second time.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"The partition {path} cannot be read: {e.Message}", e);
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
