namespace GanPipeline.Data;

/// <summary>Where the pictures of a folder have their keypoints, in pixels of their squares.</summary>
internal sealed class PicturePoses
{
    private readonly (double X, double Y)?[]?[] _points;

    /// <param name="pictures">The pictures of the split.</param>
    /// <param name="names">The names of all pictures of the folder.</param>
    /// <param name="options">The table, and how pictures become squares.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DataSetException">The table is damaged, names one picture twice, or no picture has keypoints.</exception>
    public PicturePoses(PictureSource pictures, PictureNames names, DataOptions options, CancellationToken cancellationToken)
    {
        var path = options.Keypoints!;
        var table = KeypointTable.Read(PairTable.TestOf(path) is { } test ? [path, test] : [path], cancellationToken);
        var side = pictures.Shape.Width;
        Layout = PoseLayout.OfKeypoints(table.Names,
            options.KeypointRadius > 0 ? options.KeypointRadius : Math.Max(0.5, side / 32.0));
        var rows = Match(table, names, path, out var leftOut);
        LeftOut = leftOut;
        _points = new (double, double)?[pictures.Count][];
        for (var i = 0; i < pictures.Count; i++)
        {
            if (!rows.TryGetValue(pictures.PathAt(i), out var own)) leftOut.Add(new(pictures.PathAt(i), Reasons.NoKeypointRow));
            else _points[i] = [.. own];
        }
        if (Array.TrueForAll(_points, points => points is null))
            throw new DataSetException($"The table of keypoints {path} names none of the {pictures.Count} pictures of {options.Path} " +
                $"in the split {options.Split}: it names {FileNames.Some(table.Files, 3)}; the pictures are " +
                $"{FileNames.Some([.. Enumerable.Range(0, Math.Min(4, pictures.Count)).Select(pictures.PathAt)], 3)}.");
        Place(pictures, new Resizer(side, options.Fit, options.Crop), cancellationToken);
        if (Array.TrueForAll(_points, points => points is null))
            throw new DataSetException($"None of the pictures of {options.Path} in the split {options.Split} has a keypoint within it, " +
                $"by the table {path}. {string.Join(' ', Notes)}");
    }

    /// <summary>How the keypoints are told.</summary>
    public PoseLayout Layout { get; }

    /// <summary>Pictures without keypoints, and rows without a picture.</summary>
    public List<SkippedImage> LeftOut { get; }

    /// <summary>How many keypoints lie outside.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>A picture's keypoints; null where it has none.</summary>
    public (double X, double Y)?[]? Points(int picture) => _points[picture];

    private static Dictionary<string, IReadOnlyList<(double X, double Y)?>> Match(
        KeypointTable table, PictureNames names, string path, out List<SkippedImage> leftOut)
    {
        var (rows, owners) = (new Dictionary<string, IReadOnlyList<(double, double)?>>(), new Dictionary<string, string>());
        leftOut = [];
        foreach (var file in table.Files)
        {
            if (names.Find(file, $"The table of keypoints {path}") is not { } picture)
                leftOut.Add(new(file, Reasons.NoPictureOfKeypoints));
            else if (!rows.TryAdd(picture, table.Points(file)))
                throw new DataSetException($"The table of keypoints {path} names the picture {picture} twice, as {owners[picture]} and " +
                    $"as {file}.");
            else owners.Add(picture, file);
        }
        return rows;
    }

    /// <summary>Brings the points to their squares; those that are outside of the picture or of the square are missing.</summary>
    private void Place(PictureSource pictures, Resizer resizer, CancellationToken cancellationToken)
    {
        var (outside, cut) = (new int[_points.Length], new int[_points.Length]);
        Parallel.For(0, _points.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            // A file without a header that can be read is found when it is decoded.
            if (_points[i] is not { } points || pictures.SizeOf(i) is not var (width, height)) return;
            for (var j = 0; j < points.Length; j++)
            {
                if (points[j] is not { } point) continue;
                var placed = resizer.Place(point, width, height);
                var side = pictures.Shape.Width;
                points[j] = placed;
                var isShown = PictureReader.IsWithin(point, width, height);
                if (isShown && PictureReader.IsWithin(placed, side, side)) continue;
                points[j] = null;
                (isShown ? cut : outside)[i]++;
            }
        });
        Tell(outside, "lie outside of their pictures and are taken as missing: the table counts pixels of the files' pictures");
        Tell(cut, "are in the parts that are cut off to make squares, and are taken as missing; data.fit=pad keeps them");
        for (var i = 0; i < _points.Length; i++)
        {
            if (_points[i] is not { } points || Array.Exists(points, point => point is not null)) continue;
            LeftOut.Add(new(pictures.PathAt(i), Reasons.NoKeypoint));
            _points[i] = null;
        }

        void Tell(int[] counts, string what)
        {
            if (counts.Sum() is not (> 0 and var all)) return;
            Notes.Add($"{all} of the keypoints of {counts.Count(count => count > 0)} pictures (for example of " +
                $"{pictures.PathAt(Array.FindIndex(counts, count => count > 0))}) {what}.");
        }
    }
}
