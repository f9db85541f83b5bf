namespace GanPipeline.Inference.Tests;

public class ClassifierModelTests
{
    [Fact]
    public void Each_attribute_is_read_from_its_logits()
    {
        using var model = ClassifierModel.Load(TestModels.Classifier);
        Assert.Equal((3, 4, 8, 6), (model.Channels, model.Height, model.Width, model.LogitCount));
        Assert.Equal(["color", "hat", "size"], model.Fields.Select(f => f.Name));
        Assert.Equal(["red", "green", "blue"], model.Fields[0].Values);
        Assert.Equal([3, 1, 2], model.Fields.Select(f => f.Width));

        // The logits are the sums of the first six columns; see make_models.py.
        var images = new ImageTensor(2, 3, 4, 8);
        images.Image(0)[2] = 1; // blue; no hat; of equal sizes the first
        (images.Image(1)[1], images.Image(1)[3], images.Image(1)[5]) = (1, 0.5f, 0.25f); // green, a hat, the second size
        Assert.Equal([0, 0, 1, 0, 0, 0, 0, 1, 0, 0.5f, 0, 0.25f], model.Logits(images));
        var read = model.Read(images);
        Assert.Equal([2, 1], read[0]);
        Assert.Equal([0, 1], read[1]);
        Assert.Equal([0, 1], read[2]);
        Assert.All(model.Read(new ImageTensor(0, 3, 4, 8)), Assert.Empty);
        Assert.Throws<ArgumentException>(() => model.Read(new ImageTensor(1, 1, 4, 8)));
    }

    [Fact]
    public void An_image_is_classified_by_name_with_probabilities()
    {
        using var model = ClassifierModel.Load(File.ReadAllBytes(TestModels.Classifier));
        Assert.True(model.IsCalibrated);
        var images = new ImageTensor(1, 3, 4, 8);
        (images.Image(0)[1], images.Image(0)[3], images.Image(0)[5]) = (1, 0.5f, 0.25f); // green, a hat, the second size
        var read = Assert.Single(model.Classify(images));
        Assert.Equal(("green", read.Attributes[0].Probability), (read.Label, read.Probability));
        Assert.Equal(["color", "hat", "size"], read.Attributes.Select(attribute => attribute.Name));
        Assert.Equal(["green", "true"], read.Attributes.Take(2).Select(attribute => attribute.Value));
        float[] expected = [MathF.E / (MathF.E + 2), 1 / (1 + MathF.Exp(-0.5f)), 1 / (1 + MathF.Exp(-0.25f))];
        // Two roundings of float32 or three.
        Assert.All(expected.Zip(read.Attributes), pair => Assert.Equal(pair.First, pair.Second.Probability!.Value, 1e-6f));
        Assert.Empty(model.Classify(new ImageTensor(0, 3, 4, 8)));
    }

    [Fact]
    public void A_model_that_does_not_say_what_its_logits_mean_is_refused()
    {
        Assert.Contains("no features of that name: it needs an output logits",
            Assert.Throws<ModelException>(() => ClassifierModel.Load(TestModels.Features)).Message, StringComparison.Ordinal);
        Assert.Contains("has 6 logits, but the attributes in its metadata need 5",
            Assert.Throws<ModelException>(() => ClassifierModel.Load(TestModels.WrongClassifier)).Message, StringComparison.Ordinal);
        Assert.Contains("have no GanPipeline.Labels",
            Assert.Throws<ModelException>(() => ClassifierModel.Load(TestModels.MuteClassifier)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnist-classifier", "class", 10)]
    [InlineData("bricks-classifier", "class", 50)]
    [InlineData("cifar10-classifier", "class", 10)]
    public void The_committed_classifiers_say_what_they_read(string name, string field, int values)
    {
        using var model = ClassifierModel.Load(Path.Combine(Repository.Root, "models", name, "classifier.onnx"));
        Assert.Equal((field, values), (model.Fields[0].Name, model.Fields[0].Values.Count));
    }
}
