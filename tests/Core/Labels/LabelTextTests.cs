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
