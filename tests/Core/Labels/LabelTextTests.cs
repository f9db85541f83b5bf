namespace GanPipeline.Core.Tests;

/// <summary>Labels as people write them, and as models keep them.</summary>
public class LabelTextTests
{
    private static readonly LabelField[] _fields =
        [LabelField.Categorical("color", ["red", "light blue", "Red"]), LabelField.Binary("Smiling"), LabelField.Numeric("yaw", -90, 270)];

    private static readonly LabelLayout _several = LabelLayout.FromFields(_fields);

    private static LabelLayout Classes(params string[] names) => LabelLayout.FromFields([LabelField.Categorical("class", names)]);

    [Fact]
    public void The_only_field_needs_no_name()
    {
        var planes = Classes("airplane", "ship");
        Assert.Equal([1f], planes.Parse("ship"));
        Assert.Equal([1f], planes.Parse(" Ship "));
        Assert.Equal([1f], planes.Parse("1"));
        Assert.Equal([1f], planes.Parse("class=ship"));
        Assert.Equal([0.5f], LabelLayout.FromFields([LabelField.Numeric("yaw", 0, 1)]).Parse("0.5"));
        Assert.Contains("There is no class '2'; there are: airplane, ship.", Fails(() => planes.Parse("2")));
    }

    /// <summary>A number is an index only where no value is a number itself.</summary>
    [Fact]
    public void Digits_are_names_before_they_are_indices()
    {
        Assert.Equal([0f], Classes("7", "8").Parse("7"));
        Assert.Contains("there are: 7, 8", Fails(() => Classes("7", "8").Parse("0")));
    }

    [Fact]
    public void Assignments_fill_what_they_name()
    {
        Assert.Equal([1, float.NaN, 45], _several.Parse("color = light blue,yaw=45"));
        Assert.Equal([2, 1, float.NaN], _several.Parse("Smiling, color=Red"));
        Assert.Equal([0f, 0f, float.NaN], _several.Parse("Smiling=no, color=red"));
        Assert.Contains("no label 'hue'; there are: color, Smiling, yaw", Fails(() => _several.Parse("hue=red")));
        Assert.Contains("no color 'green'; there are: red, light blue, Red.", Fails(() => _several.Parse("color=green")));
        Assert.Contains("no yaw '300'; it is a number from -90 to 270.", Fails(() => _several.Parse("yaw=300")));
        Assert.Contains("no Smiling 'maybe'; it is yes or no.", Fails(() => _several.Parse("Smiling=maybe")));
        Assert.Contains("'color' is given twice", Fails(() => _several.Parse("color=red, color=red")));
        Assert.Contains("needs a value, as in yaw=-90", Fails(() => _several.Parse("yaw")));
        Assert.Contains("no label ''", Fails(() => _several.Parse("")));
    }

    /// <summary>"Smiling" for a generator that knows nothing else, as people write it where there are several.</summary>
    [Fact]
    public void The_name_of_a_binary_field_alone_means_yes()
    {
        var smiling = LabelLayout.FromFields([LabelField.Binary("Smiling")]);
        Assert.Equal([1f], smiling.Parse("Smiling"));
        Assert.Equal([1f], smiling.Parse(" smiling "));
        Assert.Equal([1f], smiling.Parse("'Smiling'"));
        Assert.Equal([0f], smiling.Parse("Smiling = no"));
        Assert.Equal([0f], smiling.Parse("no"));
        Assert.Contains("There is no Smiling 'Frowning'; it is yes or no.", Fails(() => smiling.Parse("Frowning")));
        Assert.Contains("needs a value, as in yaw=0", Fails(() => LabelLayout.FromFields([LabelField.Numeric("yaw", 0, 1)]).Parse("yaw")));
    }

    private static readonly LabelLayout _hair = LabelLayout.FromFields(
        [LabelField.Categorical("Hair", ["dark", "light", "light, wavy", "it's \"red\"", "a=b, c"]), LabelField.Binary("Hat, or cap"),
            LabelField.Binary("wavy")]);

    [Theory]
    [InlineData("Hair=light, wavy", 2, float.NaN, float.NaN)] // the longest value that there is
    [InlineData("Hair = light, wavy , wavy", 2, float.NaN, 1)]
    [InlineData("Hair=\"light, wavy\"", 2, float.NaN, float.NaN)]
    [InlineData("Hair='light, wavy', wavy=no", 2, float.NaN, 0)]
    [InlineData("Hair=\"light\", wavy", 1, float.NaN, 1)] // quotes settle it
    [InlineData("\"Hair\"=dark, wavy", 0, float.NaN, 1)]
    [InlineData("Hat, or cap, Hair=dark", 0, 1, float.NaN)]
    [InlineData("'Hat, or cap'=no, Hair=it's \"red\"", 3, 0, float.NaN)]
    [InlineData("Hair=\"it's \"\"red\"\"\"", 3, float.NaN, float.NaN)]
    [InlineData("Hair='it''s \"red\"'", 3, float.NaN, float.NaN)]
    [InlineData("hair=a=b, c,wavy", 4, float.NaN, 1)]
    public void Values_may_contain_commas(string text, float hair, float hat, float wavy) =>
        Assert.Equal([hair, hat, wavy], _hair.Parse(text));

