using GanPipeline.Data;

namespace GanPipeline.Training;

/// <summary>Which keypoints of a body a line joins.</summary>
internal static class PoseLimbs
{
    // By the places in KeypointTable.OpenPoseNames: the limbs, the trunk's outline and the head, as the code of Ma et al. 2017 joins them.
    private static readonly (int From, int To)[] _openPose =
    [
        (1, 2), (2, 3), (3, 4), (1, 5), (5, 6), (6, 7),
        (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (2, 8), (8, 11), (5, 11),
        (1, 0), (0, 14), (14, 16), (0, 15), (15, 17), (1, 16), (1, 17), (16, 17),
    ];

    /// <summary>The places of joined keypoints among these names: of those of OpenPose, in any order; of others none.</summary>
    public static IReadOnlyList<(int From, int To)> Of(IReadOnlyList<string> names)
    {
        var known = KeypointTable.OpenPoseNames;
        if (names.Count != known.Count || known.Except(names).Any()) return [];
        var places = names.Select((name, place) => (name, place)).ToDictionary();
        return [.. _openPose.Select(limb => (places[known[limb.From]], places[known[limb.To]]))];
    }
}
