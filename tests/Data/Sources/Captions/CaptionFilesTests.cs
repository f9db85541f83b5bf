using System.IO.Compression;
using System.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Captions in text files and tables, beside a few small pictures.</summary>
public sealed class CaptionFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _picture;

    public CaptionFilesTests()
    {
        using var image = new Image<L8>(8, 8);
        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream);
        _picture = stream.ToArray();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_lie_beside_their_pictures_with_a_caption_in_each_line()
    {
        Pictures("cat/1.jpg", "cat/2.jpg", "dog/1.jpg", "dog/2.jpeg");
        Text("cat/1.txt", "a gray cat\r\n\r\n  one   cat \n");
        Text("cat/2.TXT", "another cat");
        Text("dog/1.txt", "a dog");
        Text("dog/2.txt", "a dog");
        Text("README.txt", "these are cats and dogs");
        using var source = Open();
        Assert.True(source.HasCaptions);
        Assert.Equal(4, source.Count);
        Assert.Equal(["a gray cat", "one cat"], source.Captions(0));
        Assert.Equal(["another cat"], source.Captions(1));
        Assert.Equal([("README.txt", Reasons.NoPictureOfText)], LeftOut(source));
        Assert.Equal(3, Enumerable.Range(0, 4).Select(source.CaptionGroup).Distinct().Count());
        Assert.Equal(source.CaptionGroup(2), source.CaptionGroup(3));
        Assert.Equal(["a gray cat", "one cat", "another cat", "a dog", "a dog"], source.AllCaptions());

        using var some = Open(Options with { Classes = ["dog"], Limit = 1 });
        Assert.Equal("a dog", some.DrawCaption(0, seed: 1, epoch: 2));
        using var without = Open(Options with { Captions = "none" });
        Assert.False(without.HasCaptions);
        Assert.NotEqual(source.Fingerprint, without.Fingerprint);
        var before = source.Fingerprint;
        Text("dog/2.txt", "a cat");
        using var changed = Open();
        Assert.NotEqual(before, changed.Fingerprint);
    }

    /// <summary>As Reed et al. 2016 prepared Oxford-102: pictures in one folder, texts by class in another.</summary>
    [Fact]
    public void Texts_lie_in_folders_of_their_own_as_those_of_oxford_102()
    {
        Pictures("jpg/image_00001.jpg", "jpg/image_00002.jpg", "jpg/image_00003.jpg");
        Text("text/class_00001/image_00001.txt", "a yellow flower\nits petals are yellow");
        Text("text/class_00001/image_00003.txt", "a white flower");
        Text("text/class_00002/image_00002.txt", "a red flower");
        using var source = Open();
        Assert.Equal(["a yellow flower", "its petals are yellow"], source.Captions(0));
        Assert.Equal(["a red flower"], source.Captions(1));
        Assert.Equal(["a white flower"], source.Captions(2));
        Assert.Empty(source.LeftOutFiles);
    }

    [Fact]
    public void Texts_of_equal_names_are_told_apart_by_their_folders()
    {
        Pictures("images/cat/1.jpg", "images/dog/1.jpg", "images/emu/1.jpg");
        Text("text/cat/1.txt", "a cat");
        Text("text/dog/1.txt", "a dog");
        using var source = Open();
        Assert.Equal([["a cat"], ["a dog"]], Enumerable.Range(0, 2).Select(source.Captions));
        Assert.Equal([("images/emu/1.jpg", Reasons.NoCaptions)], LeftOut(source));

        Text("other/1.txt", "a bird");
        using var second = Open();
        Assert.Equal(2, second.Count); // any of three texts could be the emu's
    }

    [Fact]
    public void A_text_in_a_folder_of_pictures_is_of_no_picture_elsewhere()
    {
        Pictures("cat/2.jpg", "dog/1.jpg", "dog/3.jpg");
        Text("cat/1.txt", "a cat whose picture is lost");
        Text("dog/3.txt", "a dog");
        using var source = Open();
        Assert.Equal(["a dog"], source.Captions(0));
        Assert.Equal([("cat/1.txt", Reasons.NoPictureOfText), ("cat/2.jpg", Reasons.NoCaptions), ("dog/1.jpg", Reasons.NoCaptions)],
            LeftOut(source));
    }

    [Fact]
    public void A_text_that_fits_two_pictures_is_an_error()
    {
        Pictures("cat/1.jpg", "dog/1.jpg");
        Text("text/1.txt", "a cat or a dog");
        Assert.Contains("text/1.txt fit both cat/1.jpg and dog/1.jpg", Fails(Options), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_cannot_be_used_are_left_out_and_told()
    {
        Pictures("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg");
        Text("1.txt", "a cat");
        _folder.Put("data/2.txt", Encoding.Latin1.GetBytes("caf\u00E9"));
        Text("3.txt", " \n\n");
        _folder.Put("data/4.txt", [65, 0, 66]);
        _folder.Put("data/5.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("\u7EA2\u732B")]);
        Text(".6.txt", "hidden");
        using var source = Open();
        Assert.Equal([["a cat"], ["\u7EA2\u732B"]], Enumerable.Range(0, 2).Select(source.Captions));
        Assert.Equal(
            [(".6.txt", Reasons.Hidden), ("2.jpg", Reasons.NoCaptions), ("2.txt", Reasons.NotUtf8), ("3.jpg", Reasons.NoCaptions),
                ("3.txt", Reasons.NoCaptionText), ("4.jpg", Reasons.NoCaptions), ("4.txt", Reasons.NoText)],
            LeftOut(source));
    }

    [Fact]
    public void Splits_have_captions_of_their_own()
    {
        Pictures("train/1.jpg", "train/2.jpg", "test/1.jpg", "test/3.jpg");
        Text("train/1.txt", "to train with");
        Text("train/2.txt", "to train with, too");
        Text("test/1.txt", "to test with");
        using var train = Open(Options with { Split = "train" });
        Assert.Equal(["to train with", "to train with, too"], train.AllCaptions());
        Assert.Empty(train.LeftOutFiles);
        using var test = Open(Options with { Split = "test" });
        Assert.Equal(["to test with"], test.AllCaptions());
        Assert.Equal([("test/3.jpg", Reasons.NoCaptions)], LeftOut(test));
    }

    [Fact]
    public void Texts_may_lie_in_another_folder_or_archive()
    {
        Pictures("cat/1.jpg", "dog/2.jpg");
        _folder.Put("words/cat/1.txt", "a cat"u8.ToArray());
        _folder.Put("words/2.txt", "a dog"u8.ToArray());
        using (var source = Open(Options with { CaptionFiles = _folder["words"] }))
            Assert.Equal(["a cat", "a dog"], source.AllCaptions());
        ZipFile.CreateFromDirectory(_folder["words"], _folder["words.zip"]);
        using (var source = Open(Options with { CaptionFiles = _folder["words.zip"] }))
            Assert.Equal(["a cat", "a dog"], source.AllCaptions());
        ZipFile.CreateFromDirectory(_folder["data"], _folder["data.zip"]);
        using (var source = Open(Options with { Path = _folder["data.zip"], CaptionFiles = _folder["words"] }))
            Assert.Equal(["a cat", "a dog"], source.AllCaptions());
        Assert.Contains("no file or folder", Fails(Options with { CaptionFiles = _folder["nowhere"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_captions_is_an_error()
    {
        Pictures("1.jpg");
        Assert.Contains("named as its picture, but ends in .txt", Fails(Options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file,caption\n1.jpg,a cat\n./sub\\2.jpg,\"red, and a dog\"\n1.jpg,one  cat\n9.jpg,lost\n3.jpg,\n")]
    [InlineData("index;caption;image_name\n0;a cat;1.jpg\n1;\"red, and a dog\";2.jpg\n2;one cat;1.jpg\n3;lost;9.jpg\n4;;sub/3.jpg")]
    [InlineData("{\"file_name\": \"1.jpg\", \"text\": [\"a cat\", \"one cat\"], \"id\": 7}\n\n{\"text\": " +
        "\"red, and a dog\", \"file_name\": \"sub/2.jpg\"}\n{\"file_name\": \"9.jpg\", \"text\": \"lost\"}\n" +
        "{\"file_name\": \"3.jpg\", \"text\": \" \"}")]
    public void Tables_have_several_rows_a_picture(string table)
    {
        Pictures("1.jpg", "sub/2.jpg", "sub/3.jpg", "sub/4.jpg");
        using var source = Open(Table(table));
        Assert.Equal([["a cat", "one cat"], ["red, and a dog"]], Enumerable.Range(0, source.Count).Select(source.Captions));
        Assert.Equal([("9.jpg", Reasons.NoPictureOfRow), ("sub/3.jpg", Reasons.EmptyCaption), ("sub/4.jpg", Reasons.NoCaptions)],
            LeftOut(source));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("file,caption\n", "has no caption")]
    [InlineData("file,hue\n1.jpg,red", "no column of captions")]
    [InlineData("name,caption\n1.jpg,red", "no column of files")]
    [InlineData("file,caption\n1.jpg,red, and blue", "line 2: it has 3 values")]
    [InlineData("file,caption\n,red", "line 2: it names no file")]
    [InlineData("just words\n", "neither separated")]
    [InlineData("file,caption\n8.jpg,red\n", "names 8.jpg, the pictures are 1.jpg, sub/1.jpg")]
    [InlineData("file,caption\n1.jpg,red\nsub/1.jpg,red", null)]
    [InlineData("{\"file\": \"1.jpg\"}", "line 1: it needs a key")]
    [InlineData("{\"file\": \"1.jpg\", \"caption\": 7}", "line 1: it is no JSON object with")]
    [InlineData("{\"file\": \"1.jpg\", \"caption\": \"a\"}\n{\"file", "line 2: it is no JSON object with")]
    public void What_is_wrong_with_a_table_is_told(string table, string? problem)
    {
        Pictures("1.jpg", "sub/1.jpg");
        if (problem is not null) Assert.Contains(problem, Fails(Table(table)), StringComparison.Ordinal);
        else Open(Table(table)).Dispose();
    }

    [Fact]
    public void A_training_sees_another_caption_in_another_epoch()
    {
        Pictures("1.jpg", "2.jpg");
        Text("1.txt", "one\ntwo\nthree\nfour");
        Text("2.txt", "five");
        using var source = Open();
        var vocabulary = Vocabulary.Build(source.AllCaptions());
        var seen = new List<long>();
        foreach (var first in new[] { 0, 7 })
        {
            using var loader = new BatchLoader(source, new() { BatchSize = 2, Vocabulary = vocabulary, FirstStep = first, Seed = 3 });
            for (var step = first; step < 12; step++)
            {
                using var batch = loader.Next();
                Assert.Equal(2, batch.Texts.Length);
                var place = Array.FindIndex(batch.CaptionGroups, group => group == source.CaptionGroup(0));
                Assert.Equal(vocabulary.Encode("five")[0], batch.Texts[1 - place]);
                Assert.Equal(vocabulary.Encode(source.DrawCaption(0, 3, step))[0], batch.Texts[place]);
                seen.Add(batch.Texts[place]);
            }
        }
        Assert.Equal(4, seen.Distinct().Count());
        Assert.Equal(seen[7..12], seen[12..]); // as if there had been no first steps
    }

    [Fact]
    public void A_picture_in_the_place_of_a_damaged_one_brings_its_own_caption()
    {
        Pictures("1.jpg");
        _folder.Put("data/2.jpg", _picture[..^4]);
        Text("1.txt", "whole");
        Text("2.txt", "damaged");
        using var source = Open();
        var vocabulary = Vocabulary.Build(source.AllCaptions());
        using var loader = new BatchLoader(source, new() { BatchSize = 2, Vocabulary = vocabulary });
        using var batch = loader.Next();
        Assert.Equal([vocabulary.Encode("whole")[0], vocabulary.Encode("whole")[0]], batch.Texts);
        Assert.Equal([source.CaptionGroup(0), source.CaptionGroup(0)], batch.CaptionGroups);
    }

    private DataOptions Options => new() { Kind = "folder", Path = _folder["data"], Size = 8, Split = "all", Captions = "files" };

    private DataOptions Table(string text)
    {
        _folder.Put("table", Encoding.UTF8.GetBytes(text));
        return Options with { Captions = "table", CaptionFiles = _folder["table"] };
    }

    private IImageSource Open(DataOptions? options = null) => DataSets.Open(options ?? Options);

    private static string Fails(DataOptions options) => Assert.Throws<DataSetException>(() => DataSets.Open(options)).Message;

    private void Pictures(params string[] names)
    {
        foreach (var name in names) _folder.Put("data/" + name, _picture);
    }

    private void Text(string name, string text) => _folder.Put("data/" + name, Encoding.UTF8.GetBytes(text));

    private static IEnumerable<(string, string)> LeftOut(IImageSource source) => source.LeftOutFiles.Select(l => (l.File, l.Reason));
}
