using System.Buffers.Binary;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

public sealed class PictureSourceTests : IDisposable
{
    // A WebP of one transparent pixel, lossless.
    private const string WebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_pictures_are_counted_named_and_left_out()
    {
        var png = Reading.Png(40, 40, 10, 20, 30);
        var jpeg = Reading.Jpeg(64, 64, 200, 100, 50);
        _folder.Put("good1.png", png);
        _folder.Put("good2.jpg", jpeg);
        _folder.Put("good3-noend.png", png[..^12]); // without its end chunk, but every pixel is there, and its checksums are right
        _folder.Put("bad-cut.png", png[..^30]);
        _folder.Put("bad-noend.jpg", jpeg[..^2]);
        _folder.Put("bad-cut.jpg", jpeg[..(jpeg.Length / 2)]);
        _folder.Put("bad-text.jpg", "<html>not found</html>"u8.ToArray());
        _folder.Put("bad-empty.png", []);
        _folder.Put("bad-huge.png", HugePng(100_000, 100_000));
        _folder.Put("bad-body.png", [.. png[..45], .. new byte[40], .. png[85..]]);
        _folder.Put("photo.psd", "8BPS"u8.ToArray());
        _folder.Put("bad-cut.bmp", Bmp(4, 4, 9)[..^1]);
        _folder.Put("bad-cut.gif", Gif()[..^4]);

        using var source = DataSets.Open(Options);
        var usable = Enumerable.Range(0, source.Count).Where(i => source.TryRead(i, new byte[source.Shape.Size])).ToList();
        Assert.Equal(12, source.Count);
        Assert.Equal(3, usable.Count);
        Assert.Equal(9, source.Skipped);
        Assert.Equal(["photo.psd"], source.LeftOutFiles.Select(l => l.File));
        var reasons = source.SkippedImages.ToDictionary(s => s.File, s => s.Reason);
        Assert.All(reasons.Keys, file => Assert.StartsWith("bad-", file));
        Assert.Contains("no end marker", reasons["bad-noend.jpg"]);
        Assert.Contains("cut short", reasons["bad-cut.png"]);
        Assert.Contains("100000 x 100000", reasons["bad-huge.png"]);
        Assert.Contains("empty", reasons["bad-empty.png"]);
        Assert.Contains("format", reasons["bad-text.jpg"]);

        foreach (var i in Enumerable.Range(0, source.Count)) source.TryRead(i, new byte[source.Shape.Size]);
        Assert.Equal(9, source.Skipped); // once each
    }

    [SharedFact("cases/07-file-endings")]
    public void The_case_of_odd_endings_has_four_pictures()
    {
        using var source = DataSets.Open(Options with { Path = Path.Combine(Repository.Shared, "cases/07-file-endings/in") });
        Assert.Equal((4, 0), (source.ReadAll().Length, source.Skipped));
        Assert.Equal([("d.jpg~", Reasons.Backup)], source.LeftOutFiles.Select(l => (l.File, l.Reason)));
    }

    [Fact]
    public void Files_with_unknown_endings_are_taken_by_their_first_bytes()
    {
        _folder.Put("1.jpg?w=400", Reading.Jpeg(8, 8, 9, 9, 9));
        _folder.Put("2.123", Reading.Png(8, 8, 9, 9, 9));
        _folder.Put("3.dat", Bmp(8, 8, 9));
        _folder.Put("letter", "BM is how this letter begins"u8.ToArray());
        _folder.Put("phone.heic", [0, 0, 0, 24, .. "ftypheic"u8]);
        _folder.Put("set.zip", [.. "PK"u8, 3, 4]);
        _folder.Put("nothing.dat", []);
        using var source = DataSets.Open(Options);
        Assert.Equal(3, source.ReadAll().Length);
        Assert.Equal([("letter", Reasons.NoPicture), ("nothing.dat", Reasons.Empty), ("phone.heic", Reasons.NotRead("HEIF")),
            ("set.zip", Reasons.Archive)], source.LeftOutFiles.Select(l => (l.File, l.Reason)));
    }

    [Fact]
    public void Pictures_that_a_table_leaves_out_are_named()
    {
        foreach (var name in (string[])["1.png", "2.png"]) _folder.Put("p/" + name, Reading.Png(4, 4, 9, 9, 9));
        File.WriteAllText(_folder["t.csv"], "file,old\n1.png,1\n");
        using var source = DataSets.Open(Options with
        {
            Path = _folder["p"], Attributes = _folder["t.csv"], Missing = MissingAttributes.LeaveOut,
        });
        Assert.Equal([("2.png", Reasons.NoRow)], source.LeftOutFiles.Select(l => (l.File, l.Reason)));
    }

    [Fact]
    public void A_folder_where_nothing_decodes_is_an_error()
    {
        _folder.Put("1.png", [1, 2, 3]);
        _folder.Put("2.jpg", [0xFF, 0xD8]);
        var message = Reading.Fails(Options).Message;
        Assert.Contains("None of the 2 pictures", message);
        Assert.Contains("1.png", message);
    }

