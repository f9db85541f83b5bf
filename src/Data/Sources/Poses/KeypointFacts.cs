namespace GanPipeline.Data;

/// <summary>What a folder's pairs of pictures and keypoints are, in numbers.</summary>
/// <param name="Identities">
/// The persons or things of the pairs: by the first part of the pictures' names where that pairs them; else pictures that pairs join are of
/// one.
/// </param>
/// <param name="Pictures">The pictures with keypoints, in pairs or not.</param>
/// <param name="Missing">In how many of these each keypoint is missing, in the order of <see cref="PoseLayout.Keypoints"/>.</param>
internal sealed record KeypointFacts(int Identities, int Pictures, IReadOnlyList<int> Missing)
{
    /// <summary>The keypoints that a picture has on average.</summary>
    public double Mean => Missing.Count - Missing.Sum() / (double)Pictures;

    /// <summary>The groups that pairs join pictures to.</summary>
    public static int Joined(IReadOnlyCollection<(int From, int To)> pairs)
    {
        var (parents, groups) = (new Dictionary<int, int>(), 0);
        foreach (var (from, to) in pairs)
        {
            var (one, other) = (Root(from), Root(to));
            if (one == other) continue;
            parents[one] = other;
            groups--;
        }
        return groups;

        int Root(int picture)
        {
            if (parents.TryAdd(picture, picture)) groups++;
            while (parents[picture] != picture) picture = parents[picture] = parents[parents[picture]];
            return picture;
        }
    }
}
