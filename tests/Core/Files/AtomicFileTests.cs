using System.Text;

namespace GanPipeline.Core.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_and_bytes_arrive_and_replace_what_was_there()
    {
        var path = _folder["new/sub/file.txt"];
        AtomicFile.WriteAllText(path, "größer");
        Assert.Equal("größer"u8.ToArray(), File.ReadAllBytes(path));
        AtomicFile.WriteAllBytes(path, []);
        Assert.Empty(File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        var path = _folder["file.txt"];
        AtomicFile.WriteAllText(path, "old");
        var thrown = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
            throw new InvalidOperationException("broken off");
        }));
        Assert.Equal("broken off", thrown.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_killed_processes_left_is_deleted_and_what_is_being_written_is_not()
    {
        Directory.CreateDirectory(_folder["below"]);
        string[] left = [".a.png.k3hd8rf2.tmp", "below/.b.k3hd8rf2.tmp"];
        string[] others = [".a.tmp", "a.png.k3hd8rf2.tmp", ".k3hd8rf2.tmp", "a.png"];
        foreach (var name in left.Concat(others)) File.WriteAllText(_folder[name], "half");
        AtomicFile.Write(_folder["c"], stream =>
        {
            AtomicFile.DeleteLeftovers(_folder.Path);
            stream.WriteByte(1);
        });
        Assert.False(File.Exists(_folder[left[0]]));
        Assert.True(File.Exists(_folder[left[1]]));
        AtomicFile.DeleteLeftovers(_folder.Path, below: true);
        AtomicFile.DeleteLeftovers(_folder["nowhere"]);
        Assert.Equal(
            others.Append("c").Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Errors_name_the_target()
    {
        AtomicFile.WriteAllText(_folder["file"], "x");
        string below = _folder["file/sub"], itself = _folder.Path;
        Assert.Contains(below, Assert.Throws<IOException>(() => AtomicFile.WriteAllText(below, "x")).Message, StringComparison.Ordinal);
        Assert.Contains(itself, Assert.Throws<IOException>(() => AtomicFile.WriteAllText(itself, "x")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => AtomicFile.WriteAllText(" ", "x"));
    }

    /// <summary>Debian's /dev/full would not do: the temporary file lies in the target's folder, and /proc refuses every file.</summary>
    [Fact]
    public void An_unwritable_folder_is_an_error_that_names_the_target()
    {
        if (!OperatingSystem.IsLinux()) return;
        const string target = "/proc/gan/file.txt";
        var e = Assert.ThrowsAny<SystemException>(() => AtomicFile.WriteAllText(target, "x"));
        Assert.True(e is IOException or UnauthorizedAccessException, e.GetType().Name);
        Assert.Contains(target, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_writers_of_one_file_do_not_collide_and_readers_see_whole_files()
    {
        var path = _folder["file.txt"];
        AtomicFile.WriteAllText(path, new string('0', 100_000));
        Parallel.For(0, 64, i =>
        {
            if (i % 2 == 0)
                AtomicFile.Write(path, stream =>
                {
                    for (var k = 0; k < 10; k++) stream.Write(Encoding.ASCII.GetBytes(new string((char)('a' + i % 26), 10_000)));
                });
            else
                Assert.Single(ReadShared(path).Distinct());
        });
        Assert.Equal(100_000, new FileInfo(path).Length);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
