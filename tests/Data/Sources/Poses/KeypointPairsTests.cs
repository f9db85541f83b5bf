using System.Globalization;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Pairs of a folder's pictures and keypoints.</summary>
public sealed class KeypointPairsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _rows = ["file,name,x,y,visible"];

    public void Dispose() => _folder.Dispose();

    private DataOptions Options => new()
    {
        Kind = "folder", Path = _folder["in"], Pair = "pose", Keypoints = _folder["points.csv"], Size = 16, Channels = 1,
    };

    /// <summary>A black picture with a white square around a point, which the table tells.</summary>
    private void Put(string file, int width, int height, int x, int y, ushort orientation = 1, string name = "spot")
    {
        using var image = new Image<L8>(width, height, new L8(0));
        // What is seen upright at (x, y) is stored elsewhere where the file asks to be turned by a right angle.
        var (column, row) = orientation == 6 ? (y, height - 1 - x) : (x, y);
        for (var dy = -2; dy <= 2; dy++)
            for (var dx = -2; dx <= 2; dx++)
                if (column + dx >= 0 && column + dx < width && row + dy >= 0 && row + dy < height)
                    image[column + dx, row + dy] = new L8(255);
        if (orientation != 1)
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, orientation);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["in/" + file])!);
        image.SaveAsPng(_folder["in/" + file]);
        Row(file, x, y, name);
    }

    private void Row(string file, int x, int y, string name = "spot") =>
        _rows.Add(string.Create(CultureInfo.InvariantCulture, $"{file},{name},{x},{y},1"));

    private IImageSource Open(DataOptions options)
    {
        File.WriteAllLines(_folder["points.csv"], _rows);
        return DataSets.Open(options);
    }

    [Theory]
    [InlineData("crop", 0, 64, 32, 40, 10, 1)]
    [InlineData("crop", 30, 64, 32, 40, 10, 1)]
    [InlineData("crop", 0, 33, 70, 12, 30, 1)]
    [InlineData("pad", 0, 64, 32, 50, 10, 1)]
    [InlineData("pad", 0, 30, 41, 5, 35, 1)]
    [InlineData("stretch", 0, 64, 32, 55, 8, 1)]
    [InlineData("stretch", 40, 64, 32, 45, 8, 1)]
    [InlineData("crop", 0, 16, 16, 5, 11, 1)]
    [InlineData("crop", 0, 63, 32, 20, 40, 6)]
    [InlineData("pad", 0, 64, 31, 6, 50, 6)]
    public void A_keypoint_lies_where_its_picture_shows_it(string fit, int crop, int width, int height, int x, int y, int orientation)
    {
        Put("a_1.png", width, height, width / 2, height / 2);
        Put("a_2.png", width, height, x, y, (ushort)orientation);
        using var pairs = Open(Options with { Fit = fit, Crop = crop });
        Assert.Equal((2, new ImageShape(3, 16, 16), 2), (pairs.Count, pairs.Shape, pairs.ConditionChannels));
        var read = pairs.Read(Enumerable.Range(0, 2).First(i => pairs.FileOf(i)!.File == "a_2.png"));
        // What pads is white: it does not count.
        var target = read.AsSpan(512).ToArray();
        var (left, top) = Center(fit == "pad" ? [.. target.Select((value, at) => InPicture(at) ? value : (byte)0)] : target);
        var (spotX, spotY) = Center(read.AsSpan(256, 256));
        // Bytes are rounded, and so are the sides of what is padded, by up to a 32nd.
        Assert.Equal(left, spotX, 0.25);
        Assert.Equal(top, spotY, 0.25);

        bool InPicture(int at)
        {
            var (w, h) = orientation == 6 ? (height, width) : (width, height);
            var (across, down) = w > h ? (16.0, 16.0 * h / w) : (16.0 * w / h, 16.0);
            return Math.Abs(at % 16 + 0.5 - 8) < across / 2 - 1 && Math.Abs(at / 16 + 0.5 - 8) < down / 2 - 1;
        }
    }

    private static (double X, double Y) Center(ReadOnlySpan<byte> plane)
    {
        var (sum, x, y) = (0.0, 0.0, 0.0);
        for (var at = 0; at < plane.Length; at++)
        {
            sum += plane[at];
            x += plane[at] * (at % 16 + 0.5);
            y += plane[at] * (at / 16 + 0.5);
        }
        Assert.True(sum > 0);
        return (x / sum, y / sum);
    }

    [Fact]
    public void A_pair_is_a_picture_the_other_ones_keypoints_and_the_other_one()
    {
        Put("a_1.png", 16, 16, 4, 4);
        Put("a_2.png", 16, 16, 8, 9);
        Put("b_1.png", 16, 16, 3, 3);
        Row("a_2.png", 12, 3, "other");
        using var pairs = Open(Options with { Channels = 3, KeypointRadius = 1.5 });
        Assert.Equal(PoseLayout.OfKeypoints(["spot", "other"], 1.5), pairs.Pose);
        Assert.Equal((2, new ImageShape(8, 16, 16), 5), (pairs.Count, pairs.Shape, pairs.ConditionChannels));
        var planes = new byte[512];
        pairs.Pose!.Write([(8.5, 9.5), (12.5, 3.5)], 16, planes);
        var read = pairs.Read(Enumerable.Range(0, 2).Single(i => pairs.FileOf(i)!.File == "a_2.png"));
        using var pictures = DataSets.Open(new() { Kind = "folder", Path = _folder["in"], Size = 16, Channels = 3 });
        Assert.Equal([.. pictures.Read(0), .. planes, .. pictures.Read(1)], read);
        using var wide = Open(Options with { Size = 64 });
        Assert.Equal(2, wide.Pose!.Radius);
    }

    [Fact]
    public void Pictures_of_one_name_are_paired_with_up_to_four_others_and_held_out_together()
    {
        for (var person = 0; person < 12; person++)
            for (var i = 0; i < (person == 0 ? 1 : 7); i++) Put($"{person:D4}_c{i}.png", 16, 16, (i + person) % 16, 5);
        var options = Options with { HoldOut = 0.4, Seed = 3 };
        using var train = Open(options);
        using var test = Open(options with { Split = "test" });
        // 11 persons of 7 pictures; one is alone.
        Assert.Equal(11 * 7 * 4, train.Count + test.Count);
        Assert.NotEqual(0, test.Count);
        var (trained, tested) = (Persons(train), Persons(test));
        Assert.Empty(trained.Intersect(tested));
        Assert.Equal(11, trained.Count + tested.Count);
        using var again = Open(options);
        Assert.Equal(train.Fingerprint, again.Fingerprint);
        Assert.Equal(train.Read(9), again.Read(9));
        using var other = Open(options with { KeypointRadius = 2 });
        Assert.NotEqual(train.Fingerprint, other.Fingerprint);
        using var few = Open(options with { Limit = 5 });
        Assert.Equal((5, train.Pose), (few.Count, few.Pose));

        static HashSet<string> Persons(IImageSource source) =>
            [.. Enumerable.Range(0, source.Count).Select(i => source.FileOf(i)!.File[..4])];
    }

    [Theory]
    [InlineData("train", 2)]
    [InlineData("test", 1)]
    [InlineData("all", 3)]
    public void Tables_of_pairs_and_keypoints_tell_the_splits(string split, int count)
    {
        foreach (var name in (string[])["a", "b", "c"]) Put($"{name}.png", 16, 16, name[0] - 'a' + 4, 5);
        File.WriteAllText(_folder["points-train.csv"], "name:keypoints_y:keypoints_x\na.png: [5]: [4]\nb.png: [5]: [5]\n");
        File.WriteAllText(_folder["points-test.csv"], "name:keypoints_y:keypoints_x\nc.png: [5]: [6]\n");
        File.WriteAllText(_folder["pairs-train.csv"], "from,to\na.png,b.png\nb.png,a.png\n");
        File.WriteAllText(_folder["pairs-test.csv"], "from,to\na.png,c.png\n");
        using var pairs = DataSets.Open(Options with
        {
            Split = split, Keypoints = _folder["points-train.csv"], PairsTable = _folder["pairs-train.csv"],
        });
        Assert.Equal(count, pairs.Count);
        Assert.Equal(split == "test" ? "c.png" : "b.png", pairs.FileOf(0)!.File);
        // Both parts have the same to say, which is told once.
        Assert.Equal($"Pictures that stand in pairs both of {_folder["pairs-train.csv"]} and of {_folder["pairs-test.csv"]}: 1, for " +
            "example a.png. What is measured on pictures of the training tells little of others: leave them out of one of the tables.",
            Assert.Single(pairs.Notes));
    }

    [Theory]
    [InlineData("c.png,d.png", null)]
    [InlineData("c.png,gone.png", null)]    // a pair that is left out tests nothing
    [InlineData("a.png,e.png", null)]       // as this one is, which has a picture without keypoints
    [InlineData("c.png,b.png", "2, for example b.png")]
    public void Pictures_of_both_tables_of_pairs_are_told(string tested, string? told)
    {
        foreach (var name in (string[])["a", "b", "c", "d"]) Put($"{name}.png", 16, 16, 5, 6);
        Put("e.png", 16, 16, 5, 5);
        _rows.RemoveAt(_rows.Count - 1);
        File.WriteAllText(_folder["pairs-train.csv"], "from,to\na.png,b.png\nb.png,a.png\nc.png,gone.png\n" +
            (told is null ? "" : "b.png,c.png\n"));
        File.WriteAllText(_folder["pairs-test.csv"], $"from,to\nd.png,d.png\n{tested}\n");
        using var pairs = Open(Options with { PairsTable = _folder["pairs-train.csv"], Missing = MissingAttributes.LeaveOut });
        var leak = pairs.Notes.Where(note => note.StartsWith("Pictures that stand in pairs both", StringComparison.Ordinal)).ToArray();
        if (told is null) Assert.Empty(leak);
        else Assert.Contains($": {told}.", Assert.Single(leak), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_pairs_is_divided_by_the_folders_and_by_what_is_held_out()
    {
        foreach (var file in (string[])["train/a.png", "train/b.png", "test/c.png", "test/d.png"]) Put(file, 16, 16, 5, 6);
        File.WriteAllText(_folder["pairs.csv"], "from,to\na.png,train/b.png\nc.png,d.png\na.png,d.png\n");
        foreach (var (split, target) in new[] { ("train", "train/b.png"), ("test", "test/d.png") })
        {
            using var pairs = Open(Options with { PairsTable = _folder["pairs.csv"], Split = split });
            Assert.Equal((1, target), (pairs.Count, pairs.FileOf(0)!.File));
            Assert.Contains("1 of the pairs of ", Assert.Single(pairs.Notes), StringComparison.Ordinal);
            Assert.Contains("one in another", pairs.Notes[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_left_out_is_told()
    {
        Put("a_1.png", 16, 16, 4, 4);
        Put("a_2.png", 16, 16, 8, 9);
        Put("a_3.png", 40, 16, 2, 9);          // cut off
        Put("a_4.png", 16, 16, 16, 9);         // outside by one
        Put("a_5.png", 16, 16, 15, 9, name: "other");
        Put("a_6.png", 16, 16, 5, 5);
        _rows.RemoveAt(_rows.Count - 1);
        Row("a_9.png", 3, 3);
        _folder.Put("in/a_7.png", [1, 2, 3]);
        Row("a_7.png", 3, 3);
        using var pairs = Open(Options);
        Assert.Equal([("a_3.png", Reasons.NoKeypoint), ("a_4.png", Reasons.NoKeypoint), ("a_6.png", Reasons.NoKeypointRow),
            ("a_9.png", Reasons.NoPictureOfKeypoints)], pairs.LeftOutFiles.Select(left => (left.File, left.Reason)));
        Assert.Collection(pairs.Notes,
            note => Assert.StartsWith("1 of the keypoints of 1 pictures (for example of a_4.png) lie outside", note),
            note => Assert.StartsWith("1 of the keypoints of 1 pictures (for example of a_3.png) are in the parts", note));
        // Pairs with the damaged file cannot be read, and it is named once.
        var readable = Enumerable.Range(0, pairs.Count).Count(i => pairs.TryRead(i, new byte[pairs.Shape.Size]));
        Assert.Equal((12, 6), (pairs.Count, readable));
        Assert.Equal("a_7.png", Assert.Single(pairs.SkippedImages).File);
        using var batches = new BatchLoader(pairs, new() { BatchSize = 4, Seed = 1 });
        using var batch = batches.Next();
        Assert.Equal(4, batch.Count);
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        Put("a_1.png", 16, 16, 4, 4);
        Put("b_1.png", 16, 16, 4, 4);
        Fails("have keypoints and names that are the same up to the first _", Options);
        File.WriteAllText(_folder["pairs.csv"], "from,to\na_1.png,b_1.png\na_1.png,c_1.png\nd.png,a_1.png\n");
        var named = Options with { PairsTable = _folder["pairs.csv"] };
        Fails("2 pairs of the table", named);
        Fails("line 3: c_1.png, line 4: d.png", named);
        using (var pairs = Open(named with { Missing = MissingAttributes.LeaveOut }))
            Assert.Contains("2 of the pairs of", Assert.Single(pairs.Notes), StringComparison.Ordinal);
        Fails("leaves none for test", named with { Split = "test", HoldOut = 1e-9 });
        File.WriteAllText(_folder["pairs.csv"], "from,two\na_1.png,b_1.png\n");
        Fails("has no header with the columns from and to", named);
        File.WriteAllText(_folder["pairs.csv"], "from,to\na_1.png,\n");
        Fails("line 2: 'a_1.png,' does not name two pictures", named);
        Row("./a_1.png", 3, 3, "other");
        Put("b/a_1.png", 16, 16, 4, 4);
        Put("c/a_2.png", 16, 16, 4, 4);
        _rows.Add("a_2.png,spot,3,3,1");
        Fails("names the picture c/a_2.png twice", Options);
        _rows.Clear();
        _rows.AddRange(["file,name,x,y", "x.png,spot,3,3"]);
        Fails("names none of the 4 pictures of", Options);
        _rows.Add("a_1.png,spot,30,3");
        Fails("has a keypoint within it", Options);
        Fails("1 of the keypoints of 1 pictures (for example of a_1.png) lie outside", Options);

        Assert.Contains("needs a table of keypoints", Problem(Options with { Keypoints = null }), StringComparison.Ordinal);
        Assert.Contains("from 0.5 to 32 pixels", Problem(Options with { KeypointRadius = 0.2 }), StringComparison.Ordinal);
        var bricks = new DataOptions { Pair = "pose" };
        Assert.Contains("keypoints are of the pair 'pose'", Problem(bricks with { Keypoints = "x.csv" }), StringComparison.Ordinal);
        Assert.Contains("keypoints are of the pair 'pose'", Problem(bricks with { PairsTable = "x.csv" }), StringComparison.Ordinal);
        Assert.Contains("keypoints are of the pair 'pose'", Problem(bricks with { KeypointRadius = 2 }), StringComparison.Ordinal);

        void Fails(string message, DataOptions options) =>
            Assert.Contains(message, Assert.Throws<DataSetException>(() => Open(options).Dispose()).Message, StringComparison.Ordinal);

        static string Problem(DataOptions options) => Assert.Single(options.Problems()).Problem;
    }
}