    [Fact]
    public void Missing_and_empty_folders_are_errors()
    {
        Assert.Contains("it is empty", Reading.Fails(Options).Message);
        Assert.Contains("no file or folder", Reading.Fails(Options with { Path = _folder["absent"] }).Message);
    }

    [Fact]
    public void Content_decides_the_format_and_each_format_is_read()
    {
        _folder.Put("1.jpg", Reading.Png(4, 4, 9, 9, 9));
        _folder.Put("2.png", Reading.Jpeg(16, 16, 9, 9, 9));
        _folder.Put("3", Bmp(4, 4, 9));
        _folder.Put("4.gif", Gif());
        _folder.Put("5.webp", Convert.FromBase64String(WebP));
        _folder.Put("6.tif", TiffFile.Bytes(4, 4, [.. Enumerable.Repeat((byte)9, 16)]));
        using var source = DataSets.Open(Options with { Size = 4, Channels = 1 });
        var pictures = source.ReadAll();
        Assert.Equal(0, source.Skipped);
        foreach (var i in (int[])[0, 2, 3, 5]) Assert.All(pictures[i], p => Assert.Equal(9, p));
        Assert.All(pictures[1], p => Assert.InRange(p, 7, 11)); // JPEG keeps a plain colour to within its coarsest step
        Assert.All(pictures[4], p => Assert.Equal(255, p)); // the transparent pixel, on white
    }

    [Fact]
    public void Transparency_is_laid_on_white_and_gray_is_luma()
    {
        _folder.Put("1.png", Reading.Png(4, 4, 0, 0, 0, 128));
        _folder.Put("2.png", Reading.Png(4, 4, 255, 0, 0));
        using var gray = DataSets.Open(Options with { Size = 4, Channels = 1 });
        Assert.All(gray.Read(0), p => Assert.Equal(127, p)); // 255 x 127 / 255
        Assert.All(gray.Read(1), p => Assert.Equal(76, p)); // 0.299 x 255
        using var color = DataSets.Open(Options with { Size = 4, Channels = 3 });
        Assert.Equal([.. Enumerable.Repeat((byte)255, 16), .. new byte[32]], color.Read(1));
    }

    [Theory]
    [InlineData(1, 10, 20, 30, 40)]
    [InlineData(2, 20, 10, 40, 30)]
    [InlineData(3, 40, 30, 20, 10)]
    [InlineData(4, 30, 40, 10, 20)]
    [InlineData(5, 10, 30, 20, 40)]
    [InlineData(6, 30, 10, 40, 20)]
    [InlineData(7, 40, 20, 30, 10)]
    [InlineData(8, 20, 40, 10, 30)]
    public void Photographs_are_turned_upright(int orientation, params int[] corners)
    {
        // Corners 10 20 / 30 40 as stored; what is seen is by Exif's table of orientations.
        var upright = new byte[4];
        var (width, height) = Planes.Upright([10, 20, 30, 40], 2, 2, orientation, upright);
        Assert.Equal((2, 2), (width, height));
        Assert.Equal(corners.Select(c => (byte)c), upright);
    }

    [Fact]
    public void The_fingerprint_follows_content_and_options()
    {
        _folder.Put("a/1.png", Reading.Png(4, 4, 1, 1, 1));
        var first = Fingerprint(Options);
        Assert.Equal(first, Fingerprint(Options));
        Assert.NotEqual(first, Fingerprint(Options with { Fit = "pad" }));
        Assert.NotEqual(first, Fingerprint(Options with { Channels = 1 }));
        _folder.Put("a/2.png", Reading.Png(4, 4, 1, 1, 1));
        Assert.NotEqual(first, Fingerprint(Options));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(262_144)]
    [InlineData(1_000_000)]
    public void The_fingerprint_is_of_the_content_whatever_its_time_and_place(int length)
    {
        var bytes = new byte[length];
        Reading.Png(4, 4, 1, 1, 1).CopyTo(bytes, 0);
        var other = (byte[])bytes.Clone();
        other[^1] ^= 1; // As long as the first.
        foreach (var (folder, content) in new[] { ("one", bytes), ("two", bytes), ("three", other) })
        {
            _folder.Put($"{folder}/a/1.png", content);
            File.SetLastWriteTimeUtc(_folder[$"{folder}/a/1.png"], DateTime.UnixEpoch.AddDays(folder.Length));
            System.Formats.Tar.TarFile.CreateFromDirectory(_folder[folder], _folder[folder + ".tar"], includeBaseDirectory: false);
        }
        foreach (var form in new[] { "", ".tar" })
        {
            var first = Fingerprint(Options with { Path = _folder["one" + form] });
            Assert.Equal(first, Fingerprint(Options with { Path = _folder["two" + form] }));
            Assert.NotEqual(first, Fingerprint(Options with { Path = _folder["three" + form] }));
        }
    }

