namespace GanPipeline.Data.Tests;

public class BatchLoaderTests
{
    private static readonly BatchLoaderOptions _options = new() { BatchSize = 8, Seed = 42, Workers = 2 };

    [Fact]
    public void An_epoch_shows_every_picture_once_and_epochs_follow_without_a_gap()
    {
        using var source = new FakeSource(21);
        var labels = Take(source, _options, 21).SelectMany(b => b.Labels).ToList(); // 168 pictures: eight epochs of 21
        foreach (var epoch in labels.Chunk(21)) Assert.Equal(Enumerable.Range(0, 21), epoch.Order());
        Assert.Equal(8, labels.Chunk(21).Select(e => string.Join(',', e)).Distinct().Count());
    }

    [Fact]
    public void Steps_and_epochs_are_counted()
    {
        using var source = new FakeSource(20);
        Assert.Equal([(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 2)], Take(source, _options, 6).Select(b => (b.Step, b.Epoch)));
    }

    [Theory]
    [InlineData(1, 1, 0L)]
    [InlineData(3, 2, 0L)]
    [InlineData(4, 9, 1L << 20)]
    public void Workers_prefetch_and_cache_do_not_change_the_batches(int workers, int prefetch, long cache)
    {
        using var source = new FakeSource(37, usable: i => i % 5 != 3);
        var expected = Take(source, _options with { Workers = 1, Prefetch = 4, CacheBytes = 0, Flip = true }, 30);
        var batches = Take(source, _options with { Workers = workers, Prefetch = prefetch, CacheBytes = cache, Flip = true }, 30);
        Assert.Equal(expected.Select(b => b.Labels), batches.Select(b => b.Labels));
        Assert.Equal(expected.Select(b => b.Pixels), batches.Select(b => b.Pixels));
    }

    [Fact]
    public void A_run_that_starts_later_sees_what_it_would_have_seen()
    {
        using var source = new FakeSource(37);
        var whole = Take(source, _options with { Flip = true }, 20);
        var resumed = Take(source, _options with { Flip = true, FirstStep = 13 }, 7);
        Assert.Equal(whole[13..], resumed, (a, b) =>
            a.Step == b.Step && a.Epoch == b.Epoch && a.Pixels.SequenceEqual(b.Pixels) && a.Labels.SequenceEqual(b.Labels));
        Assert.Equal(1000, Take(source, _options with { FirstStep = 1000 }, 1)[0].Step);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Parts_of_a_batch_are_the_whole_batch(int parts)
    {
        using var source = new FakeSource(37, usable: i => i % 5 != 3);
        var options = _options with { Flip = true, FirstStep = 2 };
        var whole = Take(source, options, 20);
        var each = Enumerable.Range(0, parts).Select(part => Take(source, options with { Parts = parts, Part = part }, 20)).ToArray();
        for (var step = 0; step < 20; step++)
        {
            Assert.All(each, part => Assert.Equal(8 / parts, part[step].Labels.Length));
            Assert.Equal(whole[step].Labels, each.SelectMany(part => part[step].Labels));
            Assert.Equal(whole[step].Pixels, each.SelectMany(part => part[step].Pixels));
        }
    }

    [Fact]
    public void Random_crops_are_windows_of_the_picture_and_others_in_other_epochs()
    {
        using var source = DataSets.Open(new() { Count = 50, Size = 8 });
        var options = _options with { RandomCrop = 2, BatchSize = 50 };
        var epochs = Take(source, options, 2);
        var seen = new HashSet<(int, int)>();
        foreach (var batch in epochs)
        {
            for (var i = 0; i < 50; i++)
            {
                var picture = source.Read(batch.Labels[i]); // a picture of each kind: the label is the index
                var offsets = from x in Enumerable.Range(-2, 5) from y in Enumerable.Range(-2, 5) where Window(picture, x, y)
                    .SequenceEqual(batch.Pixels.Skip(64 * i).Take(64)) select (x, y);
                Assert.NotEmpty(offsets);
                seen.UnionWith(offsets);
            }
        }
        Assert.Equal(25, seen.Count);
        Assert.NotEqual(Pictures(epochs[0]), Pictures(epochs[1]));
        Assert.Equal(epochs.Select(Pictures), Take(source, options with { Workers = 1 }, 2).Select(Pictures));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, options with { RandomCrop = 8 }));

