namespace GanPipeline.Data.Tests;

public class SelectedSourceTests
{
    [Fact]
    public void Chosen_classes_are_counted_anew_in_labels_and_attributes()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["a/1.png", "b/1.png", "c/1.png", "c/2.png"]) folder.Put(file, Reading.Png(4, 4, 1, 2, 3));
        var options = new DataOptions { Kind = "folder", Path = folder.Path, Size = 4, Classes = ["c", "b"] };
        using var source = DataSets.Open(options);
        Assert.Equal(["b", "c"], source.Classes);
        Assert.Equal(["b", "c"], Assert.Single(source.Attributes).Values);
        Assert.Equal([0, 1, 1], Enumerable.Range(0, source.Count).Select(source.Label));
        Assert.Equal([0, 1, 1], Enumerable.Range(0, source.Count).Select(ClassOf));
        Assert.Contains("no class 'd' in", Reading.Fails(options with { Classes = ["d"] }).Message);

        float ClassOf(int index)
        {
            var values = new float[1];
            source.ReadAttributes(index, values);
            return values[0];
        }
    }
}
