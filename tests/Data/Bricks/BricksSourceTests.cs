using System.Security.Cryptography;

namespace GanPipeline.Data.Tests;

public class BricksSourceTests
{
    [Fact]
    public void There_are_fifty_types_with_names_of_their_own()
    {
        Assert.Equal(50, BrickType.All.Count);
        Assert.Equal(50, BrickType.All.Select(t => t.Name).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 50), BrickType.All.Select(t => t.Label));
        Assert.Contains("brick 2x4", BrickType.All.Select(t => t.Name));
        Assert.Contains("plate 1x2", BrickType.All.Select(t => t.Name));
        using var source = Open(new());
        Assert.Equal(BrickType.All.Select(t => t.Name), source.Classes);
        Assert.Equal((40_000, new ImageShape(1, 32, 32)), (source.Count, source.Shape));
    }

    [Fact]
    public void Classes_are_balanced_and_labels_are_the_attributes()
    {
        using var source = Open(new() { Count = 1000 });
        Assert.All(Enumerable.Range(0, 1000).GroupBy(source.Label), g => Assert.Equal(20, g.Count()));
        for (var i = 0; i < 200; i++) Assert.Equal(source.Label(i), source.Describe(i).Type.Label);
        using var some = Open(new() { Classes = ["plate 2x2", "brick 2x4"] });
        Assert.Equal(["brick 2x4", "plate 2x2"], some.Classes);
        for (var i = 0; i < 20; i++) Assert.Equal(some.Classes[some.Label(i)], some.Describe(i).Type.Name);
    }

    /// <summary>Golden: a picture is a function of seed and index, here and on every other machine.</summary>
    [Theory]
    [InlineData(32, 1, "65A3449D4A954F7C")]
    [InlineData(64, 1, "27E05E6C73D4101D")]
    [InlineData(64, 3, "09E883C95C7F0209")]
    public void Pictures_are_the_same_everywhere(int size, int channels, string golden)
    {
        using var source = Open(new() { Size = size, Channels = channels, Seed = 1 });
        var hash = SHA256.HashData([.. Enumerable.Range(0, 100).SelectMany(i => source.Read(i * 37))]);
        Assert.Equal(golden, Convert.ToHexString(hash)[..16]);
    }

    [Fact]
    public void The_count_and_other_threads_do_not_change_a_picture()
    {
        using var few = Open(new() { Count = 60, Size = 32 });
        using var many = Open(new() { Count = 5000, Size = 32 });
        var expected = few.ReadAll();
        Parallel.For(0, 240, i => Assert.Equal(expected[i % 60], many.Read(i % 60)));
        using var other = Open(new() { Seed = 9, Size = 32 });
        Assert.NotEqual(expected[0], other.Read(0));
    }

    [Fact]
    public void Training_and_testing_never_share_a_viewpoint()
    {
        using var train = Open(new() { Split = "train" });
        using var test = Open(new() { Split = "test" });
        Assert.Equal(10_000, test.Count);
        // Slices of 10 degrees: training sees the first 8 of each, testing the last 2.
        for (var i = 0; i < 3000; i++)
        {
            Assert.InRange(train.Describe(i).Yaw % 10, 0, 8);
            Assert.InRange(test.Describe(i).Yaw % 10, 8, 10);
        }
        // Nor is the one picture the other, a little turned: of eleven colours they have the same as often as chance has it.
        using var colored = Open(new() { Channels = 3 });
        using var held = Open(new() { Channels = 3, Split = "test" });
        // Five standard deviations.
        Assert.InRange(Enumerable.Range(0, 1100).Count(i => colored.Describe(i).Color == held.Describe(i).Color), 100 - 48, 100 + 48);
        Assert.Equal(36, Enumerable.Range(0, 3000).Select(i => (int)(test.Describe(i).Yaw / 10)).Distinct().Count());
    }

    [Fact]
    public void Attributes_cover_their_ranges_and_nothing_else()
    {
        var bricks = new BricksOptions
        {
            Yaw = new(-30, 30), Pitch = new(25, 35), Light = new(-60, 60), Background = new(0.2, 0.9), Fill = new(0.5, 0.9),
                Colors = ["red", "blue", "white"],
        };
        using var source = Open(new() { Channels = 3, Bricks = bricks, Split = "all" });
        var attributes = Enumerable.Range(0, 2000).Select(source.Describe).ToList();
        Covers(bricks.Yaw, a => a.Yaw);
        Covers(bricks.Pitch, a => a.Pitch);
        Covers(bricks.Light, a => a.Light);
        Covers(bricks.Background, a => a.Background);
        Covers(bricks.Fill, a => a.Fill);
        Assert.Equal(["blue", "red", "white"], attributes.Select(a => a.Color.Name).Distinct().Order());

        void Covers(NumberRange range, Func<BrickAttributes, double> value)
        {
            Assert.InRange(attributes.Min(value), range.From, range.At(0.01));
            Assert.InRange(attributes.Max(value), range.At(0.99), range.To);
        }
    }

    [Fact]
    public void The_print_follows_what_decides_the_pictures()
    {
        DataOptions[] all =
        [
            new(), new() { Seed = 1 }, new() { Size = 48 }, new() { Channels = 3 }, new() { Count = 50 }, new() { Split = "all" },
            new() { Classes = ["brick 2x4"] }, new() { Bricks = new() { Pitch = new(30, 31) } },
                new() { Bricks = new() { Colors = ["red"] } },
            new() { Bricks = new() { Shadow = false } },
        ];
        Assert.Equal(all.Length, all.Select(o => { using var s = Open(o); return s.Fingerprint; }).Distinct().Count());
        using var again = Open(new());
        using var first = Open(all[0]);
        Assert.Equal(first.Fingerprint, again.Fingerprint);
    }

    [Fact]
    public void Impossible_options_are_told()
    {
        Assert.Contains("brick 9x9", Reading.Fails(new() { Classes = ["brick 9x9"] }).Message);
        Assert.Contains("'mauve'", Reading.Fails(new() { Bricks = new() { Colors = ["mauve"] } }).Message);
        Assert.Contains("pitch is 60 to 20", Reading.Fails(new() { Bricks = new() { Pitch = new(60, 20) } }).Message);
        Assert.Contains("2 to 2", Reading.Fails(new() { Bricks = new() { Background = new(2, 2) } }).Message);
        Assert.Contains("count is -1", Reading.Fails(new() { Count = -1 }).Message);
        Assert.Contains("'brik'", Reading.Fails(new() { Kind = "brik" }).Message);
        Assert.Contains("size is 2000", Reading.Fails(new() { Size = 2000 }).Message);
        using var source = Open(new() { Count = 10 });
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Label(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Describe(-1));
    }

    private static BricksSource Open(DataOptions options) => (BricksSource)DataSets.Open(options);
}
