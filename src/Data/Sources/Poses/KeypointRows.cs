using System.Globalization;

namespace GanPipeline.Data;

/// <summary>Tables of keypoints with a row a keypoint: <c>file,name,x,y,visible</c>.</summary>
internal static class KeypointRows
{
    private static readonly string[] _files = ["file", "file_name", "filename", "image", "path"],
        _names = ["name", "keypoint", "point"], _x = ["x"], _y = ["y"], _visible = ["visible", "visibility", "v"];

    public static (IReadOnlyList<string> Names, List<KeypointRow> Rows) Read(TableFile table, string path)
    {
        if (table.Separator is null)
            throw new DataSetException($"The table of keypoints {path} has neither the header file,name,x,y,visible, separated by " +
                "commas, semicolons or tabs, nor name:keypoints_y:keypoints_x.");
        var (names, files) = (new List<string>(), new Dictionary<string, (int Line, Dictionary<string, (double, double)?> Points)>(
            ComposedText.Comparer));
        using var rows = table.Rows().GetEnumerator();
        rows.MoveNext();
        var header = rows.Current.Cells;
        var (file, name, x, y) = (Column(_files), Column(_names), Column(_x), Column(_y));
        var visible = Find(_visible);
        while (rows.MoveNext())
        {
            var (line, cells) = rows.Current;
            if (cells.Length != header.Length)
                throw new DataSetException($"{path}, line {line}: it has {cells.Length} values, but the header names {header.Length} " +
                    "columns.");
            if (cells[file].Length == 0 || cells[name].Length == 0)
                throw new DataSetException($"{path}, line {line}: it names no {(cells[file].Length == 0 ? "file" : "keypoint")}.");
            if (!names.Contains(cells[name])) names.Add(cells[name]);
            if (names.Count > 64)
                throw new DataSetException($"{path}, line {line}: '{cells[name]}' is the 65th keypoint; a pose has up to 64.");
            var own = FileNames.Normalized(cells[file]);
            if (!files.TryGetValue(own, out var points)) files.Add(own, points = (line, []));
            if (!points.Points.TryAdd(cells[name], Point(cells, line)))
                throw new DataSetException($"{path}, line {line}: {own} has the keypoint '{cells[name]}' a second time.");
        }
        return (names, [.. files.Select(row => new KeypointRow(row.Value.Line, row.Key,
            [.. names.Select(own => row.Value.Points.GetValueOrDefault(own))]))]);

        int Column(string[] known) => Find(known) is >= 0 and var at ? at
            : throw new DataSetException($"The table of keypoints {path} has no column '{known[0]}' in its header " +
                $"'{string.Join(',', header)}', which is file,name,x,y,visible, or name:keypoints_y:keypoints_x.");

        int Find(string[] known) => Array.FindIndex(header, cell => known.Contains(cell, StringComparer.OrdinalIgnoreCase));

        (double, double)? Point(string[] cells, int line) =>
            cells[x].Length == 0 || cells[y].Length == 0 || (visible >= 0 && Number(cells[visible], line) == 0) ? null
                : (Number(cells[x], line) + 0.5, Number(cells[y], line) + 0.5);

        double Number(string cell, int line) =>
            double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
                : throw new DataSetException($"{path}, line {line}: '{cell}' is not a number.");
    }
}
