using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>A folder of pictures with a table of attributes, from the request to a model that is asked for them.</summary>
public sealed class TableTests : IDisposable
{
    private readonly TinyWorld _world = new();

    public TableTests()
    {
        _world.GanOk("data", "render", "bricks", "--count", "60", "--size", "32", "--test", "0", "--out", "set");
        // CelebA's form: is it tall, and is it there.
        var files = Directory.EnumerateFiles(_world["set"], "*.png", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!).Order()
            .ToArray();
        Assert.Equal(60, files.Length);
        File.WriteAllText(
            _world["attributes.txt"],
            "60\nTall There\n" + string.Concat(files.Select((f, i) => $"{f} {(i % 50 is < 17 or > 41 ? 1 : -1)}  1\n")));
    }

    private static string[] On(params string[] more) =>
        ["--set", "data.kind=folder", "--set", "data.path=set", "--set", "data.channels=1", "--set", "data.attributes=attributes.txt",
            .. more];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_binary_attribute_conditions_a_generator()
    {
        _world.GanOk(["run", "tiny", .. On("--set", "architecture.condition=[Tall]")]);
        using var model = GeneratorModel.Load(_world.Run("models/generator.onnx"));
        Assert.Equal("Tall", Assert.Single(model.Labels!.Fields).Name);
    }

    /// <summary>As spreadsheets write them, and asked for with a comma in a value.</summary>
    [Fact]
    public void Values_with_commas_are_asked_for()
    {
        var files = Directory.EnumerateFiles(_world["set"], "*.png", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)!).Order();
        File.WriteAllText(_world["attributes.txt"], "file;Form;Weight;Tall\n" +
            string.Concat(files.Select((f, i) => $"{f};{(i % 2 == 0 ? "\"round, or so\"" : "square")};{i % 5},5;{i / 30}.0\n")));
        _world.GanOk(["run", "tiny", .. On("--set", "architecture.condition=[Form, Weight, Tall]")]);
        string[] requests = ["Form=round, or so, Weight=1.5, Tall=no", "Tall, Form=\"round, or so\", Weight=0.5", "Form=square, Weight=4"];
        _world.GanOk(["generate", _world.Run("models/generator.onnx"), "--count", "3", "--out", "pictures",
            .. requests.SelectMany(r => (string[])["--label", r])]);
        var rows = File.ReadAllLines(_world["pictures/labels.csv"]);
        Assert.Equal(["file,Form,Weight,Tall", "000000.png,\"round, or so\",1.5,no", "000001.png,\"round, or so\",0.5,yes"], rows[..3]);
        Assert.StartsWith("000002.png,square,4,", rows[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[There]", "architecture.condition: The attribute 'There' is present in every one of the 60 pictures of set")]
    [InlineData("[Smiling]", "architecture.condition: The pictures have no attribute 'Smiling'; there are: class, Tall, There.")]
    public void What_cannot_be_a_label_is_told_before_anything_is_trained(string condition, string expected)
    {
        var outcome = _world.Gan(["train", "tiny", .. On("--set", "architecture.condition=" + condition)]);
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.StartsWith(expected, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_world.Run("train/checkpoints")));
    }

    [Fact]
    public void A_table_that_does_not_match_is_told()
    {
        File.WriteAllText(_world["attributes.txt"], "file,tall\nx.png,1\ny.png,0\n");
        var outcome = _world.Gan(["train", "tiny", .. On()]);
        Assert.True(outcome.Code == 2, outcome.ToString());
        Assert.Contains(
            "attributes.txt matches none of the 60 pictures: it names x.png, y.png, the pictures are brick 1x1/000000.png",
            outcome.Error,
            StringComparison.Ordinal);
    }
}