    [Fact]
    public void What_is_wrong_with_a_request_that_has_commas_is_told()
    {
        Assert.Contains("There is no Hair 'light, curly, short'; there are: dark, light, \"light, wavy\"",
            Fails(() => LabelLayout.FromFields([LabelField.Categorical("Hair", ["dark", "light", "light, wavy"])])
                .Parse("light, curly, short")));
        Assert.Contains("There is no label 'curly'; there are: Hair, \"Hat, or cap\", wavy.",
            Fails(() => _hair.Parse("Hair=light, curly")));
        Assert.Contains("There is no Hair 'dim, curly'; there are", Fails(() => _hair.Parse("Hair=dim, curly, wavy")));
        Assert.Contains("There is no Hair '\"light'; there are", Fails(() => _hair.Parse("Hair=\"light, wavy=yes")));
        Assert.Contains("no label ''", Fails(() => _hair.Parse("Hair=light, wavy,")));
        Assert.Contains("'Hair' is given twice", Fails(() => _hair.Parse("Hair=dark, hair=dark")));
        Assert.Contains("Hair", Fails(() => _hair.Parse("Hair=" + new string(',', 200_000)))); // in no time
    }

    /// <summary>Tables are often written with decimals where whole numbers are meant.</summary>
    [Fact]
    public void Numbers_are_read_by_value()
    {
        var digits = Classes("7", "8", "08", "2.50");
        Assert.Equal([0f], digits.Parse("7.0"));
        Assert.Equal([2f], digits.Parse("08"));
        Assert.Equal([3f], digits.Parse("2.5"));
        Assert.Contains("There is no class '8.0'", Fails(() => digits.Parse("8.0"))); // two have this value
        var smiling = LabelLayout.FromFields([LabelField.Binary("Smiling")]);
        Assert.Equal([1f, 0f, 0f], new[] { "1.0", "-1.0", "0" }.Select(text => smiling.Parse(text)[0]));
        Assert.Contains("no Smiling '0.5'", Fails(() => smiling.Parse("0.5")));
    }

    [Fact]
    public void Descriptions_can_be_read_again()
    {
        for (var hair = 0f; hair < 5; hair++)
        {
            var text = _hair.Describe([hair, 1, 0]);
            Assert.Equal([hair, 1f, 0f], _hair.Parse(text));
        }
        Assert.Equal("Hair=\"light, wavy\", \"Hat, or cap\"=yes, wavy=no", _hair.Describe([2, 1, 0]));
    }

    [Fact]
    public void Vectors_and_texts_go_there_and_back()
    {
        var vector = new float[_several.Size];
        _several.EncodeFields(_several.Parse("color=Red, Smiling, yaw=180"), vector);
        Assert.Equal([0, 0, 1, 1, 0.5f], vector);
        var values = new float[3];
        _several.DecodeFields(vector, values);
        Assert.Equal([2f, 1f, 180f], values);
        Assert.Equal("color=Red, Smiling=yes, yaw=180", _several.Describe(values));
        Assert.Equal("ship", Classes("airplane", "ship").Describe([1]));
    }

    [Fact]
    public void Json_goes_there_and_back()
    {
        var json = _several.ToJson();
        var read = LabelLayout.FromJson(json);
        Assert.Equal(json, read.ToJson());
        Assert.Equal(["red", "light blue", "Red"], read.Fields[0].Values);
        Assert.Equal((LabelKind.Numeric, -90, 270), (read.Fields[2].Kind, read.Fields[2].Low, read.Fields[2].High));
        var classes = LabelLayout.FromJson("""["cat", "dog"]""");
        Assert.Equal(("class", 2), (classes.Fields.Single().Name, classes.Size));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("""[{"name":"a"}]""")]
    [InlineData("""[{"name":"a","kind":"odd"}]""")]
    [InlineData("""[{"name":"a","kind":"categorical","values":[]}]""")]
    [InlineData("""[{"name":"a","kind":"numeric","low":1,"high":1}]""")]
    [InlineData("""[{"name":"a","kind":"binary"},{"name":"a","kind":"binary"}]""")]
    [InlineData("""["cat",""")]
    public void Other_json_is_refused(string json) => Assert.Throws<FormatException>(() => LabelLayout.FromJson(json));

    private static string Fails(Action action) => Assert.Throws<ArgumentException>(action).Message;
}
