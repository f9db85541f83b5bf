namespace GanPipeline.Data;

/// <summary>
/// Pairs of two pictures of one person or thing: the input is the first picture and, in planes behind it, where the second one has its
/// keypoints; the target is the second picture.
/// </summary>
internal sealed class KeypointPairs : IImageSource
{
    // The inputs of a picture where no table names pairs.
    private const int Inputs = 4;

    private readonly PictureSource _pictures;
    private readonly (int From, int To)[] _pairs;
    private readonly PicturePoses _poses;
    private readonly bool _isOfTable;

    private KeypointPairs(PictureSource pictures, PicturePoses poses, List<(int From, int To)> pairs, IEnumerable<string> notes,
        bool isOfTable)
    {
        (_pictures, _poses, _pairs, _isOfTable) = (pictures, poses, [.. pairs], isOfTable);
        var channels = pictures.Shape.Channels;
        Shape = pictures.Shape with { Channels = 2 * channels + poses.Layout.Channels };
        ConditionChannels = channels + poses.Layout.Channels;
        Notes = [.. poses.Notes, .. notes];
        LeftOutFiles = [.. pictures.LeftOutFiles.Concat(poses.LeftOut).OrderBy(file => file.File, StringComparer.Ordinal)];
        using var fingerprint = new FingerprintBuilder();
        fingerprint.Add("keypoint pairs 1").Add(pictures.Fingerprint).Add(poses.Layout.ToJson()).Add(_pairs.Length);
        foreach (var (from, to) in _pairs)
        {
            fingerprint.Add(from).Add(to);
            foreach (var point in poses.Points(to)!) fingerprint.Add(point?.X ?? -1).Add(point?.Y ?? -1);
        }
        Fingerprint = fingerprint.Finish();
    }

    public string Name => _pictures.Name;
    public int Count => _pairs.Length;
    public ImageShape Shape { get; }
    public int ConditionChannels { get; }
    public PoseLayout Pose => _poses.Layout;
    public IReadOnlyList<string> Classes => _pictures.Classes;
    public IReadOnlyList<LabelField> Attributes => _pictures.Attributes;
    public string Fingerprint { get; }
    public IReadOnlyList<string> Notes { get; }
    public int Skipped => _pictures.Skipped;
    public IReadOnlyList<SkippedImage> SkippedImages => _pictures.SkippedImages;
    public IReadOnlyList<SkippedImage> LeftOutFiles { get; }

    /// <exception cref="DataSetException">
    /// The folder or a table is missing or damaged, they do not fit together, or there is no pair in the split.
    /// </exception>
    public static KeypointPairs Open(DataOptions options, CancellationToken cancellationToken)
    {
        // Tables of both splits tell them; the pictures may lie anywhere.
        var testTable = options.PairsTable is { } path ? PairTable.TestOf(path) : null;
        var pictures = PictureSource.Open(options.Path!, options with
        {
            Pair = PairForm.None, Split = testTable is null ? options.Split : "all",
        }, isA: null, cancellationToken);
        try
        {
            var (notes, names) = (new List<string>(), new PictureNames(pictures.AllPaths));
            var poses = new PicturePoses(pictures, names, options, cancellationToken);
            var pairs = options.PairsTable is null ? Alike(pictures, poses, options) : [.. Tables(options, testTable)
                .SelectMany(table => Named(table, pictures, poses, names, options, notes, cancellationToken))];
            if (testTable is not null && Leak(testTable, pictures, poses, names, options, cancellationToken) is { } leak) notes.Add(leak);
            if (pairs.Count > 0) return new(pictures, poses, pairs, notes, options.PairsTable is not null);
            throw new DataSetException(options.PairsTable is { } named
                ? $"No pair of the table {named} has both pictures in the split {options.Split}, with keypoints. {string.Join(' ', notes)}"
                : $"No two pictures of {options.Path} in the split {options.Split} have keypoints and names that are the same up to the " +
                    $"first _, as 0002_1.jpg and 0002_2.jpg have; {pictures.PathAt(0)} is alone, for example. Give a table of pairs " +
                    "(data.pairs-table).");
        }
        catch
        {
            pictures.Dispose();
            throw;
        }
    }

    /// <summary>The files of a pair's two pictures.</summary>
    public (string From, string To) FilesOf(int index) => (_pictures.PathAt(_pairs[index].From), _pictures.PathAt(_pairs[index].To));

    /// <summary>Counts what the pairs are of.</summary>
    public KeypointFacts Facts()
    {
        var all = Enumerable.Range(0, _pictures.Count).Select(_poses.Points).OfType<(double X, double Y)?[]>().ToArray();
        return new(_isOfTable ? KeypointFacts.Joined(_pairs)
            : _pairs.Select(pair => FileNames.Identity(_pictures.PathAt(pair.To))).Distinct().Count(),
            all.Length, [.. Pose.Keypoints.Select((_, place) => all.Count(points => points[place] is null))]);
    }

