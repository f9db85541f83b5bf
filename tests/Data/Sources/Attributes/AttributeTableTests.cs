using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Tables beside a few rendered bricks, in CelebA's form and as CSV.</summary>
public sealed class AttributeTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AttributeTableTests()
    {
        using var bricks = new BricksSource(new() { Count = 6, Size = 8 });
        for (var i = 0; i < 6; i++)
        {
            using var image = Image.LoadPixelData<L8>(bricks.Read(i), 8, 8);
            using var stream = new MemoryStream();
            image.SaveAsPng(stream);
            _folder.Put($"pictures/img/00000{i + 1}.png", stream.ToArray());
        }
    }

    private DataOptions Options =>
        new() { Kind = "folder", Path = _folder["pictures"], Size = 8, Split = "all", Attributes = _folder["table"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CelebAs_form_gives_binary_attributes()
    {
        using var source = Open("""
            6
            Smiling Wearing_Hat  Young
            000001.png  1 -1  1
            000002.png -1 -1  1
            000003.png -1  1 -1
            000005.png  1 -1 -1
            000004.png -1 -1  1
            000006.png  1  1  1

            """);
        // The pictures lie in a folder: a class of its own.
        Assert.Equal(["class", "Smiling", "Wearing_Hat", "Young"], source.Attributes.Select(a => a.Name));
        Assert.All(source.Attributes.Skip(1), a => Assert.Equal(LabelKind.Binary, a.Kind));
        Assert.Equal([0, 1, 0, 1], Row(source, 0));
        Assert.Equal([0, 0, 0, 1], Row(source, 3)); // rows may be in any order
        Assert.Equal([0, 1, 0, 0], Row(source, 4));
        var vector = new float[3];
        source.SelectLabels(["Young", "Smiling", "Wearing_Hat"]).Encode(Row(source, 4), vector);
        Assert.Equal([0, 1, 0], vector);
    }

    [Fact]
    public void Columns_of_csv_are_binary_numeric_or_names()
    {
        using var source = Open(""""
            file,hat, color,yaw,sign,class
            img/000001.png,0,red,-12.5,-1,dog
            img/000002.png,1,"dark, blue",20,1,cat
            img\000003.png,1,red,1e1,-1,dog
            ./img/000004.png,0,red,0,-1,emu
            img/000005.png,0,"say ""hi""",0,-1,emu
            img/000006.png,0,red,0,-1,emu
            """");
        Assert.Equal([LabelKind.Binary, LabelKind.Categorical, LabelKind.Numeric, LabelKind.Binary, LabelKind.Categorical],
            source.Attributes.Select(a => a.Kind));
        Assert.Equal(["dark, blue", "red", "say \"hi\""], source.Attributes[1].Values);
        Assert.Equal((-12.5, 20), (source.Attributes[2].Low, source.Attributes[2].High));
        Assert.Equal([1, 0, 20, 1, 0], Row(source, 1));
        Assert.Equal(["cat", "dog", "emu"], source.Classes);
        Assert.Equal([1, 0, 1, 2, 2, 2], Enumerable.Range(0, 6).Select(source.Label));

        using var birds = DataSets.Open(Options with { Classes = ["emu", "cat"] });
        Assert.Equal(["cat", "emu"], birds.Attributes[^1].Values);
        Assert.Equal([0, 1, 1, 1], Enumerable.Range(0, 4).Select(i => Row(birds, i)[^1]));
    }

    [Fact]
    public void Classes_that_are_numbers_are_names_in_the_order_of_the_numbers()
    {
        using var source = Open("file,class\n000001.png,10\n000002.png,9\n000003.png,9\n000004.png,1\n000005.png,1\n000006.png,1\n");
        Assert.Equal(["1", "9", "10"], source.Classes);
        Assert.Equal([2, 1, 1, 0, 0, 0], Enumerable.Range(0, 6).Select(source.Label));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("nonsense", "'nonsense' is neither a number of pictures")]
    [InlineData("6\n", "no second line")]
    [InlineData("7\nA\n000001.png 1\n", "it has 7 rows, but it has 1: it may be cut short")]
    [InlineData("1\nA B\n000001.png 1 1 1\n", "line 3: it has 3 values, but the header names 2")]
    [InlineData("2\nA B\n000001.png 1 1\n000002.png 1\n", "line 4: 000002.png has no value of 'B' (column 3). Fill it in")]
    [InlineData("1\nA B\n000001.png 1 0\n", "line 3: 'B' is '0', but must be -1 or 1")]
    [InlineData("1\nA A\n000001.png 1 1\n", "line 2: it names 'A' twice")]
    [InlineData("file,a,b\n000001.png,1,\n\n000002.png,,2\n000003.png,NA,1\n",
        "line 2: 000001.png has no value of 'b' (column 3), and 2 more rows lack one")]
    [InlineData("file,a\n000001.png,1\n000001.png,0\n", "line 3: '000001.png' is named a second time; the first is on line 2")]
    [InlineData("file,a\n000001.png,\"1\n", "line 2: a quote is not closed")]
    [InlineData("file,a\n", "has a header but no rows")]
    [InlineData("file,\n000001.png,\n", "column 2 has no name")]
    [InlineData("file,a\n1.jpg,1\n2.jpg,0\n", "matches none of the 6 pictures: it names 1.jpg, 2.jpg, the pictures are img/000001.png")]
    [InlineData("file,a\n000001.png,1\n000002.png,0\n000007.png,0\n", "4 of the pictures are not in the table (img/000003.png, " +
        "img/000004.png, img/000005.png, ...); 1 of its rows have no picture (000007.png)")]
    public void What_is_wrong_is_told_with_its_line(string table, string expected)
    {
        File.WriteAllText(_folder["table"], table);
        Assert.Contains(expected, Reading.Fails(Options).Message);
    }

    [Fact]
    public void What_lacks_a_value_or_a_counterpart_can_be_left_out()
    {
        File.WriteAllText(_folder["table"], "file,a,b\n000001.png,1,x\n000002.png,0,y\n000003.png,?,x\n000009.png,1,x\n");
        using var source = DataSets.Open(Options with { Missing = MissingAttributes.LeaveOut });
        Assert.Equal(2, source.Count);
        Assert.Equal([0, 0, 1], Row(source, 1));
        File.WriteAllText(_folder["table"], "file,a\n000001.png,\n");
        Assert.Contains("Every row of the table", Reading.Fails(Options with { Missing = MissingAttributes.LeaveOut }).Message);
    }

    [Fact]
    public void An_attribute_that_never_varies_is_told_where_it_is_a_label()
    {
        using var source = Open("6\nHat Young\n" + string.Concat(Enumerable.Range(1, 6)
            .Select(i => $"00000{i}.png -1 {(i < 3 ? 1 : -1)}\n")));
        Assert.Equal(1, source.SelectLabels(["Young"]).Size);
        Assert.Contains("'Hat' is absent in every one of the 6 pictures",
            Assert.Throws<DataSetException>(() => source.SelectLabels(["Young", "Hat"])).Message);
    }

    [Fact]
    public void The_same_name_in_two_folders_needs_whole_paths()
    {
        _folder.Put("pictures/more/000001.png", Reading.Png(8, 8, 1, 2, 3));
        File.WriteAllText(_folder["table"], "file,a\n" + string.Concat(Enumerable.Range(1, 6).Select(i => $"00000{i}.png,{i % 2}\n")));
        Assert.Contains("'000001.png' fits both img/000001.png and more/000001.png", Reading.Fails(Options).Message);
        File.WriteAllText(_folder["table"], "file,a\n" +
            string.Concat(Enumerable.Range(1, 6).Select(i => $"img/00000{i}.png,{i % 2}\n")) + "more/000001.png,0\n");
        using var source = DataSets.Open(Options);
        Assert.Equal([0, 1], Row(source, 0));
        Assert.Equal([1, 0], Row(source, 6));
    }

    [Fact]
    public void Folders_and_a_column_cannot_both_be_the_class()
    {
        _folder.Put("pictures/more/9.png", Reading.Png(8, 8, 1, 2, 3));
        File.WriteAllText(_folder["table"], "file,class\n9.png,1\n" +
            string.Concat(Enumerable.Range(1, 6).Select(i => $"00000{i}.png,{i}\n")));
        Assert.Contains("has a column 'class', but the pictures' folders are classes already (img, more)", Reading.Fails(Options).Message);
    }

    [Fact]
    public void The_print_follows_the_table()
    {
        const string Table = "file,a\n000001.png,1\n000002.png,0\n000003.png,0\n000004.png,0\n000005.png,0\n000006.png,0\n";
        using var one = Open(Table);
        using var other = Open(Table.Replace("3.png,0", "3.png,1", StringComparison.Ordinal));
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public void Tables_are_for_pictures_in_files()
    {
        Assert.Contains("not for data of kind 'bricks'", Reading.Fails(new() { Attributes = "t.csv" }).Message);
        Assert.Contains("cannot be read", Reading.Fails(Options).Message); // there is no such file
    }

    private static float[] Row(IImageSource source, int index)
    {
        var values = new float[source.Attributes.Count];
        source.ReadAttributes(index, values);
        return values;
    }

    private IImageSource Open(string table)
    {
        File.WriteAllText(_folder["table"], table);
        return DataSets.Open(Options);
    }
}
