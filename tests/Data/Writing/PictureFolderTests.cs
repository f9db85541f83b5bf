using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_is_written_is_read_back(int channels)
    {
        var bricks = new DataOptions { Count = 100, Size = 16, Channels = channels, Bricks = new() { Backgrounds = ["white", "dark"] } };
        using var train = DataSets.Open(bricks);
        using var test = DataSets.Open(bricks with { Count = 50, Split = "test" });
        var reports = new List<(long, long)>();
        Assert.Equal(150,
            PictureFolder.Write(_folder["set"], [("train", train), ("test", test)], (done, total) => reports.Add((done, total))));
        Assert.Equal([(100L, 150L), (150, 150)], reports);
        Assert.Equal(["set"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));

        foreach (var (split, source) in new[] { ("train", train), ("test", test) })
        {
            var folder = new DataOptions { Kind = "folder", Path = _folder["set"], Size = 16, Channels = channels, Split = split,
                Attributes = _folder["set/attributes.csv"] };
            using var read = DataSets.Open(folder);
            Assert.Equal(source.Count, read.Count);
            Assert.Equal(source.Classes.Order(StringComparer.Ordinal), read.Classes);
            // Files come by class, then by number.
            var order = Enumerable.Range(0, source.Count).OrderBy(i => source.Classes[source.Label(i)], StringComparer.Ordinal)
                .ThenBy(i => i).ToArray();
            for (var i = 0; i < read.Count; i++)
            {
                Assert.Equal(source.Classes[source.Label(order[i])], read.Classes[read.Label(i)]);
                Assert.Equal(source.Read(order[i]), read.Read(i));
                // Studs are numbers to whoever reads the table, and are written alike.
                foreach (var name in (string[])["form", "color", "background", "yaw", "pitch", "studs-long"])
                    Assert.Equal(ValueOf(source, order[i], name), ValueOf(read, i, name));
            }
        }
    }

    [Theory]
    [InlineData("depth", 1, 1)]
    [InlineData("gray", 0, 3)]
    [InlineData("classes", 0, 3)]
    [InlineData("classes", 3, 1)]
    public void Pairs_are_written_beside_each_other(string pair, int conditionChannels, int channels)
    {
        using var bricks = DataSets.Open(new()
        {
            Count = 3, Size = 16, Pair = pair, ConditionChannels = conditionChannels, Channels = channels, Classes = ["brick 2x4"],
        });
        PictureFolder.Write(_folder["set"], [("", bricks)]);
        using var image = Image.Load<Rgb24>(_folder["set/brick 2x4/000002.png"]);
        Assert.Equal((32, 16), (image.Width, image.Height));
        var (pixels, input) = (bricks.Read(2), bricks.ConditionChannels);
        for (var i = 0; i < 256; i++)
        {
            Assert.Equal(Color(pixels[..(input * 256)], i), image[i % 16, i / 16]);
            Assert.Equal(Color(pixels[(input * 256)..], i), image[16 + i % 16, i / 16]);
        }

        static Rgb24 Color(byte[] planes, int i) => planes.Length == 256 ? new(planes[i], planes[i], planes[i])
            : new(planes[i], planes[256 + i], planes[512 + i]);
    }

    [Fact]
    public void Captions_are_written_and_read_back()
    {
        using var bricks = DataSets.Open(new()
        {
            Count = 40, Size = 16, Channels = 3, Captions = "sentences", Bricks = new() { Colors = ["red", "blue"] },
        });
        PictureFolder.Write(_folder["set"], [("", bricks)]);
        using var read = DataSets.Open(new()
        {
            Kind = "folder", Path = _folder["set"], Size = 16, Channels = 3, Captions = "table", CaptionFiles = _folder["set/captions.csv"],
        });
        Assert.Equal(40, read.Count);
        // Files come by class, then by number.
        var order = Enumerable.Range(0, 40).OrderBy(i => bricks.Classes[bricks.Label(i)], StringComparer.Ordinal).ThenBy(i => i).ToArray();
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(bricks.Captions(order[i]), read.Captions(i)));
        Assert.True(bricks.Captions(0).Count > 1);
    }

    [Fact]
    public void Pictures_that_no_file_can_hold_are_refused()
    {
        using var source = new FourChannels();
        Assert.Contains("have 4 channels; a picture file has 1 or 3",
            Assert.Throws<DataSetException>(() => PictureFolder.Write(_folder["set"], [("", source)])).Message);
        Assert.False(Directory.Exists(_folder["set"]));
    }

    [Fact]
    public void An_existing_folder_is_left_alone_and_a_failed_one_leaves_nothing()
    {
        using var bricks = DataSets.Open(new() { Count = 5, Size = 8 });
        _folder.Put("set/mine.txt", [1]);
        Assert.Contains("exists already",
            Assert.Throws<DataSetException>(() => PictureFolder.Write(_folder["set"], [("", bricks)])).Message);
        Assert.Single(Directory.GetFileSystemEntries(_folder["set"]));

        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            PictureFolder.Write(_folder["other"], [("", bricks)], cancellationToken: stop.Token));
        Assert.Equal(["set"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    private sealed class FourChannels : IImageSource
    {
        public string Name => "four";
        public int Count => 1;
        public ImageShape Shape => new(4, 4, 4);
        public IReadOnlyList<string> Classes => [];
        public string Fingerprint => "";
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public int Label(int index) => -1;
        public bool TryRead(int index, Span<byte> pixels) => true;
        public void Dispose() { }
    }

    private static string ValueOf(IImageSource source, int index, string name)
    {
        var values = new float[source.Attributes.Count];
        source.ReadAttributes(index, values);
        var place = source.Attributes.ToList().FindIndex(f => f.Name == name);
        return source.Attributes[place].Kind == LabelKind.Categorical
            ? source.Attributes[place].Values[(int)values[place]]
            : values[place].ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
