namespace GanPipeline.Inference.Tests;

public class FeatureModelTests
{
    [Fact]
    public void Features_are_those_of_each_image_in_any_batch()
    {
        using var generator = GeneratorModel.Load(TestModels.Generator);
        using var model = FeatureModel.Load(TestModels.Features);
        using var small = FeatureModel.Load(TestModels.Features, options: new ModelOptions { BatchSize = 7 });
        using var logit = FeatureModel.Load(TestModels.Features, "logit");
        Assert.Equal((5, 3, 4, 8), (model.FeatureCount, model.Channels, model.Height, model.Width));
        Assert.Equal(1, logit.FeatureCount);

        var images = generator.Sample(100, seed: 4);
        float[] expected = model.Extract(images), actual = small.Extract(images), sums = logit.Extract(images);
        // Sums of 96 products of size 1, added in another order: see GeneratorModelTests.
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 96 * 6e-8f * 4);
        for (var i = 0; i < images.Count; i++) Assert.Equal(expected.AsSpan(i * 5, 5).ToArray().Sum(), sums[i], 1e-4f);
        Assert.NotEqual(expected[0], expected[5]);
        Assert.Empty(model.Extract(new ImageTensor(0, 3, 4, 8)));
    }

    [Fact]
    public void A_model_in_memory_is_the_model_in_the_file()
    {
        using var generator = GeneratorModel.Load(File.ReadAllBytes(TestModels.Generator));
        using var file = FeatureModel.Load(TestModels.Features);
        using var memory = FeatureModel.Load(File.ReadAllBytes(TestModels.Features), "features",
            new ModelOptions { BatchSize = 9, Threads = 1 });
        var images = generator.Sample(10, seed: 4);
        Assert.Equal(9, memory.BatchSize);
        using var same = GeneratorModel.Load(TestModels.Generator);
        Assert.Equal(same.Sample(10, seed: 4).Values, images.Values);
        // As above: other batches, other sums.
        Assert.All(file.Extract(images).Zip(memory.Extract(images)), pair => Assert.Equal(pair.First, pair.Second, 96 * 6e-8f * 4));
        Assert.Contains("is empty", Assert.Throws<ModelException>(() => FeatureModel.Load(Array.Empty<byte>())).Message,
            StringComparison.Ordinal);
        Assert.Contains("damaged or cut short",
            Assert.Throws<ModelException>(() => GeneratorModel.Load(File.ReadAllBytes(TestModels.Generator)[..500])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_requests_are_refused()
    {
        using var model = FeatureModel.Load(TestModels.Features);
        var message = Assert.Throws<ArgumentException>(() => model.Extract(new ImageTensor(1, 1, 28, 28))).Message;
        Assert.Contains("[1, 28, 28]", message, StringComparison.Ordinal);
        Assert.Contains("[3, 4, 8]", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Extract(new float[97], new float[5]));
        Assert.Throws<ArgumentException>(() => model.Extract(new float[96], new float[4]));
    }
}
