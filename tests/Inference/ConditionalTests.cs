namespace GanPipeline.Inference.Tests;

public sealed class ConditionalTests : IDisposable
{
    /// <summary>As in <see cref="GeneratorModelTests"/>: other batch sizes may add in another order.</summary>
    private const float Tolerance = 96 * 6e-8f;

    private readonly GeneratorModel _model = GeneratorModel.Load(TestModels.Conditional, new ModelOptions { BatchSize = 8 });

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_conditional_generator_tells_what_it_knows()
    {
        Assert.Equal((6, 4), (_model.LatentSize, _model.LabelSize));
        Assert.Equal(
            [("class", LabelKind.Categorical), ("bright", LabelKind.Numeric)],
            _model.Labels!.Fields.Select(f => (f.Name, f.Kind)));
        using var unconditional = GeneratorModel.Load(TestModels.Generator);
        Assert.Null(unconditional.Labels);
        Assert.Equal(0, unconditional.LabelSize);
    }

    [Fact]
    public void Samples_show_what_was_asked_for()
    {
        var asked = _model.Sample(20, seed: 3, labels: ["class=dog, bright=10"]);
        AssertClose(ByVectors(20, 3, 0, [0, 1, 0, 1]), asked.Values);
        var other = _model.Sample(20, seed: 3, labels: ["class=cat, bright=10"]);
        Assert.Contains(asked.Values.Zip(other.Values), pair => Math.Abs(pair.First - pair.Second) > 0.1);
        AssertClose(asked.Values, _model.Generate(Latents.Normal(3, 0, 20, 6), ["class=dog, bright=10"]).Values);
    }

    [Fact]
    public void Labels_take_turns_and_what_they_leave_open_is_drawn_by_seed_and_index()
    {
        var vectors = _model.LabelVectors(600, seed: 5, labels: ["class=dog", "class=emu"]);
        var rows = vectors.Chunk(4).ToArray();
        Assert.All(rows.Index(), row => Assert.Equal(row.Index % 2 == 0 ? [0, 1, 0] : new float[] { 0, 0, 1 }, row.Item[..3]));
        Assert.InRange(rows.Min(row => row[3]), -1, -0.95);
        Assert.InRange(rows.Max(row => row[3]), 0.95, 1);
        Assert.InRange(rows.Average(row => row[3]), -0.12, 0.12); // Five standard errors of a uniform's mean.
        Assert.Equal(vectors[(4 * 100)..(4 * 110)], _model.LabelVectors(10, seed: 5, first: 100, labels: ["class=dog", "class=emu"]));
        Assert.NotEqual(vectors, _model.LabelVectors(600, seed: 6, labels: ["class=dog", "class=emu"]));
    }

    [Fact]
    public void Without_a_request_several_fields_are_drawn()
    {
        var rows = _model.LabelVectors(900, seed: 1).Chunk(4).ToArray();
        Assert.All(rows, row => Assert.Equal(1, row[..3].Sum()));
        // 300 +- five standard deviations of 14.
        Assert.All(Enumerable.Range(0, 3), k => Assert.InRange(rows.Count(row => row[k] == 1), 230, 370));
        // The fields are independent of each other and of the latents.
        double brightness = rows.Where(row => row[0] == 1).Average(row => row[3]);
        Assert.InRange(brightness, -0.17, 0.17);
    }

    [Fact]
    public void Streams_batches_and_bytes_are_the_same_samples()
    {
        var whole = _model.Sample(30, seed: 9);
        float[] streamed = [.. _model.SampleBatches(20, seed: 9, first: 10, reuse: true).SelectMany(b => b.Values.ToArray())];
        AssertClose(whole.Slice(10, 20).Values, streamed);
        var bytes = _model.SamplePixels(30, seed: 9);
        var one = new byte[whole.ImageSize];
        whole.CopyPixels(7, one);
        Assert.All(one.Zip(bytes[(7 * one.Length)..]), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void A_grid_has_a_row_a_label_and_a_column_a_latent()
    {
        var (images, columns) = _model.SampleGrid(12, seed: 2, labels: ["class=cat, bright=0", "class=emu, bright=10"]);
        Assert.Equal((12, 6), (images.Count, columns));
        AssertClose(ByVectors(6, 2, 0, [1, 0, 0, -1]), images.Slice(0, 6).Values);
        AssertClose(ByVectors(6, 2, 0, [0, 0, 1, 1]), images.Slice(6, 6).Values);
        // Several fields: as many drawn labels as make about a square.
        (images, columns) = _model.SampleGrid(30, seed: 2);
        Assert.Equal((30, 5), (images.Count, columns));
        using var unconditional = GeneratorModel.Load(TestModels.Generator);
        (images, columns) = unconditional.SampleGrid(5, seed: 2);
        Assert.Equal((5, 0), (images.Count, columns));
    }

    [Fact]
    public void What_it_does_not_know_is_told_with_what_it_knows()
    {
        AssertTold(() => _model.Sample(1, labels: ["class=cow"]), "There is no class 'cow'; there are: cat, dog, emu.");
        AssertTold(() => _model.Sample(1, labels: ["bright=11"]), "There is no bright '11'; it is a number from 0 to 10.");
        AssertTold(() => _model.SampleBatches(1, labels: ["colour=red"]), "There is no label 'colour'; there are: class, bright.");
        AssertTold(() => _model.Generate(Latents.Normal(0, 0, 2, 6)), "2 label vectors of 4 values need 8; 0 given");
        AssertTold(() => _model.Generate(Latents.Normal(0, 0, 2, 6), new float[4], new float[2 * _model.ImageSize]), "need 8; 4 given");
        using var unconditional = GeneratorModel.Load(TestModels.Generator);
        AssertTold(() => unconditional.Sample(1, labels: ["cat"]), "takes no label, such as 'cat'");
        AssertTold(() => unconditional.Generate(Latents.Normal(0, 0, 2, 6), ["cat"]), "takes no label, such as 'cat'");
    }

    [Fact]
    public void A_model_that_does_not_say_what_its_labels_mean_takes_vectors_and_numbers_its_classes()
    {
        using var unnamed = GeneratorModel.Load(TestModels.Find("conditional-unnamed.onnx"));
        Assert.Equal(4, unnamed.LabelSize);
        Assert.Equal(["0", "1", "2", "3"], Assert.Single(unnamed.Labels!.Fields).Values);
        AssertClose(ByVectors(1, 3, 0, [0, 0, 1, 0]), unnamed.Sample(1, seed: 3, labels: ["2"]).Values);
        var images = new float[unnamed.ImageSize];
        unnamed.Generate(Latents.Normal(3, 0, 1, 6), [0, 1, 0, 1], images);
        AssertClose(ByVectors(1, 3, 0, [0, 1, 0, 1]), images);
    }

    private float[] ByVectors(int count, long seed, long first, float[] label)
    {
        var images = new float[count * _model.ImageSize];
        _model.Generate(Latents.Normal(seed, first, count, 6), [.. Enumerable.Repeat(label, count).SelectMany(v => v)], images);
        return images;
    }

    private static void AssertTold(Action action, string part) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
