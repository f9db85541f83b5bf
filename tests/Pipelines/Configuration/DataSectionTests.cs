using GanPipeline.Data;

namespace GanPipeline.Pipelines.Tests;

/// <summary>The data section: what it may say, and what reaches the data sets.</summary>
public sealed class DataSectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bricks_are_described_in_a_map_of_their_own()
    {
        var options = Read("""
            kind: bricks
                  channels: 3
                  bricks:
                    colors: [red, blue]
                    backgrounds: [white, dark]
                    light: [-60, 60]
                    yaw: [0, 90]
                    pitch: 45
                    shadow: false
            """);
        var bricks = options.DataOf("train").Bricks;
        Assert.Equal(["red", "blue"], bricks.Colors);
        Assert.Equal(["white", "dark"], bricks.Backgrounds);
        Assert.Equal(
            (new NumberRange(-60, 60), new NumberRange(0, 90), new NumberRange(45, 45), new BricksOptions().Fill),
            (bricks.Light, bricks.Yaw, bricks.Pitch, bricks.Fill));
        Assert.False(bricks.Shadow);
        Assert.Equal(["red", "yellow"], File("kind: bricks").Resolve("a", ["data.bricks.colors=[red, yellow]"]).Data.Bricks.Colors);
    }

    [Fact]
    public void Tables_crops_and_limits_reach_the_data()
    {
        var options = Read("kind: folder\n      path: .\n      size: 64\n      crop: 108\n      max-pixels: 1000\n      attributes: " +
            "list_attr.txt\n      partition: parts.txt\n      missing: leave-out");
        var data = options.DataOf("test");
        Assert.Equal(
            (108, 1000L, MissingAttributes.LeaveOut, _folder["list_attr.txt"], _folder["parts.txt"]),
            (data.Crop, data.MaxPixels, data.Missing, data.Attributes, data.Partition));
        Assert.Equal("test", data.Split);
    }

    [Theory]
    [InlineData(
        "kind: bricks\n      bricks: {colors: [red, mauve]}",
        ":5: pipelines.a.data.bricks.colors: one of the bricks' colors is 'mauve', but must be one of gray, red")]
    [InlineData(
        "kind: bricks\n      bricks: {pitch: [60, 20]}",
        ":5: pipelines.a.data.bricks.pitch: the range of bricks' pitch is 60 to 20")]
    [InlineData(
        "kind: bricks\n      bricks: {pitch: [1, 2, 3]}",
        ":5: pipelines.a.data.bricks.pitch: must be a number or two, [from, to], as in pitch: [20, 60].")]
    [InlineData("kind: bricks\n      bricks: {yaw: [a, 3]}", ":5: pipelines.a.data.bricks.yaw: must be a number or two")]
    [InlineData("kind: bricks\n      bricks: {color: red}", ":5: pipelines.a.data.bricks.color: unknown key; did you mean \"colors\"?")]
    [InlineData("kind: bricks\n      bricks: {lights: [left], light: 3}", "bricks.light: cannot be combined with lights")]
    [InlineData(
        "kind: idx\n      bricks: {pitch: 30}\n      size: 32",
        ":5: pipelines.a.data.bricks: is for data of kind bricks, and this data is of kind idx")]
    [InlineData(
        "kind: bricks\n      attributes: t.csv",
        ":5: pipelines.a.data.attributes: is for a folder or archive of pictures, and this data is of kind bricks")]
    [InlineData(
        "kind: cifar10\n      subset: letters",
        ":5: pipelines.a.data.subset: is for IDX files, and this data is of kind cifar10")]
    [InlineData(
        "kind: stacked-mnist\n      size: 32\n      channels: 1",
        ":6: pipelines.a.data.channels: channels is 1, but images of stacked-mnist have 3, a digit each")]
    [InlineData(
        "kind: stacked-mnist\n      size: 32\n      attributes: t.csv",
        ":6: pipelines.a.data.attributes: is for a folder or archive of pictures, and this data is of kind stacked-mnist")]
    [InlineData("kind: stacked-mnist", "pipelines.a.data.size: is missing. ")] // 28 pixels, as MNIST's
    [InlineData(
        "kind: stacked-mnist\n      size: 32\n    evaluate:\n      mode-samples: 999",
        ":7: pipelines.a.evaluate.mode-samples: The 1000 modes of stacked-mnist need from 1000 to 1,000,000 samples; got 999.")]
    [InlineData("kind: idx\n      size: 32\n      transpose: upright",
        ":6: pipelines.a.data.transpose: \"upright\". Known here: auto, always, never.")]
    [InlineData("kind: bricks\n      crop: 20", ":5: pipelines.a.data.crop: is for pictures from files")]
    [InlineData(
        "kind: bricks\n      size: 32\n    train:\n      random-crop: 40",
        ":7: pipelines.a.train.random-crop: 40 pixels are too many for images of 32")]
    [InlineData(
        "kind: folder\n      size: 32\n      missing: skip",
        ":6: pipelines.a.data.missing: \"skip\". Known here: error, leave-out.")]
    public void Mistakes_are_told_with_their_line(string data, string expected)
    {
        var error = Assert.Throws<RequestException>(() => File(data));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Single(error.Problems);
    }

    [Fact]
    public void Classifiers_say_what_they_read_and_under_how_much_noise()
    {
        System.IO.File.WriteAllText(_folder[
            "c.yaml"], "pipelines:\n  a:\n    kind: classifier\n    architecture: { reads: [color, form], depth: 2, filters: 16 }\n    " +
                "train: { noise: 0.4 }\n  b:\n    kind: classifier\n");
        var file = PipelineFile.Load(_folder["c.yaml"]);
        var options = file.Resolve("a", []);
        Assert.Equal((2, 16), (options.Network.Depth, options.Network.Filters));
        Assert.Equal(["color", "form"], options.Reads);
        Assert.Equal(["class"], file.Resolve("b", []).Reads);
        Assert.Equal([0.4, 0], new[] { "a", "b" }.Select(name => Adapters.ClassifierTraining(file.Resolve(name, []), _folder.Path).Noise));
    }

    private PipelineOptions Read(string data) => File(data).Resolve("a", []);

    private PipelineFile File(string data)
    {
        System.IO.File.WriteAllText(_folder["p.yaml"], $"pipelines:\n  a:\n    data:\n      {data}\n");
        return PipelineFile.Load(_folder["p.yaml"]);
    }
}
