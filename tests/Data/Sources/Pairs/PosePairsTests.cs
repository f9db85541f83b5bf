namespace GanPipeline.Data.Tests;

public class PosePairsTests
{
    private static readonly DataOptions _options = new() { Pair = "pose", Size = 32, Count = 60, Seed = 3, Channels = 3 };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_pair_is_a_brick_from_elsewhere_the_wanted_view_and_the_brick_from_there(int channels)
    {
        var options = _options with { Channels = channels };
        using var pairs = DataSets.Open(options);
        using var targets = DataSets.Open(options with { Pair = "none" });
        using var bricks = new BricksSource(options with { Pair = "none" });
        Assert.Equal((new ImageShape(2 * channels + 4, 32, 32), channels + 4, PoseLayout.View),
            (pairs.Shape, pairs.ConditionChannels, pairs.Pose));
        Assert.Null(targets.Pose);
        for (var i = 0; i < 60; i += 7)
        {
            var read = pairs.Read(i);
            Assert.Equal(targets.Read(i), read[((channels + 4) * 1024)..]);
            var brick = bricks.Describe(i);
            // What the target's attributes say is what the planes tell.
            var values = new float[pairs.Attributes.Count];
            pairs.ReadAttributes(i, values);
            var yaw = values[pairs.Attributes.Select(a => a.Name).ToList().IndexOf("yaw")];
            Assert.Equal(brick.Yaw, yaw, 1e-3);
            double[] planes = [.. Enumerable.Range(0, 4).Select(plane =>
            {
                var own = read.AsSpan((channels + plane) * 1024, 1024);
                Assert.Equal(-1, own.IndexOfAnyExcept(own[0]));
                return own[0] / 127.5 - 1;
            })];
            // A step of a byte is 1 / 127.5.
            Assert.Equal(Math.Sin(brick.Yaw * Math.PI / 180), planes[0], 0.004);
            Assert.Equal(Math.Cos(brick.Yaw * Math.PI / 180), planes[1], 0.004);
            Assert.Equal(Math.Sin(brick.Pitch * Math.PI / 180), planes[2], 0.004);
            Assert.Equal(Math.Cos(brick.Pitch * Math.PI / 180), planes[3], 0.004);
            var other = bricks.DescribeFromElsewhere(i);
            Assert.Equal(brick, other with { Yaw = brick.Yaw, Pitch = brick.Pitch });
            Assert.NotEqual((brick.Yaw, brick.Pitch), (other.Yaw, other.Pitch));
            var picture = new byte[channels * 1024];
            bricks.Render(other, picture);
            Assert.Equal(picture, read[..(channels * 1024)]);
        }
    }

    [Fact]
    public void Inputs_to_train_and_to_test_with_are_from_other_directions()
    {
        foreach (var split in (string[])["train", "test"])
        {
            using var bricks = new BricksSource(_options with { Pair = "none", Split = split });
            for (var i = 0; i < 60; i++)
                Assert.Equal(split == "train", bricks.DescribeFromElsewhere(i).Yaw % 10 < 8);
        }
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        Assert.Contains("one direction", Assert.Single(Problems(_options with { Direction = "b-to-a" })));
        Assert.Contains("give channels alone", Assert.Single(Problems(_options with { ConditionChannels = 3 })));
        Assert.Contains("two pictures of one brick", Assert.Single(Problems(_options with { Unpaired = true })));
        Assert.Contains("needs data of kind bricks", Assert.Single(Problems(_options with { Kind = "cifar10", Path = "." })));

        static IEnumerable<string> Problems(DataOptions options) => options.Problems().Select(p => p.Problem);
    }

    [Fact]
    public void Both_pictures_are_shown_beside_each_other_without_the_pose()
    {
        using var pairs = DataSets.Open(_options);
        var images = ImageTensor.FromBytes(pairs.Read(4), 1, 10, 32, 32);
        var beside = PicturePairs.Beside(images, pairs.ConditionChannels, pairs.Pose!.Channels);
        Assert.Equal((3, 32, 64), (beside.Channels, beside.Height, beside.Width));
        Assert.Equal(images.Values[0], beside.Values[0]);
        Assert.Equal(images.Values[7 * 1024], beside.Values[32]);
        Assert.Throws<ArgumentException>(() => PicturePairs.Beside(images, pairs.ConditionChannels));
    }
}
