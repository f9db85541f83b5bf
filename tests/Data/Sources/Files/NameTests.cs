using System.IO.Compression;
using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>Names of files in every encoding and form.</summary>
public sealed class NameTests : IDisposable
{
    private static readonly Encoding _dos = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_in_the_old_code_page_of_zip_stay_apart()
    {
        Zip(_dos, "B\u00E4r/1.png", "B\u00F6r/1.png");
        Assert.Equal(["B\u00E4r", "B\u00F6r"], Classes("a.zip"));
    }

    [Fact]
    public void Names_in_UTF_8_need_no_flag_in_a_zip()
    {
        Zip(Encoding.UTF8, "B\u00E4r/1.png", "\u6A21/1.png");
        var bytes = File.ReadAllBytes(_folder["a.zip"]);
        // The flags stand at 6 in a local header, and at 8 in the directory's; bit 11 says UTF-8.
        foreach (var (mark, at) in (((string, int)[])[("PK\u0003\u0004", 7), ("PK\u0001\u0002", 9)]))
        {
            var place = 0;
            while (bytes.AsSpan(place).IndexOf(Encoding.Latin1.GetBytes(mark)) is >= 0 and var next)
            {
                place += next + 4;
                bytes[place - 4 + at] &= 0xF7;
            }
        }
        File.WriteAllBytes(_folder["a.zip"], bytes);
        Assert.Equal(["B\u00E4r", "\u6A21"], Classes("a.zip"));
    }

    [SharedFact("cases/04-zip-cp437")]
    public void The_case_of_code_page_437_has_two_classes()
    {
        using var source = DataSets.Open(new() { Kind = "folder", Path = Path.Combine(Repository.Shared, "cases/04-zip-cp437/in.zip") });
        Assert.Equal((6, 0), (source.ReadAll().Length, source.Skipped));
        Assert.Equal(["B\u00E4r", "B\u00F6r"], source.Classes);
    }

    [Fact]
    public void Names_of_a_tar_that_are_not_UTF_8_stay_apart()
    {
        var tar = new RawTar().File("B?r/1.png", Reading.Png(4, 4, 1, 1, 1)).File("B!r/1.png", Reading.Png(4, 4, 1, 1, 1)).Bytes();
        tar.AsSpan().Replace((byte)'?', (byte)0xE4); // in Latin-1
        tar.AsSpan().Replace((byte)'!', (byte)0xF6);
        File.WriteAllBytes(_folder["a.tar"], RawTar.WithChecksums(tar));
        Assert.Equal(["B\u00E4r", "B\u00F6r"], Classes("a.tar"));
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u00E9", "e\u0301")]
    [InlineData("\u00EA\u0323", "e\u0323\u0302")]
    public void Tables_match_files_whatever_the_form_of_their_names(string file, string row)
    {
        _folder.Put($"p/{file}.png", Reading.Png(4, 4, 1, 1, 1));
        _folder.Put("p/o.png", Reading.Png(4, 4, 1, 1, 1));
        File.WriteAllText(_folder["t.csv"], $"file,old\n{row}.png,1\no.png,0\n");
        File.WriteAllText(_folder["t.txt"], $"{row}.png 0\no.png 2\n");
        var options = new DataOptions { Kind = "folder", Path = _folder["p"], Attributes = _folder["t.csv"] };
        using (var source = DataSets.Open(options)) Assert.Equal(2, source.Count);
        using (var source = DataSets.Open(options with { Attributes = null, Partition = _folder["t.txt"] })) Assert.Equal(1, source.Count);
    }

    [SharedFact("cases/10-nfd-names")]
    public void The_case_of_decomposed_names_matches()
    {
        var path = Path.Combine(Repository.Shared, "cases/10-nfd-names");
        using var source = DataSets.Open(new()
        {
            Kind = "folder", Path = Path.Combine(path, "pics"), Attributes = Path.Combine(path, "in.csv"),
        });
        Assert.Equal((2, 1), (source.Count, source.Attributes.Count));
    }

    [Fact]
    public void Classes_are_asked_for_in_either_form()
    {
        _folder.Put("p/Ba\u0308r/1.png", Reading.Png(4, 4, 1, 1, 1));
        _folder.Put("p/Bor/1.png", Reading.Png(4, 4, 1, 1, 1));
        using var source = DataSets.Open(new() { Kind = "folder", Path = _folder["p"], Classes = ["Ba\u0308r"] });
        Assert.Equal((1, "B\u00E4r"), (source.Count, source.Classes[0]));
    }

    private string[] Classes(string file)
    {
        using var source = DataSets.Open(new() { Kind = "folder", Path = _folder[file] });
        source.ReadAll();
        return [.. source.Classes];
    }

    private void Zip(Encoding names, params string[] paths)
    {
        using var file = File.Create(_folder["a.zip"]);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: false, names);
        foreach (var path in paths)
        {
            using var entry = zip.CreateEntry(path).Open();
            entry.Write(Reading.Png(4, 4, 1, 1, 1));
        }
    }
}
