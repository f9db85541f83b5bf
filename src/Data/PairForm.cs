namespace GanPipeline.Data;

/// <summary>What the two sides of a pair are, A and B, and which of them is the input.</summary>
/// <param name="A">
/// Channels of side A: the left half, the folder A, the map that is made of a picture, or another picture and the pose of B's.
/// </param>
/// <param name="B">Channels of side B: the right half, the folder B, or the picture.</param>
/// <param name="IsTurned">Whether B is the input.</param>
internal sealed record PairForm(int A, int B, bool IsTurned)
{
    public const string None = "none", Gray = "gray", Edges = "edges", Depth = "depth", Classes = "classes", Drawing = "drawing",
        Pose = "pose", SideBySide = "side-by-side", Folders = "folders", AToB = "a-to-b", BToA = "b-to-a";

    public int InputChannels => IsTurned ? B : A;

    public int TargetChannels => IsTurned ? A : B;

    /// <summary>The form that the options ask for; null where pictures are no pairs.</summary>
    public static PairForm? Of(DataOptions options)
    {
        if (options.Pair == None) return null;
        if (options.Pair == Pose)
        {
            var channels = options.Channels == 0 ? 1 : options.Channels;
            return new PairForm(channels + PoseLayout.View.Channels, channels, IsTurned: false);
        }
        var isTurned = options.Direction == BToA;
        var (a, b) = isTurned ? (options.Channels, options.ConditionChannels) : (options.ConditionChannels, options.Channels);
        var (ownA, ownB) = options.Pair switch
        {
            Gray => (1, 3),
            Edges or Depth => (1, 1),
            Classes => (3, 1),
            _ => (3, 3),
        };
        return new PairForm(a == 0 ? ownA : a, b == 0 ? ownB : b, isTurned);
    }

    /// <summary>Whether side A is made of the picture, or of what it shows.</summary>
    public static bool IsDerived(DataOptions options) =>
        options.Pair is Gray or Edges or Depth or Classes or Drawing || (options.Pair == Pose && !HasKeypoints(options));

    /// <summary>Whether pairs are pictures and keypoints.</summary>
    public static bool HasKeypoints(DataOptions options) => options is { Kind: "folder", Pair: Pose };

    /// <summary>The pairs that a kind of data offers, besides none.</summary>
    public static IReadOnlyList<string> OfKind(string kind) => kind switch
    {
        "bricks" => [Gray, Edges, Depth, Classes, Drawing, Pose],
        "cifar10" or "cifar100" => [Gray],
        "folder" => [Gray, Pose, SideBySide, Folders],
        _ => [],
    };

    /// <summary>What is wrong with the options of pairs.</summary>
    public static IEnumerable<(string Member, string Problem)> Problems(DataOptions options)
    {
        var pair = options.Pair;
        if (!DataOptions.Pairs.Contains(pair))
        {
            yield return (nameof(options.Pair), $"the pair is '{pair}', but must be one of {string.Join(", ", DataOptions.Pairs)}");
            yield break;
        }
        if (!DataOptions.Directions.Contains(options.Direction))
            yield return (nameof(options.Direction),
                $"the direction is '{options.Direction}', but must be one of {string.Join(", ", DataOptions.Directions)}");
        if (options.ConditionChannels is not (0 or 1 or 3))
            yield return (nameof(options.ConditionChannels), $"condition-channels is {options.ConditionChannels}, but must be 1 (gray), " +
                "3 (colour), or 0 for the data's own");
        foreach (var problem in KeypointProblems(options)) yield return problem;
        if (pair == None)
        {
            if (options.Unpaired)
                yield return (nameof(options.Unpaired), "the sides are unpaired, but there is only one: give a pair");
            if (options.Direction != AToB && DataOptions.Directions.Contains(options.Direction))
                yield return (nameof(options.Direction),
                    $"the direction is {options.Direction}, but the pictures are no pairs: give a pair");
            if (options.ConditionChannels is 1 or 3)
                yield return (nameof(options.ConditionChannels),
                    $"condition-channels is {options.ConditionChannels}, but the pictures are no pairs: give a pair");
            yield break;
        }
        if (DataOptions.Kinds.Contains(options.Kind) && !OfKind(options.Kind).Contains(pair))
        {
            var offered = OfKind(options.Kind);
            yield return (nameof(options.Pair), $"the pair is '{pair}', but data of kind '{options.Kind}' " +
                (offered.Count == 0 ? "has no pairs" : $"has {string.Join(", ", offered)}") +
                $"; '{pair}' needs data of kind {string.Join(", ", DataOptions.Kinds.Where(kind => OfKind(kind).Contains(pair)))}");
        }
        if (pair == Pose)
        {
            if (options.Direction == BToA)
                yield return (nameof(options.Direction), "the direction is b-to-a, but the pair 'pose' has one direction: leave it out");
            if (options.Unpaired)
                yield return (nameof(options.Unpaired),
                    "the sides are unpaired, but the pair 'pose' is two pictures of one brick or person");
            if (options.ConditionChannels is 1 or 3)
                yield return (nameof(options.ConditionChannels), "condition-channels is given, but both pictures of the pair 'pose' have " +
                    "the same channels: give channels alone");
            yield break;
        }
        // Gray on both sides is no task, and a class map in gray is no class map.
        var (colored, what) = pair switch
        {
            Gray => (Of(options)!.B, "the colour picture"),
            Classes => (Of(options)!.A, "a class map"),
            _ => (3, ""),
        };
        if (colored == 1)
        {
            var isInput = pair == Gray == (options.Direction == BToA);
            yield return (isInput ? nameof(options.ConditionChannels) : nameof(options.Channels),
                $"{(isInput ? "condition-channels" : "channels")} is 1, but {what} of the pair '{pair}' has 3");
        }
    }

    private static IEnumerable<(string Member, string Problem)> KeypointProblems(DataOptions options)
    {
        const string only = "but keypoints are of the pair 'pose' of data of kind 'folder'";
        if (options.KeypointRadius is not (0 or (>= 0.5 and <= 32)))
            yield return (nameof(options.KeypointRadius), FormattableString.Invariant(
                $"the radius of a keypoint is {options.KeypointRadius}, but must be from 0.5 to 32 pixels, or 0 for a 32nd of the side"));
        if (HasKeypoints(options))
        {
            if (string.IsNullOrWhiteSpace(options.Keypoints))
                yield return (nameof(options.Keypoints), "the pair 'pose' of a folder needs a table of keypoints (data.keypoints)");
            yield break;
        }
        if (options.Keypoints is { } table) yield return (nameof(options.Keypoints), $"the table {table} is given, {only}");
        if (options.PairsTable is { } pairs) yield return (nameof(options.PairsTable), $"the table of pairs {pairs} is given, {only}");
        if (options.KeypointRadius is >= 0.5 and <= 32)
            yield return (nameof(options.KeypointRadius), $"a radius of keypoints is given, {only}");
    }
}
