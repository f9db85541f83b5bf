using System.IO.Compression;

namespace GanPipeline.Data.Tests;

/// <summary>Links in folders and archives: what they lead to is read under their name.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LinkTests()
    {
        if (OperatingSystem.IsWindows()) return; // links need a right there
        _folder.Put("store/cats/1.png", Png(10));
        _folder.Put("store/dogs/1.png", Png(20));
        _folder.Put("data/birds/1.png", Png(30));
        Link("data/cats", "../store/cats");
        Link("data/dogs", _folder["store/dogs"]);
        Link("data/birds/2.png", "../../store/cats/1.png");
    }

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public void Linked_class_folders_and_files_are_followed()
    {
        using var source = Open("data");
        Assert.Equal(["birds", "cats", "dogs"], source.Classes);
        Assert.Equal([(0, 30), (0, 10), (1, 10), (2, 20)],
            Enumerable.Range(0, source.Count).Select(i => (source.Label(i), (int)source.Read(i)[0])));
        Assert.Empty(source.LeftOutFiles);
    }

    [UnixFact]
    public void Links_that_lead_round_in_a_circle_or_nowhere_are_named()
    {
        Link("data/birds/up", "..");
        Link("data/root", "/");
        Link("data/self", "self");
        Link("data/gone.png", "nothing.png");
        Link("store/cats/back", "../../data");
        using var source = Open("data");
        Assert.Equal(4, source.Count);
        Assert.Equal(
            [("birds/up", Reasons.LinkLoop), ("cats/back", Reasons.LinkLoop), ("gone.png", Reasons.LinkToNowhere),
                ("root", Reasons.LinkLoop), ("self", Reasons.LinkToNowhere)],
            source.LeftOutFiles.Select(l => (l.File, l.Reason)));
    }

    [UnixFact]
    public void Folders_that_all_link_to_each_other_end()
    {
        // Followed without a limit, 12 folders have 12 x 11 x 10 x ... ways through them.
        for (var i = 0; i < 12; i++)
        {
            _folder.Put($"web/{i}/1.png", Png(10));
            for (var j = 0; j < 12; j++) if (j != i) Link($"web/{i}/to{j}", $"../{j}");
        }
        using var source = Open("web");
        Assert.Equal(12, source.Classes.Count);
        Assert.InRange(source.Count, 12, 12 * 17);
        Assert.Contains(source.LeftOutFiles, l => l.Reason == Reasons.LinkedTooOften);
    }

    [UnixFact]
    public void Pipes_and_devices_do_not_hang()
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", [_folder["data/birds/pipe.png"], _folder["data/birds/pipe"]]))
            made.WaitForExit();
        Link("data/birds/zero.png", "/dev/zero");
        using var source = Open("data");
        var usable = Enumerable.Range(0, source.Count).Count(i => source.TryRead(i, new byte[48]));
        Assert.Equal((4, 2), (usable, source.Skipped));
        Assert.Equal(["birds/pipe"], source.LeftOutFiles.Select(l => l.File));
        foreach (var file in (string[])["pipe.png", "zero.png"])
            Assert.Equal(Reasons.Empty, new PictureReader(4, 3).Read(_folder["data/birds/" + file], new byte[48]));
    }

    [Fact]
    public void Links_of_a_tar_are_followed()
    {
        var tar = new RawTar().File("store/a/1.png", Png(10)).File("data/b/1.png", Png(20))
            .Entry('2', "data/a", link: "../store/a").Entry('1', "data/b/2.png", link: "store/a/1.png")
            .Entry('2', "data/b/3.png", link: "2.png").Entry('2', "data/b/up", link: "../../data").Entry('2', "data/b/gone", link: "../x")
            .Entry('2', "data/b/out.png", link: "../../../etc/passwd").Entry('2', "data/b/me", link: "me");
        File.WriteAllBytes(_folder["a.tar"], tar.Bytes());
        using var source = Open("a.tar");
        Assert.Equal(["data/a/1.png 10", "data/b/1.png 20", "data/b/2.png 10", "data/b/3.png 10", "store/a/1.png 10"], Contents("a.tar"));
        Assert.Equal(["data/b/gone", "data/b/me", "data/b/out.png", "data/b/up"], source.LeftOutFiles.Select(l => l.File));
    }

    [Fact]
    public void Links_of_a_zip_are_followed()
    {
        using (var zip = ZipFile.Open(_folder["a.zip"], ZipArchiveMode.Create))
        {
            foreach (var (name, content, isLink) in ((string, byte[], bool)[])[("a/1.png", Png(10), false), ("b", "a"u8.ToArray(), true)])
            {
                var entry = zip.CreateEntry(name);
                if (isLink) entry.ExternalAttributes = unchecked((int)0xA1FF0000);
                using var stream = entry.Open();
                stream.Write(content);
            }
        }
        var bytes = File.ReadAllBytes(_folder["a.zip"]);
        for (var at = 0; bytes.AsSpan(at).IndexOf("PK\x01\x02"u8) is >= 0 and var next; at += next + 4) bytes[at + next + 5] = 3; // Unix
        File.WriteAllBytes(_folder["a.zip"], bytes);
        Assert.Equal(["a/1.png 10", "b/1.png 10"], Contents("a.zip"));
    }

    private string[] Contents(string path)
    {
        using var files = FileSet.Open(_folder[path], default);
        using var source = Open(path);
        return [.. files.Entries.Select((entry, i) => $"{entry.Path} {source.Read(i)[0]}")];
    }

    private IImageSource Open(string path) => DataSets.Open(new() { Kind = "folder", Path = _folder[path], Size = 4 });

    private void Link(string path, string target) => File.CreateSymbolicLink(_folder[path], target);

    private static byte[] Png(byte value) => Reading.Png(4, 4, value, value, value);
}
