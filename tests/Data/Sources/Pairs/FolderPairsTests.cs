using System.Formats.Tar;
using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>Pairs in two folders.</summary>
public sealed class FolderPairsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("A/1.png", "B/1.jpg", "A/2.png", "B/2.png")]
    [InlineData("set/A/train/1.png", "set/B/train/1.jpg", "set/A/train/2.png", "set/B/train/2.png", "set/A/test/1.png", "set/B/test/1.png")]
    [InlineData("train/A/1.png", "train/B/1.jpg", "train/A/2.png", "train/B/2.png", "val/A/9.png", "val/B/9.png")]
    [InlineData("trainA/1.png", "trainB/1.jpg", "trainA/2.png", "trainB/2.png", "testA/1.png", "testB/1.png")]
    [InlineData("A/train/c/1.png", "B/train/c/1.jpg", "A/train/c/2.png", "B/train/c/2.png")]
    public void Files_of_equal_names_are_pairs(params string[] files)
    {
        for (var i = 0; i < files.Length; i++)
        {
            var value = (byte)(10 * i);
            _folder.Put("in/" + files[i], files[i].EndsWith("jpg", StringComparison.Ordinal) ? Reading.Jpeg(8, 8, value, value, value)
                : Reading.Png(8, 8, value, value, value));
        }
        ZipFile.CreateFromDirectory(_folder["in"], _folder["in.zip"]);
        TarFile.CreateFromDirectory(_folder["in"], _folder["in.tar"], includeBaseDirectory: false);
        using (var file = File.Create(_folder["in.tar.gz"]))
        using (var gzip = new GZipStream(file, CompressionMode.Compress)) gzip.Write(File.ReadAllBytes(_folder["in.tar"]));
        foreach (var where in (string[])["in", "in.zip", "in.tar", "in.tar.gz"])
        {
            var options = Options with { Path = _folder[where] };
            using var pairs = DataSets.Open(options);
            using var turned = DataSets.Open(options with { Direction = "b-to-a", ConditionChannels = 1 });
            Assert.Equal((2, new ImageShape(6, 8, 8), 3), (pairs.Count, pairs.Shape, pairs.ConditionChannels));
            Assert.Equal((2, new ImageShape(4, 8, 8), 1), (turned.Count, turned.Shape, turned.ConditionChannels));
            for (var i = 0; i < 2; i++)
            {
                var (pixels, round) = (pairs.Read(i), turned.Read(i));
                Assert.All(pixels[..192], p => Assert.Equal(20 * i, p));
                Assert.All(pixels[192..], p => Assert.InRange(p, 20 * i + 8, 20 * i + 12)); // JPEG's coarsest step
                Assert.Equal(pixels[192..256], round[..64]);
                Assert.Equal(pixels[..192], round[64..]);
            }
            Assert.Empty(pairs.LeftOutFiles);
            Assert.Equal((files[0], files[1]), (pairs.FileOf(0)?.File, turned.FileOf(0)?.File));
            if (files.Length == 4) continue;
            using var test = DataSets.Open(options with { Split = "test" });
            Assert.All(Assert.Single(test.ReadAll())[..192], p => Assert.Equal(40, p));
        }
    }

    [Fact]
    public void Files_without_their_half_are_left_out_with_the_reason()
    {
        foreach (var file in (string[])["A/1.png", "A/2.png", "A/2.bmp", "B/2.png", "B/3.png", "C/4.png", "5.png", "A/notes.txt"])
            _folder.Put(file, Reading.Png(8, 8, 1, 2, 3));
        using var pairs = DataSets.Open(Options);
        Assert.Equal(1, pairs.Count);
        Assert.Equal([
            ("5.png", Reasons.BesideSides),
            ("A/1.png", Reasons.NotInB),
            ("A/2.png", Reasons.SecondOfStem),
            ("A/notes.txt", Reasons.NotLookedAt(".txt")),
            ("B/3.png", Reasons.NotInA),
            ("C/4.png", Reasons.BesideSides),
        ], pairs.LeftOutFiles.Select(l => (l.File, l.Reason)));

        File.Delete(_folder["B/2.png"]);
        Assert.Contains("holds no pairs of files of equal names in folders A and B, or trainA and trainB: for example A/1.png: " +
            Reasons.NotInB, Reading.Fails(Options).Message);
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("it is empty", Reading.Fails(Options with { Path = _folder["empty"] }).Message);
        Assert.Contains("for example 4.png: " + Reasons.BesideSides, Reading.Fails(Options with { Path = _folder["C"] }).Message);
    }

    [Fact]
    public void Halves_of_unequal_sizes_are_resized_and_of_unequal_shapes_skipped()
    {
        Put("1", (8, 8), (32, 32));
        Put("2", (200, 100), (201, 100)); // half a percent
        Put("3", (100, 100), (102, 100));
        Put("4", (8, 8), (8, 8));
        _folder.Put("B/4.png", Reading.Png(8, 8, 1, 2, 3)[..30]);
        Put("5", (8, 8), (8, 8));
        _folder.Put("A/5.png", [1]);
        using var pairs = DataSets.Open(Options);
        Assert.Equal([true, true, false, false, false], Enumerable.Range(0, 5).Select(i => pairs.TryRead(i, new byte[pairs.Shape.Size])));
        var reasons = pairs.SkippedImages.ToDictionary(s => s.File, s => s.Reason);
        Assert.Equal("its halves do not show the same: they have 100 x 100 and 102 x 100 pixels, which are not of one shape",
            reasons["A/3.png"]);
        Assert.StartsWith("its other half, B/4.png: ", reasons["A/4.png"]);
        Assert.Equal(Reasons.NoPicture, reasons["A/5.png"]);
        Assert.Equal([.. Plain(1), .. Plain(200)], pairs.Read(0));

        Assert.Contains("A/1.png: its halves have 8 x 8 and 32 x 32 pixels, of which a crop would cut different parts",
            Reading.Fails(Options with { Crop = 8 }).Message);

        void Put(string name, (int Width, int Height) a, (int Width, int Height) b)
        {
            _folder.Put($"A/{name}.png", Reading.Png(a.Width, a.Height, 1, 1, 1));
            _folder.Put($"B/{name}.png", Reading.Png(b.Width, b.Height, 200, 200, 200));
        }

        static byte[] Plain(byte value) => [.. Enumerable.Repeat(value, 192)];
    }

    [Fact]
    public void Tables_hold_outs_and_selections_keep_pairs_together()
    {
        for (var i = 0; i < 40; i++)
            foreach (var side in (string[])["A", "B"])
                _folder.Put($"in/{side}/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", Reading.Png(8, 8, (byte)i, 0, 0));
        File.WriteAllLines(_folder["t.csv"], ["file,old", .. Enumerable.Range(0, 39).Select(i => $"{i}.png,{i % 3}")]);
        var options = Options with { Path = _folder["in"], HoldOut = 0.25, Seed = 4 };
        using var train = DataSets.Open(options);
        using var test = DataSets.Open(options with { Split = "test" });
        Assert.Equal(40, train.Count + test.Count);
        Assert.Equal(Enumerable.Range(0, 40), Numbers(train).Concat(Numbers(test)).Order());
        using var dogs = DataSets.Open(Options with { Path = _folder["in"], Classes = ["dog"], Limit = 7 });
        Assert.Equal((7, 3), (dogs.Count, dogs.ConditionChannels));
        Assert.All(Numbers(dogs), i => Assert.Equal(1, i % 2));

        using var joined = DataSets.Open(Options with
        {
            Path = _folder["in"], Attributes = _folder["t.csv"], Missing = MissingAttributes.LeaveOut,
        });
        Assert.Equal(["class", "old"], joined.Attributes.Select(a => a.Name));
        Assert.Equal([("A/dog/39.png", Reasons.NoRow)], joined.LeftOutFiles.Select(l => (l.File, l.Reason)));

        // Both sides have the number in red.
        IEnumerable<int> Numbers(IImageSource source) => source.ReadAll().Select(pixels =>
        {
            Assert.Equal(pixels[0], pixels[192]);
            return (int)pixels[0];
        });
    }

    [Fact]
    public void The_fingerprint_is_of_both_sides()
    {
        _folder.Put("A/1.png", Reading.Png(8, 8, 1, 1, 1));
        _folder.Put("B/1.png", Reading.Png(8, 8, 2, 2, 2));
        var before = Fingerprint(Options);
        Assert.Equal(before, Fingerprint(Options));
        Assert.NotEqual(before, Fingerprint(Options with { Direction = "b-to-a" }));
        _folder.Put("B/1.png", Reading.Png(8, 8, 3, 2, 2));
        Assert.NotEqual(before, Fingerprint(Options));

        static string Fingerprint(DataOptions options)
        {
            using var source = DataSets.Open(options);
            return source.Fingerprint;
        }
    }

    private DataOptions Options => new() { Kind = "folder", Path = _folder.Path, Size = 8, Pair = "folders" };
}
