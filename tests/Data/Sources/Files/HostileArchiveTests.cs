using System.IO.Compression;
using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>Archives that are damaged, that claim more than they hold, or that hold what is not read.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    private static readonly byte[] _png = Reading.Png(4, 4, 9, 9, 9);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData('S', "sparse")] // GNU tar's sparse file
    [InlineData('M', "another volume")]
    [InlineData('D', "list of a folder")]
    public void An_entry_of_a_kind_that_is_not_read_is_named(char kind, string what)
    {
        var message = Fails(new RawTar().File("a/1.png", _png).Entry(kind, "a/odd.png", _png));
        Assert.Contains("a/odd.png", message);
        Assert.Contains(what, message);
    }

    [SharedFact("cases/32-tar-notsupported")]
    public void The_case_of_an_unknown_kind_names_archive_and_entry()
    {
        var path = Path.Combine(Repository.Shared, "cases/32-tar-notsupported/tar-notsupported.tar");
        var message = Reading.Fails(new() { Kind = "folder", Path = path }).Message;
        Assert.Contains(path, message);
        Assert.Contains("sparse", message);
    }

    [Fact]
    public void Sparse_files_in_the_new_form_are_named_too() => Assert.Contains("a/odd.png is of a kind that is not read (a sparse file)",
        Fails(new RawTar().Entry('x', "x", Pax("GNU.sparse.major=1")).File("a/odd.png", _png)));

    [Theory]
    [InlineData("7 path=a/1.png\n")] // The record ends with its equals sign.
    [InlineData("6 path=a/1.png\n")]
    [InlineData("900 path=a/1.png\n")]
    [InlineData("path=a/1.png\n")]
    [InlineData("15 path a/1.png\n")]
    [InlineData("13 size=many\n")]
    public void Damaged_pax_records_are_told(string records) => Assert.Contains("is damaged",
        Fails(new RawTar().File("a/1.png", _png).Entry('x', "x", Encoding.UTF8.GetBytes(records)).File("a/2.png", _png)));

    [Fact]
    public void Devices_and_kinds_without_a_name_of_their_own_do_not_stop_an_archive()
    {
        File.WriteAllBytes(_folder["a.tar"], new RawTar().Entry('V', "a label").Entry('g', "g", Pax("comment=x")).Entry('3', "a/tty")
            .Entry('6', "a/pipe").Entry('7', "a/1.png", _png).Entry('Z', "a/2.png", _png).Bytes());
        using var source = DataSets.Open(new() { Kind = "folder", Path = _folder["a.tar"], Size = 4 });
        Assert.Equal(2, source.ReadAll().Length);
        Assert.Equal(["a/pipe", "a/tty"], source.LeftOutFiles.Select(l => l.File));
    }

    [Theory]
    [InlineData("77777777777\0")] // 8 GiB
    [InlineData("\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")] // 2^63 - 1, in binary
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")] // negative, or beyond all numbers
    [InlineData("12345678999\0")] // no octal number
    public void Impossible_lengths_are_told(string size)
    {
        foreach (var kind in "0xLKS")
            Assert.Contains("is damaged", Fails(new RawTar().File("a/1.png", _png).Entry(kind, "a/odd.png", _png, size: size)));
    }

    [Fact]
    public void Damaged_and_endless_pax_headers_are_told()
    {
        string[] damaged = ["9999999999 path=x\n", "5 path=x\n", "path=x\n", "-8 path=x\n", "29 size=99999999999999999999\n", " "];
        foreach (var records in damaged)
            Assert.Contains("is damaged", Fails(new RawTar().Entry('x', "x", Encoding.UTF8.GetBytes(records)).File("a/1.png", _png)));
        Assert.Contains("is damaged", Fails(new RawTar().Entry('x', "x", new byte[2_000_000]).File("a/1.png", _png)));
        var long_ = new RawTar().Entry('x', "x", Pax("path=" + new string('b', 300) + "/1.png")).File("a/1.png", _png).Bytes();
        File.WriteAllBytes(_folder["a.tar"], long_);
        using var source = DataSets.Open(new() { Kind = "folder", Path = _folder["a.tar"], Size = 4 });
        Assert.Equal([new string('b', 300)], source.Classes);
    }

    [Fact]
    public void A_damaged_header_is_told_with_the_entry_before_it()
    {
        var tar = new RawTar().File("a/1.png", _png).File("a/2.png", _png).Bytes();
        tar[1024] ^= 0x40; // the first letter of the second name
        File.WriteAllBytes(_folder["a.tar"], tar);
        Assert.Contains("after a/1.png", Reading.Fails(new() { Kind = "folder", Path = _folder["a.tar"] }).Message);
    }

    [Fact]
    public void The_oldest_tar_archives_are_known_by_their_checksum()
    {
        var tar = new RawTar().File("a/1.png", _png).Bytes();
        // Without a mark, and with the right sum.
        var sum = Convert.ToInt32(Encoding.Latin1.GetString(tar, 148, 6), 8) - "ustar00".Sum(c => c);
        tar.AsSpan(257, 8).Clear();
        Encoding.Latin1.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0'), tar.AsSpan(148));
        File.WriteAllBytes(_folder["a.tar"], tar);
        using var source = DataSets.Open(new() { Kind = "folder", Path = _folder["a.tar"], Size = 4 });
        Assert.Equal(9, source.Read(0)[0]);
    }

    [Fact]
    public void An_archive_that_unpacks_to_far_too_much_is_refused()
    {
        using (var file = File.Create(_folder["a.tar.gz"]))
        using (var stream = new GZipStream(file, CompressionLevel.Fastest)) stream.Write(new byte[20_000_000]);
        var message = Assert.Throws<DataSetException>(
            () => TarFiles.Unpack(_folder["a.tar.gz"], default, mostUnpacked: 10_000_000)).Message;
        Assert.Contains("unpacks to more than 10000000", message);
        Assert.Contains(_folder["a.tar.gz"], message);
    }

    [Fact]
    public void A_zip_entry_that_claims_more_than_it_can_hold_costs_no_memory()
    {
        using (var zip = ZipFile.Open(_folder["a.zip"], ZipArchiveMode.Create))
        {
            foreach (var name in (string[])["1.png", "2.png"])
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(_png);
            }
        }
        var bytes = File.ReadAllBytes(_folder["a.zip"]);
        var directory = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.GetBytes(250_000_000).CopyTo(bytes, directory + 24); // unpacked
        File.WriteAllBytes(_folder["a.zip"], bytes);
        using var source = DataSets.Open(new() { Kind = "folder", Path = _folder["a.zip"], Size = 4 });
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(source.TryRead(1, new byte[48]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Contains("cannot hold", source.SkippedImages[0].Reason);
    }

    private string Fails(RawTar tar)
    {
        File.WriteAllBytes(_folder["a.tar"], tar.Bytes());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Reading.Fails(new() { Kind = "folder", Path = _folder["a.tar"] }).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
        Assert.Contains(_folder["a.tar"], message);
        return message;
    }

    private static byte[] Pax(string record)
    {
        // The length counts its own digits.
        var length = record.Length + 2;
        for (var digits = 0; digits != length.ToString().Length;)
        {
            digits = length.ToString().Length;
            length = record.Length + 2 + digits;
        }
        return Encoding.UTF8.GetBytes($"{length} {record}\n");
    }
}
