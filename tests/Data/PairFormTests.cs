namespace GanPipeline.Data.Tests;

public class PairFormTests
{
    private static readonly DataOptions _folder = new() { Kind = "folder", Path = "." };

    [Fact]
    public void Every_pair_is_of_some_kind_and_every_kind_without_them_says_so()
    {
        foreach (var pair in DataOptions.Pairs.Where(pair => pair != "none"))
        {
            var kinds = DataOptions.Kinds.Where(kind => !Problems(new() { Kind = kind, Path = ".", Pair = pair }).Any()).ToArray();
            Assert.Equal(pair switch
            {
                "gray" => ["bricks", "cifar10", "cifar100", "folder"],
                "edges" or "depth" or "classes" or "drawing" or "pose" => ["bricks"],
                _ => (string[])["folder"],
            }, kinds);
        }
        Assert.Equal(["the pair is 'edges', but data of kind 'folder' has gray, pose, side-by-side, folders; 'edges' needs data of kind " +
            "bricks"], Problems(_folder with { Pair = "edges" }));
        Assert.Equal("the pair 'pose' of a folder needs a table of keypoints (data.keypoints)",
            Assert.Single(Problems(_folder with { Pair = "pose" })));
        Assert.Empty(Problems(_folder with { Pair = "pose", Keypoints = "points.csv" }));
        Assert.Contains("data of kind 'idx' has no pairs", Assert.Single(Problems(new() { Kind = "idx", Path = ".", Pair = "gray" })));
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        Assert.Contains("must be one of none, gray", Assert.Single(Problems(_folder with { Pair = "beside" })));
        Assert.Contains("must be one of a-to-b, b-to-a", Assert.Single(Problems(_folder with { Pair = "gray", Direction = "back" })));
        Assert.Contains("condition-channels is 2", Assert.Single(Problems(_folder with { Pair = "gray", ConditionChannels = 2 })));
        Assert.Contains("no pairs: give a pair", Assert.Single(Problems(_folder with { Direction = "b-to-a" })));
        Assert.Contains("no pairs: give a pair", Assert.Single(Problems(_folder with { ConditionChannels = 1 })));
        Assert.Equal("channels is 1, but the colour picture of the pair 'gray' has 3",
            Assert.Single(Problems(_folder with { Pair = "gray", Channels = 1 })));
        Assert.Equal("condition-channels is 1, but the colour picture of the pair 'gray' has 3",
            Assert.Single(Problems(_folder with { Pair = "gray", Direction = "b-to-a", ConditionChannels = 1 })));
        var bricks = new DataOptions { Pair = "classes" };
        Assert.Equal("condition-channels is 1, but a class map of the pair 'classes' has 3",
            Assert.Single(Problems(bricks with { ConditionChannels = 1 })));
        Assert.Equal("channels is 1, but a class map of the pair 'classes' has 3",
            Assert.Single(Problems(bricks with { Direction = "b-to-a", Channels = 1 })));
        Assert.Contains("In the data's options, channels is 1", Reading.Fails(bricks with { Direction = "b-to-a", Channels = 1 }).Message);
    }

    private static IEnumerable<string> Problems(DataOptions options) => options.Problems().Select(p => p.Problem);
}