    public int Label(int index) => _pictures.Label(_pairs[index].To);
    public void ReadAttributes(int index, Span<float> values) => _pictures.ReadAttributes(_pairs[index].To, values);
    public PictureFile? FileOf(int index) => _pictures.FileOf(_pairs[index].To);
    public void Dispose() => _pictures.Dispose();

    public bool TryRead(int index, Span<byte> pixels)
    {
        var ((from, to), size) = (_pairs[index], _pictures.Shape.Size);
        if (!_pictures.TryRead(from, pixels[..size]) || !_pictures.TryRead(to, pixels[^size..])) return false;
        Pose.Write(_poses.Points(to), Shape.Width, pixels[size..^size]);
        return true;
    }

    private static IEnumerable<string> Tables(DataOptions options, string? testTable) =>
        testTable is null || options.Split == "train" ? [options.PairsTable!]
        : options.Split == "test" ? [testTable]
        : [options.PairsTable!, testTable];

    /// <summary>The pairs of a table whose pictures are both of the split and have keypoints.</summary>
    private static List<(int From, int To)> Named(string table, PictureSource pictures, PicturePoses poses, PictureNames names,
        DataOptions options, List<string> notes, CancellationToken cancellationToken)
    {
        var places = Enumerable.Range(0, pictures.Count).ToDictionary(pictures.PathAt);
        var (pairs, absent, across, without) = (new List<(int From, int To)>(), new List<string>(), 0, 0);
        foreach (var (line, from, to) in PairTable.Read(table, cancellationToken))
        {
            var (first, second) = (names.Find(from, $"{table}, line {line}"), names.Find(to, $"{table}, line {line}"));
            if (first is null || second is null)
            {
                absent.Add($"line {line}: {(first is null ? from : to)}");
                continue;
            }
            var (isFirst, isSecond) = (places.TryGetValue(first, out var a), places.TryGetValue(second, out var b));
            if (isFirst != isSecond) across++;
            else if (isFirst && (poses.Points(a) is null || poses.Points(b) is null)) without++;
            else if (isFirst) pairs.Add((a, b));
        }
        if (absent.Count > 0 && options.Missing == MissingAttributes.Error)
            throw new DataSetException($"{absent.Count} pairs of the table {table} name pictures that are not in {options.Path} " +
                $"({FileNames.Some(absent, 3)}). Correct it, or leave them out (data.missing: leave-out).");
        Tell(absent.Count, "name absent pictures");
        Tell(without, "have a picture without keypoints");
        Tell(across, $"have one picture in the split {options.Split} and one in another");
        return pairs;

        void Tell(int count, string what)
        {
            if (count > 0) notes.Add($"{count} of the pairs of {table} {what}, and are left out.");
        }
    }

    /// <summary>Tells of pictures that stand both in a pair to train with and in one to test with; null where none does.</summary>
    private static string? Leak(string testTable, PictureSource pictures, PicturePoses poses, PictureNames names, DataOptions options,
        CancellationToken cancellationToken)
    {
        var train = options.PairsTable!;
        int[] both = [.. Used(train).Intersect(Used(testTable)).OrderBy(pictures.PathAt, StringComparer.Ordinal)];
        return both.Length == 0 ? null
            : $"Pictures that stand in pairs both of {train} and of {testTable}: {both.Length}, for example {pictures.PathAt(both[0])}. " +
                "What is measured on pictures of the training tells little of others: leave them out of one of the tables.";

        IEnumerable<int> Used(string table) =>
            Named(table, pictures, poses, names, options with { Missing = MissingAttributes.LeaveOut }, [], cancellationToken)
                .SelectMany(pair => (int[])[pair.From, pair.To]);
    }

    /// <summary>To each picture some others whose names begin alike, chosen by the names and the seed.</summary>
    private static List<(int From, int To)> Alike(PictureSource pictures, PicturePoses poses, DataOptions options)
    {
        var pairs = new List<(int From, int To)>();
        foreach (var group in Enumerable.Range(0, pictures.Count).Where(i => poses.Points(i) is not null)
            .GroupBy(i => FileNames.Identity(pictures.PathAt(i))))
        {
            int[] all = [.. group];
            foreach (var to in all)
            {
                var (hash, chosen) = (Hashing.OfText(pictures.PathAt(to)), new HashSet<int>());
                for (var draw = 0; chosen.Count < Math.Min(Inputs, all.Length - 1); draw++)
                {
                    var from = all[Hashing.Below(Hashing.Combine(hash, options.Seed, draw), all.Length)];
                    if (from != to && chosen.Add(from)) pairs.Add((from, to));
                }
            }
        }
        return pairs;
    }
}