    [SharedFact("data/cifar10-images.zip")]
    public void A_real_archive_opens_without_decoding_it()
    {
        var path = Path.Combine(Repository.Shared, "data", "cifar10-images.zip");
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var source = DataSets.Open(Options with { Path = path, Size = 64 });
        var perPicture = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)source.Count;
        Assert.InRange(perPicture, 0, 3 * 64 * 64); // less than one decoded picture for each of the 50,000
        using var few = DataSets.Open(Options with { Path = path, Limit = 30 });
        // 3 of each of ten classes, but for rounding.
        Assert.All(Enumerable.Range(0, few.Count).CountBy(few.Label), c => Assert.InRange(c.Value, 2, 4));
        Assert.Equal(10, Enumerable.Range(0, few.Count).DistinctBy(few.Label).Count());
    }

    private DataOptions Options => new() { Kind = "folder", Path = _folder.Path, Size = 8 };

    private static string Fingerprint(DataOptions options)
    {
        using var source = DataSets.Open(options);
        return source.Fingerprint;
    }

    /// <summary>A whole PNG in form, with sides of the header's choice and no pixels to speak of.</summary>
    internal static byte[] HugePng(int width, int height)
    {
        var png = Reading.Png(1, 1, 0, 0, 0);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return png;
    }

    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }

    private static byte[] Bmp(int width, int height, byte value)
    {
        var bmp = new byte[54 + 3 * width * height]; // rows are a multiple of 4 bytes for the sides used here
        "BM"u8.CopyTo(bmp);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(2), bmp.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), height);
        (bmp[26], bmp[28]) = (1, 24);
        bmp.AsSpan(54).Fill(value);
        return bmp;
    }

    private static byte[] Gif()
    {
        using var image = Reading.Plain(4, 4, 9, 9, 9);
        using var stream = new MemoryStream();
        image.SaveAsGif(stream);
        return stream.ToArray();
    }

    [Theory]
    [InlineData(32)] // An eighth of 480 rows.
    [InlineData(64)] // A quarter.
    [InlineData(150)] // A half.
    [InlineData(300)] // All of it.
    public void A_large_jpeg_is_read_as_its_pixels_are(int size)
    {
        using var picture = new Image<Rgb24>(640, 480);
        for (var y = 0; y < 480; y++)
        {
            for (var x = 0; x < 640; x++)
            {
                // Edges in gray: decoders differ in how they spread colours, which a JPEG holds in half the size.
                var edge = (x / 40 + y / 40) % 2 * 90;
                picture[x, y] = new((byte)(x / 4 + edge), (byte)(y / 4 + edge), (byte)(40 + edge));
            }
        }
        using (var file = File.Create(_folder["a.jpg"])) picture.SaveAsJpeg(file);
        using (var decoded = Image.Load<Rgb24>(_folder["a.jpg"])) decoded.SaveAsPng(_folder["a.png"]);

        byte[] jpeg = new byte[3 * size * size], png = new byte[jpeg.Length];
        var reader = new PictureReader(size, 3);
        Assert.Null(reader.Read(_folder["a.jpg"], jpeg));
        Assert.Null(reader.Read(_folder["a.png"], png));
        Assert.Equal(png.Select(pixel => pixel / 127.5f - 1), reader.Read(_folder["a.png"]).Values, (a, b) => Math.Abs(a - b) < 1e-6f);
        var missing = Assert.Throws<DataSetException>(() => reader.Read(_folder["b.png"]));
        Assert.Contains("b.png' cannot be used: ", missing.Message, StringComparison.Ordinal);
        // Of a collage of tiny pictures it is 2.5; a wrong place of the cut, or a pixel's shift, makes it 10 and more.
        Assert.InRange(Math.Sqrt(jpeg.Zip(png).Average(p => Math.Pow(p.First - p.Second, 2))), 0, 3);
    }

    [Fact]
    public void Bytes_are_read_as_their_file_is()
    {
        using (var picture = new Image<Rgb24>(50, 40, new Rgb24(10, 200, 90)))
        {
            picture[20, 20] = new(255, 0, 0);
            picture.SaveAsPng(_folder["a.png"]);
        }
        var reader = new PictureReader(8, 3);
        byte[] file = File.ReadAllBytes(_folder["a.png"]), expected = new byte[reader.Shape.Size], pixels = new byte[expected.Length];
        Assert.Null(reader.Read(_folder["a.png"], expected));
        Assert.Null(reader.Read(file, pixels));
        Assert.Equal(expected, pixels);
        Assert.Equal(reader.Read(_folder["a.png"]).Values, reader.Read(file).Values);

        Assert.Equal(Reasons.Empty, reader.Read([], pixels));
        Assert.Equal(Reasons.NoPicture, reader.Read("no picture, but a text"u8, pixels));
        var cut = Assert.Throws<DataSetException>(() => reader.Read(file.AsSpan(0, file.Length / 2)));
        Assert.Equal("The picture cannot be used: it is cut short", cut.Message);
    }
}