        static byte[] Window(byte[] picture, int x, int y)
        {
            var window = picture.ToArray();
            Augmentation.Window(window, 8, 8, x, y, new byte[64]);
            return window;
        }

        static byte[][] Pictures(Taken batch) => [.. batch.Labels.Zip(batch.Pixels.Chunk(64)).OrderBy(p => p.First).Select(p => p.Second)];
    }

    [Fact]
    public void Jitter_cuts_windows_of_the_enlarged_picture_both_sides_of_a_pair_alike()
    {
        using var source = DataSets.Open(new() { Count = 50, Size = 8, Pair = "gray" });
        var options = _options with { Jitter = 3, BatchSize = 50 };
        var seen = new HashSet<(int, int)>();
        var epochs = Take(source, options, 2);
        foreach (var batch in epochs)
        {
            for (var i = 0; i < 50; i++)
            {
                var picture = source.Read(batch.Labels[i]);
                var offsets = from x in Enumerable.Range(0, 4) from y in Enumerable.Range(0, 4) where Window(picture, x, y)
                    .SequenceEqual(batch.Pixels.Skip(256 * i).Take(256)) select (x, y);
                Assert.NotEmpty(offsets);
                seen.UnionWith(offsets);
            }
        }
        Assert.Equal(16, seen.Count);
        Assert.NotEqual(Pictures(epochs[0]), Pictures(epochs[1]));
        Assert.Equal(epochs.Select(Pictures), Take(source, options with { Workers = 1, CacheBytes = 0 }, 2).Select(Pictures));
        Assert.Equal(epochs[1].Pixels, Take(source, options with { FirstStep = 1 }, 1)[0].Pixels);

        Assert.Contains("leave out the random crop, or the jitter",
            Assert.Throws<ArgumentException>(() => new BatchLoader(source, options with { RandomCrop = 1 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, options with { Jitter = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, options with { Jitter = 9 }));

        static byte[] Window(byte[] picture, int x, int y)
        {
            var (window, filter) = (picture.ToArray(), new ResizeFilter(0, 8, 11));
            Augmentation.Jitter(window, filter, filter, 8, 8, x, y, new byte[256]);
            return window;
        }

        static byte[][] Pictures(Taken batch) => [.. batch.Labels.Zip(batch.Pixels.Chunk(256)).OrderBy(p => p.First).Select(p => p.Second)];
    }

    [Fact]
    public void Labels_that_a_mirrored_picture_would_not_have_are_refused()
    {
        using var source = DataSets.Open(new() { Count = 100, Size = 8 });
        var options = _options with { Flip = true, Labels = source.SelectLabels(["class", "yaw"]) };
        Assert.Contains("cannot be mirrored (flip) while their yaw is among the labels",
            Assert.Throws<DataSetException>(() => new BatchLoader(source, options)).Message);
        using var fine = new BatchLoader(source, options with { Labels = source.SelectLabels(["class"]) });
    }

    [Fact]
    public void Flipping_mirrors_about_half_and_others_in_other_epochs()
    {
        using var source = new FakeSource(200);
        var pictures = Take(source, _options with { Flip = true, BatchSize = 200 }, 2)
            .Select(b => b.Labels.Zip(b.Pixels.Chunk(8)).OrderBy(p => p.First).Select(p => p.Second).ToArray()).ToArray();
        var flipped = pictures.Select(epoch => epoch.Select(IsMirrored).ToArray()).ToArray();
        foreach (var epoch in flipped) Assert.InRange(epoch.Count(f => f), 100 - 29, 100 + 29); // four standard deviations
        Assert.NotEqual(flipped[0], flipped[1]);

        static bool IsMirrored(byte[] p, int index)
        {
            var plain = Enumerable.Range(0, 8).Select(i => (byte)(index + i)).ToArray();
            if (p.SequenceEqual(plain)) return false;
            Assert.Equal([.. plain[..4].Reverse(), .. plain[4..].Reverse()], p);
            return true;
        }
    }

    [Fact]
    public void Unusable_pictures_are_replaced_by_usable_ones()
    {
        using var source = new FakeSource(50, usable: i => i % 2 == 0);
        Assert.All(Take(source, _options, 40).SelectMany(b => b.Labels), label => Assert.Equal(0, label % 2));
    }

    [Fact]
    public void Where_hardly_any_picture_is_usable_Next_says_so()
    {
        using var source = new FakeSource(10, usable: _ => false);
        using var loader = new BatchLoader(source, _options);
        Assert.Contains("could not be used", Assert.Throws<DataSetException>(() => loader.Next()).Message);
    }

    [Fact]
    public void What_a_worker_throws_Next_throws()
    {
        using var source = new FakeSource(100, onRead: i => { if (i == 17) throw new InvalidOperationException("broken disk"); });
        using var loader = new BatchLoader(source, _options with { BatchSize = 100 });
        Assert.Equal("broken disk", Assert.Throws<InvalidOperationException>(() => loader.Next()).Message);
    }

    [Fact]
    public void A_cached_picture_is_read_once()
    {
        using var source = new FakeSource(16);
        Take(source, _options with { Workers = 1, CacheBytes = 16 * 8 }, 40);
        Assert.Equal(16, source.Reads);
        using var streamed = new FakeSource(16);
        Take(streamed, _options with { Workers = 1, CacheBytes = 16 * 8 - 1 }, 40);
        Assert.True(streamed.Reads >= 40 * 8);
    }

    [Fact]
    public void No_more_is_prepared_than_asked_for()
    {
        using var source = new FakeSource(64);
        using var loader = new BatchLoader(source, _options with { Prefetch = 3, CacheBytes = 0 });
        loader.Next().Dispose();
        Assert.True(SpinWait.SpinUntil(() => source.Reads >= 4 * 8, TimeSpan.FromSeconds(30)));
        Thread.Sleep(50);
        Assert.Equal(4 * 8, source.Reads); // the one taken and three ahead
    }

    [Fact]
    public void Buffers_are_used_again()
    {
        using var source = new FakeSource(64);
        using var loader = new BatchLoader(source, _options);
        var buffers = new HashSet<byte[]>();
        for (var i = 0; i < 100; i++)
        {
            using var batch = loader.Next();
            buffers.Add(batch.Pixels);
            batch.Dispose(); // twice is once
        }
        Assert.InRange(buffers.Count, 1, _options.Prefetch + 3);
    }

    [Fact]
    public void Disposal_does_not_wait_for_the_batches_ahead()
    {
        using var gate = new ManualResetEventSlim();
        using var source = new FakeSource(1000, onRead: _ => gate.Wait());
        var loader = new BatchLoader(source, _options with { BatchSize = 500, Prefetch = 8, CacheBytes = 0 });
        Assert.True(SpinWait.SpinUntil(() => source.Reads == 2, TimeSpan.FromSeconds(30)));
        var disposal = new Thread(loader.Dispose);
        disposal.Start();
        // It has told the workers to stop when it waits for the reads that are under way.
        Assert.True(SpinWait.SpinUntil(() => disposal.ThreadState == ThreadState.WaitSleepJoin, TimeSpan.FromSeconds(30)));
        gate.Set();
        Assert.True(disposal.Join(TimeSpan.FromSeconds(30)));
        Assert.True(source.Reads < 500, "a worker went on to the end of its batch");
        Assert.Throws<ObjectDisposedException>(() => loader.Next());
        loader.Dispose();
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        using var source = new FakeSource(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, _options with { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, _options with { FirstStep = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, _options with { Prefetch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, _options with { Parts = 2, Part = 2 }));
        Assert.Contains("A batch of 8 pictures has no 3 parts of one size.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(source, _options with { Parts = 3 })).Message);
    }

    private sealed record Taken(long Step, long Epoch, byte[] Pixels, int[] Labels);

    private static Taken[] Take(IImageSource source, BatchLoaderOptions options, int count)
    {
        using var loader = new BatchLoader(source, options);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            using var batch = loader.Next();
            return new Taken(batch.Step, batch.Epoch, [.. batch.Pixels], [.. batch.Labels]);
        })];
    }
}
