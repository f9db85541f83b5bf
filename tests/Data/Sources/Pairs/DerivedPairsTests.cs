namespace GanPipeline.Data.Tests;

public sealed class DerivedPairsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gray", 0, 0, 1, 3)]
    [InlineData("gray", 3, 3, 3, 3)]
    [InlineData("edges", 0, 0, 1, 1)]
    [InlineData("depth", 3, 3, 3, 3)]
    [InlineData("classes", 0, 0, 3, 1)]
    [InlineData("classes", 3, 3, 3, 3)]
    [InlineData("drawing", 0, 0, 3, 3)]
    [InlineData("drawing", 1, 3, 1, 3)]
    public void A_pair_is_one_picture_with_the_input_first_and_may_be_turned_round(string pair, int conditionChannels, int channels,
        int input, int target)
    {
        var options = new DataOptions
        {
            Size = 16, Count = 60, Seed = 3, Pair = pair, ConditionChannels = conditionChannels, Channels = channels,
        };
        using var pairs = DataSets.Open(options);
        using var turned = DataSets.Open(options with
        {
            Direction = "b-to-a", ConditionChannels = channels, Channels = conditionChannels,
        });
        using var pictures = DataSets.Open(options with { Pair = "none", ConditionChannels = 0, Channels = target });
        Assert.Equal((new ImageShape(input + target, 16, 16), input), (pairs.Shape, pairs.ConditionChannels));
        Assert.Equal((pairs.Shape, target), (turned.Shape, turned.ConditionChannels));
        Assert.Equal(pictures.Attributes.Select(a => a.Name), pairs.Attributes.Select(a => a.Name));
        Assert.Equal(3, new[] { pairs, turned, pictures }.Select(s => s.Fingerprint).Distinct().Count());
        for (var i = 0; i < 60; i += 7)
        {
            var read = pairs.Read(i);
            Assert.Equal(pictures.Read(i), read[(input * 256)..]);
            Assert.Equal([.. read[(input * 256)..], .. read[..(input * 256)]], turned.Read(i));
            if (input == 3 && pair is not ("classes" or "drawing")) Assert.Equal([.. read[..256], .. read[..256]], read[256..768]);
            Assert.Equal(pictures.Label(i), pairs.Label(i));
            Assert.Equal(Values(pictures, i), Values(pairs, i));
        }
    }

    [Fact]
    public void Gray_is_the_gray_of_gray_pictures()
    {
        // CIFAR's are not resized, so that gray before and after is the same: Rec. 601 of the same bytes.
        CifarWriter.WriteTen(_folder.Path, binary: true);
        var bytes = File.ReadAllBytes(_folder["data_batch_1.bin"]);
        new Random(5).NextBytes(bytes.AsSpan(1, CifarWriter.PictureSize));
        File.WriteAllBytes(_folder["data_batch_1.bin"], bytes);
        var options = new DataOptions { Kind = "cifar10", Path = _folder.Path };
        using var pairs = DataSets.Open(options with { Pair = "gray" });
        using var gray = DataSets.Open(options with { Channels = 1 });
        using var color = DataSets.Open(options);
        for (var i = 0; i < pairs.Count; i++) Assert.Equal([.. gray.Read(i), .. color.Read(i)], pairs.Read(i));
        // Selections keep both sides.
        using var some = DataSets.Open(options with { Pair = "gray", Limit = 3, Classes = ["cat", "dog", "bird", "ship"] });
        Assert.Equal((3, 1, 4), (some.Count, some.ConditionChannels, some.Shape.Channels));
    }

    [Fact]
    public void A_folder_of_pictures_has_gray_pairs_with_what_belongs_to_them()
    {
        _folder.Put("cat/1.png", Reading.Png(8, 8, 200, 100, 50));
        _folder.Put("dog/2.png", [1, 2, 3]);
        _folder.Put("dog/3.psd", "8BPS"u8.ToArray());
        using var pairs = DataSets.Open(new() { Kind = "folder", Path = _folder.Path, Size = 8, Pair = "gray" });
        var pixels = pairs.Read(0);
        Assert.All(pixels[..64], p => Assert.Equal(124, p)); // 0.299 x 200 + 0.587 x 100 + 0.114 x 50 = 124.2
        Assert.Equal(200, pixels[64]);
        Assert.False(pairs.TryRead(1, pixels));
        Assert.Equal(["cat", "dog"], pairs.Classes);
        Assert.Equal((1, "dog/2.png", "dog/3.psd"), (pairs.Skipped, pairs.SkippedImages[0].File, pairs.LeftOutFiles[0].File));
        Assert.Equal("cat/1.png", pairs.FileOf(0)?.File);
    }

    [Fact]
    public void Batches_flip_both_sides_of_a_pair_alike_and_the_cache_changes_nothing()
    {
        using var pairs = DataSets.Open(new() { Size = 8, Count = 50, Pair = "gray", Classes = ["brick 2x4", "slope 2x2"] });
        var options = new BatchLoaderOptions { BatchSize = 50, Flip = true, RandomCrop = 2, Seed = 1 };
        using var cached = new BatchLoader(pairs, options);
        using var read = new BatchLoader(pairs, options with { CacheBytes = 0 });
        using var batch = cached.Next();
        using var same = read.Next();
        Assert.Equal(same.Pixels, batch.Pixels);
        foreach (var pair in batch.Pixels.Chunk(4 * 64))
            for (var i = 0; i < 64; i++) Assert.Equal(Planes.Gray(pair[64 + i], pair[128 + i], pair[192 + i]), pair[i]);
        Assert.Equal(1, new PixelCache(pairs).ConditionChannels);
    }

    private static float[] Values(IImageSource source, int index)
    {
        var values = new float[source.Attributes.Count];
        source.ReadAttributes(index, values);
        return values;
    }
}
