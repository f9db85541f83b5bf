using System.Text;

namespace GanPipeline.Inference.Tests;

public sealed class LabelExamplesTests
{
    [Fact]
    public void What_a_request_leaves_open_is_taken_from_labels_that_occur()
    {
        // Dogs are of 3 or 4, emus of 7; 0 to 10 is scaled to -1 to 1.
        using var model = GeneratorModel.Load(WithExamples("[[1,3],[1,4],[2,7]]"));
        Assert.Equal(3, model.LabelExamples!.Rows.Count);
        float[] dog3 = [0, 1, 0, -0.4f], dog4 = [0, 1, 0, -0.2f], emu = [0, 0, 1, 0.4f];

        var rows = model.LabelVectors(900, seed: 5).Chunk(4).ToArray();
        // 300 +- five standard deviations of 14.
        Assert.All([dog3, dog4, emu], label => Assert.InRange(rows.Count(row => Same(row, label)), 230, 370));
        Assert.All(rows, row => Assert.Contains([dog3, dog4, emu], label => Same(row, label)));
        Assert.Equal(rows[100..110].SelectMany(row => row), model.LabelVectors(10, seed: 5, first: 100));

        Assert.All(model.LabelVectors(40, labels: ["class=emu"]).Chunk(4), row => Assert.True(Same(row, emu)));
        Assert.Equal(2, model.LabelVectors(40, labels: ["class=dog"]).Chunk(4).DistinctBy(row => row[3]).Count());
        // A number that is asked for leaves the choice among all.
        Assert.All(model.LabelVectors(40, labels: ["bright=5"]).Chunk(4), row => Assert.Equal(0, row[3]));
        // There was no cat: the rest is taken from any.
        var cats = model.LabelVectors(40, labels: ["class=cat"]).Chunk(4).ToArray();
        Assert.All(cats, row => Assert.Equal(1, row[0]));
        Assert.Equal(3, cats.DistinctBy(row => row[3]).Count());
        // What is asked for whole stays as it is.
        Assert.Equal([1f, 0, 0, 1], model.LabelVectors(1, labels: ["class=cat, bright=10"]));
    }

    [Fact]
    public void A_model_with_wrong_ones_is_refused()
    {
        var error = Assert.Throws<ModelException>(() => GeneratorModel.Load(WithExamples("[[5,3]]")));
        Assert.Contains("GanPipeline.LabelExamples: A label example has the class 5", error.Message, StringComparison.Ordinal);
        using var without = GeneratorModel.Load(TestModels.Conditional);
        Assert.Null(without.LabelExamples);
    }

    // One rounding of a scaled number.
    private static bool Same(float[] a, float[] b) => a.Zip(b).All(pair => MathF.Abs(pair.First - pair.Second) < 1e-6f);

    /// <summary>The model with an entry more in its metadata: a repeated field of a Protobuf message may stand at its end.</summary>
    private static byte[] WithExamples(string json)
    {
        byte[] entry = [.. Field(1, Encoding.UTF8.GetBytes(ModelMetadata.LabelExamples)), .. Field(2, Encoding.UTF8.GetBytes(json))];
        return [.. File.ReadAllBytes(TestModels.Conditional), .. Field(14, entry)];
    }

    private static byte[] Field(int number, byte[] content)
    {
        Assert.InRange(content.Length, 0, 127); // one byte of length
        return [(byte)(number << 3 | 2), (byte)content.Length, .. content];
    }
}
