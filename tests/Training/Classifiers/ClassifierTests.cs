using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training.Tests.Classifiers;

public class ClassifierTests
{
    [Fact]
    public void Learns_what_can_be_learnt_and_survives_saving()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var training = new SyntheticSource(new ImageShape(1, 16, 16), count: 512);
        using var heldOut = new SyntheticSource(new ImageShape(1, 16, 16), count: 100);
        using var classifier = Classifier.Create(training.Shape, training.Classes, featureCount: 16);
        var lines = new List<ClassifierProgress>();
        var result = new ClassifierTrainer(classifier, new() { Epochs = 3, BatchSize = 32, LogEvery = 10, Device = "cpu" }).Run(training, heldOut, lines.Add);
        Assert.Equal(1, result.Accuracy);
        Assert.Equal(100, result.HeldOut);
        Assert.Equal(48, result.Steps);
        Assert.Equal([10L, 20, 30, 40, 48], lines.Select(line => line.Step));
        Assert.True(lines[^1].Loss < lines[0].Loss / 2);

        ClassifierCheckpoint.Save(classifier, folder["classifier"]);
        using var loaded = ClassifierCheckpoint.Load(folder["classifier"]);
        Assert.Equal(classifier.Classes, loaded.Classes);
        Assert.Equal(classifier.Shape, loaded.Shape);
        var images = randn(3, 1, 16, 16);
        using var untracked = no_grad();
        var features = loaded.Trunk.call(images);
        Assert.Equal([3, 16], features.shape);
        Assert.True(Bits.Same(classifier.Trunk.call(images), features));
        Assert.True(Bits.Same(classifier.Head.call(features), loaded.Head.call(features)));
    }

    [Fact]
    public void Other_classes_or_shapes_are_refused()
    {
        using var four = new SyntheticSource(new ImageShape(1, 16, 16));
        using var two = new SyntheticSource(new ImageShape(1, 16, 16), classes: 2);
        using var larger = new SyntheticSource(new ImageShape(1, 24, 24));
        using var classifier = Classifier.Create(four.Shape, four.Classes);
        var trainer = new ClassifierTrainer(classifier, new() { Device = "cpu" });
        Assert.Contains("place 0, place 1]", Assert.Throws<ArgumentException>(() => trainer.Run(four, two)).Message, StringComparison.Ordinal);
        Assert.Contains("24 x 24", Assert.Throws<ArgumentException>(() => trainer.Run(larger, four)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Classifier.Create(new ImageShape(1, 4, 4), four.Classes));
        Assert.Throws<ArgumentException>(() => Classifier.Create(four.Shape, ["one"]));
    }

    [Fact]
    public void A_damaged_or_missing_classifier_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("classifier.json", Assert.Throws<CheckpointException>(() => ClassifierCheckpoint.Load(folder.Path)).Message, StringComparison.Ordinal);
        using var source = new SyntheticSource(new ImageShape(1, 16, 16));
        using var classifier = Classifier.Create(source.Shape, source.Classes);
        ClassifierCheckpoint.Save(classifier, folder.Path);
        var weights = folder["classifier.safetensors"];
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^1]);
        Assert.Contains("cut short", Assert.Throws<CheckpointException>(() => ClassifierCheckpoint.Load(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["classifier.json"], "null");
        Assert.Contains("holds null", Assert.Throws<CheckpointException>(() => ClassifierCheckpoint.Load(folder.Path)).Message, StringComparison.Ordinal);
    }
}
