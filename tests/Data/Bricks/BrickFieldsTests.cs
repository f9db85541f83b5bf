namespace GanPipeline.Data.Tests;

public class BrickFieldsTests
{
    [Fact]
    public void Attributes_are_those_that_the_picture_was_drawn_from()
    {
        var bricks = new BricksOptions { Colors = ["red", "blue"], Backgrounds = ["dark", "white"], Lights = ["right", "left"],
            Pitch = new(20, 60) };
        using var source = (BricksSource)DataSets.Open(new() { Channels = 3, Bricks = bricks });
        var fields = source.Attributes;
        Assert.Equal(["class", "form", "studs-wide", "studs-long", "color", "background", "light", "yaw", "pitch", "fill"],
            fields.Select(f => f.Name));
        var values = new float[fields.Count];
        for (var i = 0; i < 500; i++)
        {
            source.ReadAttributes(i, values);
            var truth = source.Describe(i);
            Assert.Equal(truth.Type.Name, Name("class"));
            Assert.Equal(truth.Type.Form.ToString(), Name("form"), ignoreCase: true);
            Assert.Equal($"{truth.Type.StudsWide}x{truth.Type.StudsLong}", $"{Name("studs-wide")}x{Name("studs-long")}");
            Assert.Equal(truth.Color.Name, Name("color"));
            Assert.Equal(truth.Background < 0.5, Name("background") == "dark");
            Assert.Equal(truth.Light < 0, Name("light") == "left");
            Assert.Equal((truth.Yaw, truth.Pitch, truth.Fill), (Number("yaw"), Number("pitch"), Number("fill")), Nearly);
        }

        int Place(string name) => Enumerable.Range(0, fields.Count).Single(p => fields[p].Name == name);
        string Name(string name) => fields[Place(name)].Values[(int)values[Place(name)]];
        double Number(string name) => values[Place(name)];
    }

    [Fact]
    public void Styles_are_an_attribute_and_decide_how_a_brick_is_drawn()
    {
        var options = new DataOptions { Channels = 3, Count = 60, Bricks = new() { Styles = ["drawing", "render"] } };
        using var both = DataSets.Open(options);
        using var renders = DataSets.Open(options with { Bricks = new() });
        using var drawings = DataSets.Open(options with { Bricks = new() { Styles = ["drawing"] } });
        var field = both.Attributes[^1];
        Assert.Equal(("style", "drawing, render"), (field.Name, string.Join(", ", field.Values)));
        Assert.Equal(3, new[] { both, renders, drawings }.Select(source => source.Fingerprint).Distinct().Count());
        var values = new float[both.Attributes.Count];
        var seen = new int[2];
        for (var i = 0; i < 60; i++)
        {
            both.ReadAttributes(i, values);
            seen[(int)values[^1]]++;
            Assert.Equal((values[^1] == 0 ? drawings : renders).Read(i), both.Read(i));
        }
        Assert.All(seen, count => Assert.InRange(count, 15, 45)); // 30 with a deviation of 3.9
    }

    [Fact]
    public void Values_are_those_that_occur()
    {
        using var source = DataSets.Open(new() { Classes = ["brick 2x4", "plate 1x2", "brick 2x2"],
            Bricks = new() { Background = new(0.2, 0.9) } });
        var fields = source.Attributes.ToDictionary(f => f.Name);
        Assert.Equal(["brick 2x2", "brick 2x4", "plate 1x2"], fields["class"].Values);
        Assert.Equal(["brick", "plate"], fields["form"].Values);
        Assert.Equal(["1", "2"], fields["studs-wide"].Values);
        Assert.Equal(["2", "4"], fields["studs-long"].Values);
        Assert.Equal((LabelKind.Numeric, 0.2, 0.9), (fields["background"].Kind, fields["background"].Low, fields["background"].High));
        Assert.Equal(["light", "yaw"], fields.Values.Where(f => !f.SurvivesMirroring).Select(f => f.Name));
    }

    [Fact]
    public void Batches_carry_the_labels_of_their_pictures()
    {
        using var source = DataSets.Open(new() { Count = 100, Size = 16, Classes = ["brick 1x1", "tile 2x4"], Channels = 3, Limit = 60 });
        var layout = source.SelectLabels(["class", "yaw"]);
        using var loader = new BatchLoader(source, new() { BatchSize = 20, Labels = layout });
        using var batch = loader.Next();
        for (var i = 0; i < 20; i++)
        {
            var vector = batch.LabelVectors.AsSpan(i * layout.Size, layout.Size);
            Assert.Equal(1, vector[batch.Labels[i]]);
            Assert.Equal(0, vector[1 - batch.Labels[i]]);
            Assert.InRange(vector[2], -1, 1);
        }
    }

    [Fact]
    public void Unknown_and_doubled_names_are_told()
    {
        Assert.Contains("one of the bricks' lights is 'below', but must be one of left, front, right, back",
            Reading.Fails(new() { Bricks = new() { Lights = ["below"] } }).Message);
        Assert.Contains("backgrounds list one twice", Reading.Fails(new() { Bricks = new() { Backgrounds = ["gray", "gray"] } }).Message);
    }

    private static bool Nearly((double, double, double) a, (double, double, double) b) =>
        Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) < 1e-4; // floats of up to 360
}
