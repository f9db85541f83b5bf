namespace GanPipeline.Data.Tests;

public class LabelExamplesTests
{
    [Fact]
    public void They_are_labels_that_occur_together()
    {
        using var bricks = DataSets.Open(new() { Kind = "bricks", Size = 16, Count = 400, Classes = ["brick 1x3", "plate 2x2"] });
        var layout = LabelLayout.Select(bricks.Attributes, ["studs-long", "form", "yaw"]);
        var examples = bricks.TakeLabelExamples(layout, 100);
        Assert.Equal(100, examples.Rows.Count);
        var kinds = examples.Rows.Select(row => $"{layout.Fields[1].Values[(int)row[1]]} {layout.Fields[0].Values[(int)row[0]]}")
            .CountBy(kind => kind).OrderBy(kind => kind.Key);
        Assert.Equal([("brick 3", 50), ("plate 2", 50)], kinds.Select(kind => (kind.Key, kind.Value)));
        Assert.True(examples.Rows.Select(row => row[2]).Distinct().Count() > 90);
        Assert.Equal(400, bricks.TakeLabelExamples(layout).Rows.Count);

        var read = LabelExamples.FromJson(examples.ToJson(), LabelLayout.FromFields(layout.Fields));
        Assert.Equal(examples.Rows, read.Rows);
    }

    [Theory]
    [InlineData("{}", "cannot be read")]
    [InlineData("[[\"cat\", 1]]", "cannot be read")]
    [InlineData("null", "cannot be read")]
    [InlineData("[]", "no label examples")]
    [InlineData("[null]", "cannot be read")]
    [InlineData("[[]]", "has 0 values, but must have 2")]
    [InlineData("[[1, 2], [1]]", "has 1 values, but must have 2")]
    [InlineData("[[3, 2]]", "has the class 3")]
    [InlineData("[[0.5, 2]]", "has the class 0.5")]
    [InlineData("[[-1, 2]]", "has the class -1")]
    public void Wrong_ones_are_refused(string json, string told)
    {
        var layout = LabelLayout.FromFields([LabelField.Categorical("class", ["cat", "dog", "emu"]), LabelField.Numeric("bright", 0, 10)]);
        Assert.Contains(told, Assert.Throws<FormatException>(() => LabelExamples.FromJson(json, layout)).Message, StringComparison.Ordinal);
    }
}
