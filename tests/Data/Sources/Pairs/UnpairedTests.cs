using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>Two sides that do not belong together.</summary>
public sealed class UnpairedTests : IDisposable
{
    private static readonly DataOptions _options = new() { Kind = "folder", Size = 8, Pair = "folders", Unpaired = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trainA", "trainB", "testA", "testB")] // horse2zebra's form
    [InlineData("A/train", "B/train", "A/test", "B/test")]
    [InlineData("set/train/A", "set/train/B", "set/val/A", "set/val/B")]
    public void Two_folders_need_no_equal_names_and_no_equal_numbers(params string[] folders)
    {
        Put(folders[0], "n0", 3, 0);
        Put(folders[1], "n1", 5, 100);
        Put(folders[2], "n2", 2, 50);
        Put(folders[3], "n3", 1, 150);
        ZipFile.CreateFromDirectory(_folder["in"], _folder["in.zip"]);
        foreach (var where in (string[])["in", "in.zip"])
        {
            using var source = DataSets.Open(_options with { Path = _folder[where] });
            using var turned = DataSets.Open(_options with { Path = _folder[where], Direction = "b-to-a" });
            Assert.Equal((5, new ImageShape(6, 8, 8), 3, false), (source.Count, source.Shape, source.ConditionChannels, source.IsPaired));
            // Each picture of the larger side comes once, each of the other one at least once; a side is of its own folder alone.
            Assert.Equal([0, 0, 1, 1, 2], source.ReadAll().Select(pair => (int)pair[0]).Order());
            Assert.Equal([100, 101, 102, 103, 104], source.ReadAll().Select(pair => (int)pair[^1]).Order());
            Assert.Equal([100, 101, 102, 103, 104], turned.ReadAll().Select(pair => (int)pair[0]).Order());
            Assert.NotEqual(source.Fingerprint, turned.Fingerprint);
            Assert.Empty(source.LeftOutFiles);
            using var test = DataSets.Open(_options with { Path = _folder[where], Split = "test" });
            Assert.Equal([(50, 150), (51, 150)], test.ReadAll().Select(pair => ((int)pair[0], (int)pair[^1])).Order());
            Assert.False(test.IsPaired);
        }
    }

    [Fact]
    public void A_damaged_picture_is_replaced_by_another_of_its_side()
    {
        Put("trainA", "a", 4, 0);
        Put("trainB", "b", 4, 100);
        _folder.Put("in/trainA/a1.png", [1, 2, 3]);
        _folder.Put("in/notes.txt", [1]);
        using var source = DataSets.Open(_options with { Path = _folder["in"] });
        Assert.Equal([0, 2, 2, 3], source.ReadAll().Select(pair => (int)pair[0]).Order());
        Assert.Equal([100, 101, 102, 103], source.ReadAll().Select(pair => (int)pair[^1]).Order());
        Assert.Equal("trainA/a1.png", Assert.Single(source.SkippedImages).File);
        Assert.Equal("notes.txt", Assert.Single(source.LeftOutFiles).File);
    }

    [Fact]
    public void Pairs_to_train_with_are_taken_apart_and_pairs_to_test_with_are_kept()
    {
        var options = new DataOptions { Size = 16, Count = 40, Channels = 3, Pair = "drawing", Unpaired = true };
        using var source = DataSets.Open(options);
        using var pairs = DataSets.Open(options with { Unpaired = false });
        Assert.Equal((20, 3, false, true), (source.Count, source.ConditionChannels, source.IsPaired, pairs.IsPaired));
        var size = 3 * 16 * 16;
        var (inputs, targets) = (new HashSet<int>(), new HashSet<int>());
        foreach (var read in source.ReadAll())
        {
            Assert.True(inputs.Add(Enumerable.Range(0, 40).Single(i => pairs.Read(i).AsSpan(0, size).SequenceEqual(read.AsSpan(0, size)))));
            Assert.True(targets.Add(Enumerable.Range(0, 40).Single(i => pairs.Read(i).AsSpan(size).SequenceEqual(read.AsSpan(size)))));
        }
        Assert.Equal(40, inputs.Union(targets).Count());
        // Both kinds of kinds: the halves are not the even and the odd ones, of which each would lack half of the bricks.
        Assert.True(inputs.Select(i => i % 2).Distinct().Count() == 2);
        using var test = DataSets.Open(options with { Split = "test" });
        using var testPairs = DataSets.Open(options with { Split = "test", Unpaired = false });
        Assert.True(test.IsPaired);
        Assert.Equal(testPairs.Read(5), test.Read(5));
    }

    [Fact]
    public void Of_two_sides_to_train_with_some_are_held_out()
    {
        Put("trainA", "a", 50, 0);
        Put("trainB", "b", 60, 100);
        using var train = DataSets.Open(_options with { Path = _folder["in"], HoldOut = 0.2 });
        using var test = DataSets.Open(_options with { Path = _folder["in"], HoldOut = 0.2, Split = "test" });
        var (known, held) = (Grays(train), Grays(test));
        Assert.Empty(known.Intersect(held));
        Assert.Equal([.. Enumerable.Range(0, 50), .. Enumerable.Range(100, 60)], known.Union(held).Order());
        // Four standard deviations of a binomial of 110 and 0.2.
        Assert.InRange(held.Count, 22 - 17, 22 + 17);

        static HashSet<int> Grays(IImageSource source) =>
            [.. Enumerable.Range(0, source.Count).SelectMany(i => source.Read(i).Chunk(64)).Select(plane => (int)plane[0])];
    }

    [Fact]
    public void What_is_no_two_sides_is_told()
    {
        Put("trainA", "a", 2, 0);
        Assert.Contains("no pictures in a folder B or trainB", Reading.Fails(_options with { Path = _folder["in"] }).Message,
            StringComparison.Ordinal);
        Assert.Contains("the sides are unpaired, but there is only one", Reading.Fails(new() { Unpaired = true }).Message,
            StringComparison.Ordinal);
        Assert.Contains("one pair only", Reading.Fails(new() { Size = 16, Count = 1, Pair = "edges", Unpaired = true }).Message,
            StringComparison.Ordinal);
        Put("trainB", "b", 2, 0);
        Assert.Contains("has a sub-folder to train with alone, and nothing is held out",
            Reading.Fails(_options with { Path = _folder["in"], Split = "test" }).Message, StringComparison.Ordinal);
    }

    /// <summary>Pictures of one gray each, from a first one on.</summary>
    private void Put(string folder, string name, int count, int first)
    {
        for (var i = 0; i < count; i++)
        {
            var gray = (byte)(first + i);
            var file = name.Replace("n", "picture ", StringComparison.Ordinal) + i;
            _folder.Put($"in/{folder}/{file}.png", Reading.Png(9, 9, gray, gray, gray));
        }
    }
}
