namespace GanPipeline.Inference.Tests;

public class LatentProjectionTests
{
    [Fact]
    public void The_latent_of_an_image_is_found()
    {
        using var generator = GeneratorModel.Load(LatentWorld.Generator);
        using var features = FeatureModel.Load(LatentWorld.Classifier);
        float[] latent = [0.3f, -1.2f, 0.8f, -0.1f];
        var options = new LatentProjectionOptions { Draws = 50, Starts = 1, Steps = 60, Seed = 4 };
        var found = LatentProjection.Find(generator, features, generator.Generate(latent), options);
        for (var j = 0; j < latent.Length; j++) Assert.Equal(latent[j], found.Latent[j], 3);
        Assert.InRange(found.Ratio, 0, 0.001);
        Assert.True(found.Distance < found.NearestDrawn && found.NearestDrawn < found.MedianDrawn);
        Assert.Equal(50 + 60 * 24, found.Tried);
        Assert.Equal(found.Latent, LatentProjection.Find(generator, features, generator.Generate(latent), options).Latent);

        var drawn = LatentProjection.Find(generator, features, generator.Generate(latent), options with { Steps = 0 });
        Assert.Equal((drawn.DrawnLatent, drawn.NearestDrawn), (drawn.Latent, drawn.Distance));
    }

    /// <summary>Pictures that a trained generator made are found back: nearer than the nearest of the drawn ones, and than most.</summary>
    [Fact]
    public void Pictures_of_a_trained_generator_are_found_back()
    {
        using var generator = GeneratorModel.Load(Path.Combine(Repository.Root, "models", "quickstart", "generator.onnx"));
        using var features = FeatureModel.Load(Path.Combine(Repository.Root, "models", "bricks-classifier", "classifier.onnx"));
        var images = generator.Sample(4, seed: 99, labels: ["brick 2x4"]);
        var options = new LatentProjectionOptions { Draws = 300, Starts = 2, Steps = 60 };
        var label = generator.LabelVectors(1, labels: ["brick 2x4"]);
        var found = Enumerable.Range(0, 4)
            .Select(i => LatentProjection.Find(generator, features, images.Slice(i, 1), options, label)).ToArray();
        Assert.All(found, f => Assert.True(f.Distance < 0.7 * f.NearestDrawn, $"{f.Distance}, but {f.NearestDrawn}"));
        double[] ratios = [.. found.Select(f => f.Ratio).Order()];
        Assert.True(ratios[1] < 0.15 && ratios[3] < 0.4, string.Join(", ", ratios));
    }

    [Fact]
    public void Images_that_do_not_fit_are_refused()
    {
        using var generator = GeneratorModel.Load(LatentWorld.Generator);
        using var features = FeatureModel.Load(LatentWorld.Classifier);
        string Refused(ImageTensor image, float[]? label = null) =>
            Assert.Throws<ArgumentException>(() => LatentProjection.Find(generator, features, image, label: label)).Message;
        Assert.Contains("the given one 3", Refused(new ImageTensor(1, 3, 2, 2)), StringComparison.Ordinal);
        Assert.Contains("2 images given", Refused(new ImageTensor(2, 1, 2, 2)), StringComparison.Ordinal);
        Assert.Contains("label vector; the generator takes 0", Refused(new ImageTensor(1, 1, 2, 2), [1]), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => LatentProjection.Find(generator, features, new ImageTensor(1, 1, 2, 2), new() { Draws = 0 }));
    }
}
