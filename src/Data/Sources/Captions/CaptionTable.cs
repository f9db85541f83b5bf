using System.Text.Json;

namespace GanPipeline.Data;

/// <summary>
/// Captions of pictures by file: separated values with a header, or JSON lines. A picture may have several rows; in JSON lines a caption
/// may also be an array of texts.
/// </summary>
internal sealed class CaptionTable
{
    private const int Shown = 3;

    private static readonly string[] _fileNames = ["file", "file_name", "filename", "image", "image_name", "image_path", "path"],
        _captionNames = ["caption", "captions", "text", "sentence", "description", "comment", "prompt"];

    private readonly string _path;
    private readonly Dictionary<string, (int Line, List<string> Captions)> _rows = new(ComposedText.Comparer);
    private readonly HashSet<string> _empty = new(ComposedText.Comparer);

    private CaptionTable(string path, CancellationToken cancellationToken)
    {
        _path = path;
        var file = TableFile.Read(path, "table of captions", cancellationToken);
        var first = file.Lines().FirstOrDefault().Text ?? throw new DataSetException($"The table of captions {path} is empty.");
        var isJson = first.StartsWith('{');
        foreach (var (line, name, caption) in isJson ? Json(file) : Separated(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(line, name, caption);
        }
        if (_rows.Count == 0) throw new DataSetException($"The table of captions {path} has no caption.");
    }

    /// <exception cref="DataSetException">The file is missing or damaged; the message names the line.</exception>
    public static CaptionTable Read(string path, CancellationToken cancellationToken) => new(path, cancellationToken);

    /// <summary>The captions in a text, a line each, with single spaces.</summary>
    public static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line =>
        string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0);

    /// <summary>Finds the rows of each picture, by its path or the end of it.</summary>
    /// <param name="pictures">The paths of all pictures of the folder, whichever split they are of.</param>
    /// <param name="leftOut">Receives files of the table that are not there, and pictures whose captions are all empty.</param>
    /// <returns>By path; of pictures with captions.</returns>
    /// <exception cref="DataSetException">No name is a picture's, or one fits two.</exception>
    public Dictionary<string, string[]> Match(IReadOnlyList<string> pictures, List<SkippedImage> leftOut)
    {
        var captions = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var owners = new Dictionary<string, string>(ComposedText.Comparer);
        foreach (var picture in pictures)
        {
            var ends = FileNames.EndsOf(picture).ToList();
            if (ends.Find(_rows.ContainsKey) is { } name)
            {
                if (!owners.TryAdd(name, picture))
                    throw new DataSetException($"{_path}, line {_rows[name].Line}: '{name}' fits both {owners[name]} and {picture}. " +
                        "Write the paths as they are within the folder.");
                captions.Add(picture, [.. _rows[name].Captions]);
            }
            else if (ends.Exists(_empty.Contains))
            {
                leftOut.Add(new(picture, Reasons.EmptyCaption));
            }
        }
        var orphans = _rows.Keys.Where(name => !owners.ContainsKey(name)).ToList();
        if (captions.Count == 0)
            throw new DataSetException($"The table of captions {_path} matches none of the {pictures.Count} pictures: it names " +
                $"{FileNames.Some(orphans, Shown)}, the pictures are {FileNames.Some(pictures, Shown)}. Its column of files must hold " +
                "their names, with their endings.");
        leftOut.AddRange(orphans.Select(name => new SkippedImage(name, Reasons.NoPictureOfRow)));
        return captions;
    }

    private void Add(int line, string file, string caption)
    {
        var name = FileNames.Normalized(file);
        var text = string.Join(' ', Lines(caption));
        if (text.Length == 0)
        {
            _empty.Add(name);
            return;
        }
        if (_rows.TryGetValue(name, out var row)) row.Captions.Add(text);
        else _rows.Add(name, (line, [text]));
    }

    private IEnumerable<(int Line, string File, string Caption)> Separated(TableFile file)
    {
        if (file.Separator is null)
            throw new DataSetException($"The table of captions {_path} is neither separated by commas, semicolons or tabs, with a header " +
                "such as file,caption, nor JSON lines such as {\"file\": \"1.png\", \"caption\": \"a red brick\"}.");
        int[]? columns = null;
        var width = 0;
        foreach (var (line, cells) in file.Rows())
        {
            if (columns is null)
            {
                columns = [Column(cells, _fileNames, "files", line), Column(cells, _captionNames, "captions", line)];
                width = cells.Length;
                continue;
            }
            if (cells.Length != width)
                throw new DataSetException($"{_path}, line {line}: it has {cells.Length} values, but the header names {width} columns. " +
                    "Captions with separators stand in quotes.");
            if (cells[columns[0]].Length == 0) throw new DataSetException($"{_path}, line {line}: it names no file.");
            yield return (line, cells[columns[0]], cells[columns[1]]);
        }
    }

    private int Column(string[] header, string[] names, string what, int line)
    {
        var column = Array.FindIndex(header, cell => names.Contains(cell, StringComparer.OrdinalIgnoreCase));
        return column >= 0 ? column
            : throw new DataSetException($"{_path}, line {line}: the header '{FileNames.Some(header, Shown)}' has no column of {what}, " +
                $"which is named {string.Join(", ", names)}.");
    }

    private IEnumerable<(int Line, string File, string Caption)> Json(TableFile file)
    {
        foreach (var (line, text) in file.Lines())
        {
            var (name, captions) = JsonRow(text, line);
            foreach (var caption in captions) yield return (line, name, caption);
        }
    }

    private (string File, string[] Captions) JsonRow(string text, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var (file, caption) = (Property(root, _fileNames), Property(root, _captionNames));
            if (file?.GetString() is not { Length: > 0 } name || caption is not { } value)
                throw new DataSetException($"{_path}, line {line}: it needs a key for the file ({string.Join(", ", _fileNames)}) and one " +
                    $"for the captions ({string.Join(", ", _captionNames)}).");
            return (name, value.ValueKind == JsonValueKind.Array
                ? [.. value.EnumerateArray().Select(item => item.GetString() ?? "")]
                : [value.GetString() ?? ""]);
        }
        // Another kind of element than a text is an InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataSetException($"{_path}, line {line}: it is no JSON object with a file and captions as texts: {e.Message}", e);
        }
    }

    private static JsonElement? Property(JsonElement root, string[] names)
    {
        foreach (var property in root.EnumerateObject())
            if (names.Contains(property.Name, StringComparer.OrdinalIgnoreCase)) return property.Value;
        return null;
    }
}
