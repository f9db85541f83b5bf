using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>Of how many persons or things a folder's pairs of poses are, and how much of the poses is known.</summary>
internal static class PoseFacts
{
    private const int Named = 5;

    public static void Tell(Shell shell, KeypointPairs pairs)
    {
        var facts = pairs.Facts();
        shell.Say($"{(facts.Identities == 1 ? "1 identity" : $"{TextFormat.Count(facts.Identities)} identities")}; " +
            $"{TextFormat.Count(facts.Pictures, "picture")} with keypoints, on average {TextFormat.Number(facts.Mean)} of " +
            TextFormat.Count(pairs.Pose.Channels));
        var missing = Missing(pairs, facts);
        if (missing.Length > 0) shell.Say("most often missing: " + string.Join(", ", missing.Take(Named)
            .Select(m => $"{m.Name} ({TextFormat.Count(m.Pictures)})")) + (missing.Length > Named ? ", ..." : ""));
    }

    public static JsonObject ToJson(KeypointPairs pairs)
    {
        var facts = pairs.Facts();
        return new()
        {
            ["identities"] = facts.Identities,
            ["keypoints"] = Json.Array(pairs.Pose.Keypoints),
            ["meanKeypoints"] = facts.Mean,
            ["missing"] = new JsonObject(Missing(pairs, facts).Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Pictures))),
            ["withKeypoints"] = facts.Pictures,
            ["withoutKeypoints"] = pairs.LeftOutFiles.Count(file => file.Reason is Reasons.NoKeypointRow or Reasons.NoKeypoint),
            ["rowsWithoutPicture"] = pairs.LeftOutFiles.Count(file => file.Reason == Reasons.NoPictureOfKeypoints),
        };
    }

    /// <summary>The keypoints that some pictures lack, the most frequent first.</summary>
    private static (string Name, int Pictures)[] Missing(KeypointPairs pairs, KeypointFacts facts) =>
        [.. pairs.Pose.Keypoints.Zip(facts.Missing).Where(m => m.Second > 0).OrderByDescending(m => m.Second)];
}
