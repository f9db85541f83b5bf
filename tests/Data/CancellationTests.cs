namespace GanPipeline.Data.Tests;

public class CancellationTests
{
    private static readonly CancellationToken _stopped = new(canceled: true);

    [Fact]
    public void Opening_a_data_set_ends_when_it_is_cancelled()
    {
        using var folder = new TemporaryFolder();
        folder.Put("set/1.png", Reading.Png(4, 4, 1, 2, 3));
        System.IO.Compression.ZipFile.CreateFromDirectory(folder["set"], folder["set.zip"]);
        foreach (var path in (string[])[folder["set"], folder["set.zip"]])
        {
            var options = new DataOptions { Kind = "folder", Path = path, Size = 4 };
            Assert.ThrowsAny<OperationCanceledException>(() => DataSets.Open(options, _stopped));
            DataSets.Open(options).Dispose();
        }
    }

    [Fact]
    public void Counting_labels_ends_when_it_is_cancelled()
    {
        using var bricks = DataSets.Open(new DataOptions { Kind = "bricks", Count = 100 });
        Assert.ThrowsAny<OperationCanceledException>(() => bricks.SelectLabels(["form"], _stopped));
    }

    [Fact]
    public void A_batch_that_was_waited_for_in_vain_is_the_next_one()
    {
        using var block = new ManualResetEventSlim();
        using var source = new BlockingSource(block);
        using var loader = new BatchLoader(source, new BatchLoaderOptions { BatchSize = 1 });
        Assert.ThrowsAny<OperationCanceledException>(() => loader.Next(_stopped));
        block.Set();
        using var batch = loader.Next();
        Assert.Equal(0, batch.Step);
    }

    /// <summary>One picture that can be read only when the event is set.</summary>
    private sealed class BlockingSource(ManualResetEventSlim block) : IImageSource
    {
        public string Name => "blocking";
        public int Count => 1;
        public ImageShape Shape => new(1, 4, 4);
        public IReadOnlyList<string> Classes => [];
        public string Fingerprint => "";
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public int Label(int index) => -1;

        public bool TryRead(int index, Span<byte> pixels)
        {
            block.Wait();
            return true;
        }

        public void Dispose() { }
    }
}
