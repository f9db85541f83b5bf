using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>Cells are read by value, in the forms that spreadsheets and programs write.</summary>
public sealed class TableValueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TableValueTests()
    {
        for (var i = 1; i <= 4; i++) _folder.Put($"pictures/{i}.png", Reading.Png(4, 4, (byte)i, 0, 0));
    }

    private DataOptions Options =>
        new() { Kind = "folder", Path = _folder["pictures"], Size = 4, Split = "all", Attributes = _folder["table.csv"] };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.0", "0.0", "1.0", "0")]
    [InlineData("1", "0.0", "+1", "-0")]
    [InlineData("1.0", "-1.0", "1", "-1")]
    [InlineData("1e0", "-1.00", "1", "-1")]
    [InlineData("True", "False", "true", "FALSE")]
    [InlineData("yes", "No", "YES", "no")]
    public void Two_values_are_binary_however_they_are_written(string a, string b, string c, string d)
    {
        using var source = Open("file,A", a, b, c, d);
        Assert.Equal(LabelKind.Binary, Assert.Single(source.Attributes).Kind);
        Assert.Equal([1, 0, 1, 0], Values(source));
    }

    [Theory]
    [InlineData("file;A", "1,5", "-2,25", "3", "1e1", -2.25, 10)]
    [InlineData("file;A", "1,500", "0", "2", "3", 0, 3)] // 1,500 is one and a half where semicolons separate
    [InlineData("file\tA", "1,5", "2,5", "3,5", "4,5", 1.5, 4.5)]
    [InlineData("file,A", "\"1,5\"", "2", "3", "4", 1.5, 4)]
    [InlineData("file;A", "1.5", "2.5", "3", "4", 1.5, 4)]
    [InlineData("file;A, in cm", "1,5", "2,5", "3", "4", 1.5, 4)] // the header has a comma of its own
    [InlineData("sep=;\r\nfile;A", "1,5", "2,5", "3", "4", 1.5, 4)]
    public void Decimals_may_have_commas(string header, string a, string b, string c, string d, double low, double high)
    {
        using var source = Open(header, a, b, c, d);
        var field = Assert.Single(source.Attributes);
        Assert.Equal((LabelKind.Numeric, low, high), (field.Kind, field.Low, field.High));
    }

    [Theory]
    [InlineData("file,A", "1", "2", "three", "4", "line 4: 'A' is 'three', but 3 of the column's 4 values are numbers")]
    [InlineData("file,A", "1", "0", "1", "yes", "line 5: 'A' is 'yes', but 3 of the column's 4 values are numbers")]
    [InlineData("file,A", "1", "2", "3", "inf", "line 5: 'A' is 'inf', but 3")]
    [InlineData("file,A", "1", "2", "3", "1e39", "line 5: 'A' is '1e39', but 3")] // infinite in single precision
    [InlineData("file;A", "1,5", "2,5", "1.234,5", "4", "line 4: 'A' is '1.234,5', but 3")]
    [InlineData("file;A", "1,5", "2.5", "3", "4", "line 2: the A '1,5' is a number with a comma, but '2.5' in the same column one with a")]
    [InlineData("file,A", "\"1,500\"", "2", "3", "4", "line 2: the A '1,500' may be a thousand times what its comma says")]
    [InlineData("1.png,1", "1", "2", "3", "4", "line 1: the first line must name the columns, as in 'file,Smiling', but it holds the")]
    public void What_is_not_the_number_that_it_should_be_is_told_with_its_line(
        string header, string a, string b, string c, string d, string expected)
    {
        Write(header, a, b, c, d);
        Assert.Contains(expected, Reading.Fails(Options).Message);
    }

    [Fact]
    public void Names_may_be_numbers_now_and_then()
    {
        using var source = Open("file,Size", "S", "38", "M", "L");
        Assert.Equal(["38", "L", "M", "S"], Assert.Single(source.Attributes).Values);
    }

    [Fact]
    public void Classes_that_are_numbers_are_named_by_value()
    {
        using var source = Open("file,class", "10.0", "9", "9.0", "007");
        Assert.Equal(["007", "9", "10"], source.Classes);
        Assert.Equal([2, 1, 1, 0], Enumerable.Range(0, 4).Select(source.Label));
    }

    [Fact]
    public void Quotes_hold_commas_line_breaks_and_quotes()
    {
        File.WriteAllText(_folder["table.csv"], "file,\"Hair,\r\nall of it\",Age\r\n1.png,\"light,\r\nwavy\",1\r\n\r\n" +
            "\"2.png\", \"a \"\"dark\"\" one\" ,2\r\n3.png,\"\",3\r\n4.png,6\" long,4\r\n,,\r\n");
        Assert.Contains("line 7: 3.png has no value of 'Hair,\nall of it'", Reading.Fails(Options).Message);
        using var source = DataSets.Open(Options with { Missing = MissingAttributes.LeaveOut });
        Assert.Equal(["Hair,\nall of it", "Age"], source.Attributes.Select(a => a.Name));
        Assert.Equal(["6\" long", "a \"dark\" one", "light,\nwavy"], source.Attributes[0].Values);
        Assert.Equal([2, 1, 0], Values(source));
    }

    [Theory]
    [InlineData("file,A\n1.png,\"x\ny\" z\n", "line 3: text follows a closed quote, which opens in line 2")]
    [InlineData("file,A\n1.png,x\n2.png,\"x\n3.png,y\n", "line 3: a quote is not closed")]
    [InlineData("file,A\n1.png,\0\n", "is not a text file")]
    public void Damaged_tables_are_told(string table, string expected)
    {
        File.WriteAllText(_folder["table.csv"], table);
        Assert.Contains(expected, Reading.Fails(Options).Message);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("windows-1252")]
    public void Spreadsheets_encodings_are_read(string name)
    {
        var encoding = name == "windows-1252" ? CodePagesEncodingProvider.Instance.GetEncoding(name)! : Encoding.GetEncoding(name);
        File.WriteAllText(_folder["table.csv"], "file;Größe\n1.png;groß\n2.png;klein\n3.png;groß\n4.png;klein\n", encoding);
        using var source = DataSets.Open(Options);
        Assert.Equal("Größe: groß, klein", $"{Assert.Single(source.Attributes).Name}: {source.Attributes[0].Domain}");
    }

    /// <summary>Tables of pieces that mean something to the reader, in any order.</summary>
    [Fact]
    public void Whatever_a_table_holds_there_is_a_reason_or_a_value()
    {
        string[] pieces = ["file", "A", "1.png", "2.png", ",", ",", ";", "\t", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "1,5", "1.0", "-1",
            "nan", "sep=", "3\n", "\ufeff", "\0", "é", " ", "true", "1e999"];
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var text = (i % 2 == 0 ? "file,A\n" : "") + string.Concat(random.GetItems(pieces, random.Next(1, 25)));
            File.WriteAllText(_folder["table.csv"], text, i % 7 == 0 ? Encoding.Latin1 : Encoding.UTF8);
            foreach (var options in (DataOptions[])[Options with { Missing = MissingAttributes.LeaveOut },
                Options with { Attributes = null, Partition = _folder["table.csv"], Missing = MissingAttributes.LeaveOut }])
            {
                try { DataSets.Open(options).Dispose(); }
                catch (DataSetException e) { Assert.NotEmpty(e.Message); }
            }
        }
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        var line = "one\nof two; \"lines\"\t, and more";
        using (var source = Open("file,A", "\"" + line.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"", "b", "c", "d"))
            PictureFolder.Write(_folder["out"], [("", source)]);
        using var again = DataSets.Open(Options with { Path = _folder["out"], Attributes = _folder["out/attributes.csv"] });
        Assert.Equal(["b", "c", "d", line], Assert.Single(again.Attributes).Values);
    }

    [SharedFact("cases/08-csv-float-binary")]
    public void Case_08_columns_of_ones_and_zeros_with_decimals_are_binary()
    {
        var folder = Path.Combine(Repository.Shared, "cases", "08-csv-float-binary");
        using var source = DataSets.Open(Options with { Path = Path.Combine(folder, "pics"), Attributes = Path.Combine(folder, "in.csv") });
        Assert.Equal([LabelKind.Binary, LabelKind.Binary], source.Attributes.Select(a => a.Kind));
        Assert.Equal([1, 0, 1, 0, 1, 0, 1, 0], Values(source));
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], Values(source, 1));
    }

    [SharedFact("cases/16-label-requests")]
    public void Case_16_values_with_commas_and_sole_binary_fields_can_be_asked_for()
    {
        var folder = Path.Combine(Repository.Shared, "cases", "16-label-requests");
        var options = Options with { Path = Path.Combine(folder, "pics"), Attributes = Path.Combine(folder, "hair.csv") };
        using var hair = DataSets.Open(options);
        var labels = hair.SelectLabels(["Hair", "Age"]);
        foreach (var request in (string[])["Hair=light, wavy", "Hair=\"light, wavy\"", "Hair = 'light, wavy'"])
            Assert.Equal([1, float.NaN], labels.Parse(request));
        Assert.Equal([1f, 3f], labels.Parse("Hair=light, wavy, Age=3"));
        using var smiling = DataSets.Open(options with { Attributes = Path.Combine(folder, "smiling.csv") });
        Assert.Equal([1f], smiling.SelectLabels(["Smiling"]).Parse("Smiling"));
    }

    private static float[] Values(IImageSource source, int attribute = 0)
    {
        var values = new float[source.Attributes.Count];
        return [.. Enumerable.Range(0, source.Count).Select(i =>
        {
            source.ReadAttributes(i, values);
            return values[attribute];
        })];
    }

    private void Write(string header, params string[] cells)
    {
        var separator = header.Contains(';', StringComparison.Ordinal) ? ';' : header.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        File.WriteAllText(_folder["table.csv"],
            header + "\r\n" + string.Concat(cells.Select((cell, i) => $"{i + 1}.png{separator}{cell}\r\n")));
    }

    private IImageSource Open(string header, params string[] cells)
    {
        Write(header, cells);
        return DataSets.Open(Options);
    }
}
