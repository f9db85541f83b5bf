using System.Formats.Tar;
using System.IO.Compression;

namespace GanPipeline.Data.Tests;

public sealed class ArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ArchiveTests()
    {
        for (var i = 0; i < 6; i++) _folder.Put($"set/{(i % 2 == 0 ? "even" : "odd")}/deep/{i}.png",
            Reading.Png(5, 7, (byte)(40 * i), 100, 200));
        _folder.Put("set/even/.hidden.png", [1, 2, 3]);
        _folder.Put("set/__MACOSX/even/0.png", [1, 2, 3]);
        _folder.Put("set/readme.txt", [65]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zip")]
    [InlineData("stored.zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public void An_archive_gives_what_the_folder_gives(string kind)
    {
        var path = Pack(kind);
        using var expected = Open(_folder["set"]);
        using var source = Open(path);
        Assert.Equal(["even", "odd"], source.Classes);
        Assert.Equal(Enumerable.Range(0, 6).Select(expected.Label), Enumerable.Range(0, source.Count).Select(source.Label));
        Assert.Equal(expected.ReadAll(), source.ReadAll());
        Assert.Equal(("set", "set"), (expected.Name, source.Name.Replace(".stored", "")));
        Assert.Equal(0, source.Skipped);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar.gz")]
    public void Many_threads_read_at_once(string kind)
    {
        using var source = Open(Pack(kind));
        var expected = source.ReadAll();
        Parallel.For(0, 600, i => Assert.Equal(expected[i % 6], source.Read(i % 6)));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar.gz")]
    [InlineData("tar")]
    public void An_archive_that_is_cut_short_is_told(string kind)
    {
        var path = Pack(kind);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(kind == "tar" ? Array.LastIndexOf(bytes, (byte)'G') + 4 : bytes.Length * 2 / 3)]);
        var message = Reading.Fails(new DataOptions { Kind = "folder", Path = path }).Message;
        Assert.Contains(path, message);
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public void An_archive_without_its_end_marker_is_told_though_its_last_file_is_whole(string kind)
    {
        var whole = _folder["whole.tar"];
        TarFile.CreateFromDirectory(_folder["set"], whole, includeBaseDirectory: true);
        var bytes = File.ReadAllBytes(whole)[..^1024];
        var path = _folder["set." + kind];
        using (var file = File.Create(path))
        using (var stream = kind == "tar.gz" ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file) stream.Write(bytes);
        var message = Reading.Fails(new DataOptions { Kind = "folder", Path = path }).Message;
        Assert.Contains(path, message);
        Assert.Contains("end marker", message);
    }

    [Fact]
    public void A_tar_archive_may_end_with_a_folder_and_with_padding()
    {
        var path = _folder["folder-last.tar"];
        using (var file = File.Create(path))
        {
            using (var writer = new TarWriter(file, leaveOpen: true))
            {
                writer.WriteEntry(_folder["set/even/deep/0.png"], "even/0.png");
                writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "odd/"));
            }
            file.Write(new byte[10_240 - file.Length % 10_240]); // as GNU tar pads
        }
        using var source = Open(path);
        Assert.Equal(1, source.Count);
    }

    [Fact]
    public void A_damaged_entry_costs_only_itself()
    {
        var path = Pack("stored.zip");
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf("PNG"u8);
        bytes.AsSpan(at, 3).Clear();
        File.WriteAllBytes(path, bytes);
        using var source = Open(path);
        var usable = Enumerable.Range(0, source.Count).Count(i => source.TryRead(i, new byte[source.Shape.Size]));
        Assert.Equal((5, 1), (usable, source.Skipped));
    }

    [Fact]
    public void Sizes_beyond_4_GiB_are_understood()
    {
        // The same fields in their long form: a directory whose ordinary ones are full of ones.
        var path = _folder["long.zip"];
        File.WriteAllBytes(path, Zip64.OfOneFile("x/1.png", Reading.Png(4, 4, 1, 2, 3)));
        using var source = Open(path);
        Assert.Equal(1, source.Read(0)[0]);
    }

    [Fact]
    public void Other_files_are_told()
    {
        _folder.Put("thing.bin", new byte[600]);
        Assert.Contains("neither a folder nor", Reading.Fails(new DataOptions { Kind = "folder", Path = _folder["thing.bin"] }).Message);
        Assert.Contains("no file or folder", Reading.Fails(new DataOptions { Kind = "folder", Path = _folder["absent"] }).Message);
    }

    private static IImageSource Open(string path) =>
        DataSets.Open(new DataOptions { Kind = "folder", Path = path, Size = 4, Fit = "stretch" });

    private string Pack(string kind)
    {
        var path = _folder["set." + kind];
        if (kind.EndsWith("zip", StringComparison.Ordinal))
        {
            ZipFile.CreateFromDirectory(_folder["set"], path, kind == "zip" ? CompressionLevel.Fastest
                : CompressionLevel.NoCompression, includeBaseDirectory: true);
            return path;
        }
        using Stream file = File.Create(path);
        using var stream = kind == "tar.gz" ? new GZipStream(file, CompressionLevel.Fastest) : file;
        TarFile.CreateFromDirectory(_folder["set"], stream, includeBaseDirectory: true);
        return path;
    }
}
