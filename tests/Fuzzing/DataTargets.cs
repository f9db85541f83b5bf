using System.Formats.Tar;
using System.IO.Compression;
using GanPipeline.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Fuzzing;

/// <summary>What is read through <see cref="DataSets.Open"/>: opened, and every picture of it read.</summary>
internal abstract class DataTarget : FuzzTarget
{
    private const int Side = 16;

    public override bool IsAnswer(Exception e) => e is DataSetException;

    protected static void ReadAll(DataOptions options)
    {
        using var source = DataSets.Open(options with { Size = Side, Split = "all" });
        var pixels = new byte[source.Shape.Size];
        var values = new float[source.Attributes.Count];
        for (var i = 0; i < Math.Min(source.Count, 20); i++)
        {
            _ = source.TryRead(i, pixels);
            source.ReadAttributes(i, values);
        }
        foreach (var skipped in source.SkippedImages)
            if (skipped.Reason.Length == 0) throw new InvalidOperationException($"{skipped.File} is left out without a reason.");
    }

    protected static byte[] Picture(IImageEncoder encoder, int width = 20, int height = 24)
    {
        using var image = new Image<Rgba32>(width, height);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) image[x, y] = new Rgba32((byte)(x * 12), (byte)(y * 10), (byte)(x * y), 255);
        using var stream = new MemoryStream();
        image.Save(stream, encoder);
        return stream.ToArray();
    }
}

internal sealed class PictureTarget : DataTarget
{
    public override string Name => "pictures";

    public override void Read(string folder, string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        ReadAll(new DataOptions { Kind = "folder", Path = folder });
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid() =>
    [
        ("a.png", Picture(new PngEncoder())),
        ("b.png", Picture(new PngEncoder { InterlaceMethod = PngInterlaceMode.Adam7, ColorType = PngColorType.Palette })),
        ("c.jpg", Picture(new JpegEncoder())),
        ("d.gif", Picture(new GifEncoder())),
        ("e.bmp", Picture(new BmpEncoder())),
        ("f.webp", Picture(new WebpEncoder())),
        ("g.tif", Picture(new TiffEncoder())),
        ("h.tif", Picture(new TiffEncoder { Compression = SixLabors.ImageSharp.Formats.Tiff.Constants.TiffCompression.Lzw })),
    ];
}

internal sealed class ArchiveTarget : DataTarget
{
    public override string Name => "archives";

    public override void Read(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        ReadAll(new DataOptions { Kind = "folder", Path = path });
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid()
    {
        (string, byte[])[] files =
            [("cats/a.png", Picture(new PngEncoder())), ("dogs/b.jpg", Picture(new JpegEncoder())), ("read.me", [65])];
        yield return ("a.zip", Zip(files, CompressionLevel.NoCompression));
        yield return ("b.zip", Zip(files, CompressionLevel.Optimal));
        foreach (var format in new[] { TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.Ustar, TarEntryFormat.V7 })
            yield return ($"{format}.tar", Tar(files, format));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Tar(files, TarEntryFormat.Pax));
        yield return ("c.tar.gz", packed.ToArray());
    }

    private static byte[] Zip(IEnumerable<(string Name, byte[] Bytes)> files, CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    private static byte[] Tar(IEnumerable<(string Name, byte[] Bytes)> files, TarEntryFormat format)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                var type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
                TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(type, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(type, name),
                    _ => new V7TarEntry(type, name),
                };
                entry.DataStream = new MemoryStream(bytes);
                tar.WriteEntry(entry);
            }
        }
        return stream.ToArray();
    }
}

internal sealed class TableTarget : DataTarget
{
    private static readonly byte[] _picture = Picture(new PngEncoder());

    public override string Name => "tables";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "\"", ",", ";", "\t", "\n", "\r", "\"\"", "NaN", "1e999", "-1", "0,5", "\0", "\uFEFF", "a.png", "é" }.Select(Utf8)];

    public override void Read(string folder, string name, byte[] bytes)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(folder, "pictures")).FullName;
        foreach (var file in new[] { "a.png", "b.png", "c.png" }) File.WriteAllBytes(Path.Combine(pictures, file), _picture);
        var table = Path.Combine(folder, name);
        File.WriteAllBytes(table, bytes);
        var options = new DataOptions { Kind = "folder", Path = pictures };
        ReadAll(name.StartsWith("partition", StringComparison.Ordinal)
            ? options with { Partition = table }
            : options with { Attributes = table, Missing = MissingAttributes.LeaveOut });
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid() =>
    [
        ("a.csv", Utf8("file,kind,width,round\na.png,cat,1.5,1\nb.png,\"dog, wet\",2,0\nc.png,cat,3,1\n")),
        ("b.csv", Utf8("file;width;name\r\na.png;1,5;\"x\ny\"\r\nb.png;2,5;z\r\nc.png;3,5;z\r\n")),
        ("list_attr.txt", Utf8("3\nSmiling Young\na.png 1 -1\nb.png -1 1\nc.png 1 1\n")),
        ("partition.txt", Utf8("a.png 0\nb.png 1\nc.png 2\n")),
    ];
}

internal sealed class RawTarget : DataTarget
{
    public override string Name => "raw";

    public override void Read(string folder, string name, byte[] bytes)
    {
        if (name.StartsWith("data_batch", StringComparison.Ordinal))
        {
            for (var i = 1; i <= 5; i++) File.WriteAllBytes(Path.Combine(folder, $"data_batch_{i}.bin"), bytes);
            File.WriteAllBytes(Path.Combine(folder, "test_batch.bin"), bytes);
            ReadAll(new DataOptions { Kind = "cifar10", Path = folder });
            return;
        }
        string[] files = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
        foreach (var file in files)
        {
            var mutated = file.Contains("images", StringComparison.Ordinal) == name.Contains("images", StringComparison.Ordinal);
            var own = file.Contains("images", StringComparison.Ordinal) ? Images : Labels;
            File.WriteAllBytes(Path.Combine(folder, file), mutated ? bytes : own);
        }
        ReadAll(new DataOptions { Kind = "idx", Path = folder });
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid() =>
        [("images", Images), ("labels", Labels), ("data_batch_1.bin", [.. new byte[2 * 3073]])];

    private static byte[] Images => [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0, 8, .. new byte[4 * 64]];

    private static byte[] Labels => [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 2, 3];
}
