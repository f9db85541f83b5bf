using System.Globalization;

namespace GanPipeline.Data;

/// <summary>Where the keypoints of pictures are, by file: see <see cref="DataOptions.Keypoints"/> for the two forms of the file.</summary>
public sealed class KeypointTable
{
    private const string Names18 = "nose,neck,right shoulder,right elbow,right wrist,left shoulder,left elbow,left wrist,right hip," +
        "right knee,right ankle,left hip,left knee,left ankle,right eye,left eye,right ear,left ear";

    private readonly Dictionary<string, (double X, double Y)?[]> _rows;

    private KeypointTable(string path, IReadOnlyList<string> names, List<KeypointRow> rows)
    {
        (Path, Names) = (path, names);
        Files = [.. rows.Select(row => row.File)];
        _rows = rows.ToDictionary(row => row.File, row => row.Points, ComposedText.Comparer);
    }

    /// <summary>The points in the order in which OpenPose gives the 18 of COCO.</summary>
    public static IReadOnlyList<string> OpenPoseNames { get; } = Names18.Split(',');

    /// <summary>The keypoints' names, 1 to 64, in the order of the table.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The files that it names, in its order.</summary>
    public IReadOnlyList<string> Files { get; }

    internal string Path { get; }

    /// <summary>The keypoints of a file.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <returns>
    /// A place for each of <see cref="Names"/>, in pixels of the file's picture, turned upright, (0.5, 0.5) in the middle of the first one;
    /// null where it is missing. The table's own numbers are smaller by a half.
    /// </returns>
    /// <exception cref="ArgumentException">The table does not name the file.</exception>
    public IReadOnlyList<(double X, double Y)?> Points(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return _rows.TryGetValue(FileNames.Normalized(file), out var points) ? points
            : throw new ArgumentException($"{Path} has no keypoints of '{file}'; it names {FileNames.Some(Files, 3)}.", nameof(file));
    }

    /// <summary>Reads a table.</summary>
    /// <param name="path">A file of one of the two forms.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DataSetException">The file is missing or damaged; the message names the line.</exception>
    public static KeypointTable Read(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read([path], cancellationToken);
    }

    /// <summary>Reads the parts of a table as one.</summary>
    internal static KeypointTable Read(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var (rows, names) = (new List<KeypointRow>(), (IReadOnlyList<string>?)null);
        var files = new HashSet<string>(ComposedText.Comparer);
        foreach (var path in paths)
        {
            var table = TableFile.Read(path, "table of keypoints", cancellationToken);
            var header = table.Lines().FirstOrDefault().Text ?? throw new DataSetException($"The table of keypoints {path} is empty.");
            var (own, found) = KeypointLists.IsHeader(header) ? Lists(table, header, path) : KeypointRows.Read(table, path);
            if (found.Count == 0) throw new DataSetException($"The table of keypoints {path} has a header and no row.");
            if (names is not null && !own.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)))
                throw new DataSetException($"The tables {paths[0]} and {path} have other keypoints: {string.Join(", ", names)}; and " +
                    $"{string.Join(", ", own)}.");
            names ??= own;
            // The order of the first table's names is that of all.
            int[] places = [.. names.Select(name => own.ToList().IndexOf(name))];
            foreach (var row in found)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!files.Add(row.File))
                    throw new DataSetException($"{path}, line {row.Line}: '{row.File}' is named a second time.");
                rows.Add(row with { Points = [.. places.Select(place => row.Points[place])] });
            }
        }
        return new(paths[0], names!, rows);
    }

    private static (IReadOnlyList<string> Names, List<KeypointRow> Rows) Lists(TableFile table, string header, string path)
    {
        var rows = KeypointLists.Read(table, header, path);
        var count = rows.Count == 0 ? 0 : rows[0].Points.Length;
        if (rows.Count > 0 && count is < 1 or > 64)
            throw new DataSetException($"{path}, line {rows[0].Line}: {rows[0].File} has {count} keypoints; a pose has from 1 to 64.");
        if (rows.Find(row => row.Points.Length != count) is { } other)
            throw new DataSetException($"{path}, line {other.Line}: {other.File} has {other.Points.Length} keypoints, but the first row " +
                $"has {count}.");
        return (count == OpenPoseNames.Count ? OpenPoseNames
            : [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"point{i}"))], rows);
    }
}

/// <summary>The keypoints of a picture.</summary>
/// <param name="Line">Its line in the table.</param>
/// <param name="File">The picture's file, with forward slashes.</param>
/// <param name="Points">Their places, (0.5, 0.5) in the middle of the first pixel.</param>
internal sealed record KeypointRow(int Line, string File, (double X, double Y)?[] Points);
