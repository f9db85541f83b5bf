using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace GanPipeline.ML.Tests;

/// <summary>Rejection by a discriminator's or a classifier's score.</summary>
public sealed class AcceptedViewTests : IDisposable
{
    // Its logit is the sum of the features.
    private static readonly string _discriminator = TestModels.Features;

    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_discriminator_keeps_what_it_gives_enough()
    {
        using var samples = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 500, seed: 3);
        using var discriminator = FeatureModel.Load(_discriminator, "logit");
        using var generator = GeneratorModel.Load(TestModels.Generator);
        var given = discriminator.Extract(generator.Sample(500, seed: 3));
        var middle = given.Order().ElementAt(250);
        using var kept = _ml.Data.FilterByDiscriminator(samples, _discriminator, middle, modelOutput: "logit");
        Assert.Equal((null, samples.Schema), (kept.GetRowCount(), kept.Schema));
        var expected = samples.Vectors("Latent").Where((_, i) => given[i] >= middle).ToArray();
        Assert.InRange(expected.Length, 249, 250);
        Assert.Equal(expected, kept.Vectors("Latent"));
        Assert.Equal((500, 250), (kept.Seen, kept.Accepted));
        // The same rows for every column, and for cursors of a set together.
        Assert.Equal(250, kept.Vectors("Image").Length);
        Assert.Equal(250, kept.GetRowCursorSet(kept.Schema, 3).Sum(cursor => cursor.Vectors("Image").Length));
        Assert.Equal(10, _ml.Data.TakeRows(kept, 10).Vectors("Image").Length);

        // A critic's score or a logit do as well.
        using var logits = _ml.Data.FilterByDiscriminator(samples, _discriminator, 1000, modelOutput: "logit");
        Assert.Empty(logits.Vectors("Latent"));
        Assert.Throws<ModelException>(() => _ml.Data.FilterByDiscriminator(samples, _discriminator, 0, modelOutput: "nothing"));
        kept.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kept.GetRowCursor(kept.Schema));
    }

    [Fact]
    public void A_classifier_keeps_what_is_what_it_should_be()
    {
        var trainers = new Trainers(_ml);
        var data = trainers.Rows(200);
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(data);
        _ml.Model.SaveClassifier(model, data, _folder["c.onnx"]);
        var scored = model.Transform(data);
        var labels = scored.Values<uint>("Label");
        var right = scored.Vectors("Score").Select((scores, i) => scores[labels[i] - 1]).ToArray();
        foreach (var minimum in (double[])[0, 0.3, 0.5, 0.9])
        {
            using var kept = _ml.Data.FilterByClassifier(data, _folder["c.onnx"], minimum);
            // A probability on the edge may fall to the other side: there is none within a millionth.
            Assert.DoesNotContain(right, probability => Math.Abs(probability - minimum) < 1e-6);
            Assert.Equal(labels.Where((_, i) => right[i] >= minimum), kept.Values<uint>("Label"));
        }

        // Matched by name: other keys, or texts, are the same classes.
        using var byText = _ml.Data.FilterByClassifier(data, _folder["c.onnx"], 0.5, labelColumnName: "Name");
        Assert.Equal(right.Count(probability => probability >= 0.5), byText.Vectors("Image").Length);
        var reversed = _ml.Data.LoadFromEnumerable(_ml.Data.CreateEnumerable<Trainers.LabelledImage>(data, false).Reverse());
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(reversed).Transform(reversed);
        using var again = _ml.Data.FilterByClassifier(keyed, _folder["c.onnx"], 0.5);
        Assert.Equal(byText.Vectors("Image").Reverse(), again.Vectors("Image"));
    }

    [Fact]
    public void What_cannot_be_filtered_is_told_at_once()
    {
        var data = new Trainers(_ml).Rows(60);
        var model = _ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features)
            .Append(_ml.MulticlassClassification.Trainers.SdcaNonCalibrated(
                new SdcaNonCalibratedMulticlassTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 5 })).Fit(data);
        _ml.Model.SaveClassifier(model, data, _folder["svm.onnx"]);
        Assert.Contains("are no probabilities", Assert.Throws<ArgumentException>(
            () => _ml.Data.FilterByClassifier(data, _folder["svm.onnx"])).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => _ml.Data.FilterByClassifier(data, TestModels.Features));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterByClassifier(data, _folder["svm.onnx"], 1.5));
        var classifier = Path.Combine(Repository.Root, "tests", "Inference", "models", "classifier.onnx");
        Assert.Contains("knows no class 'alpha'", Assert.Throws<ArgumentException>(
            () => _ml.Data.FilterByClassifier(data, classifier)).Message.Replace("beta", "alpha", StringComparison.Ordinal)
                .Replace("gamma", "alpha", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("reads no 'taste'", Assert.Throws<ArgumentException>(
            () => _ml.Data.FilterByClassifier(data, classifier, attribute: "taste")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.FilterByDiscriminator(data, _discriminator, 0, imageColumnName: "Name", modelOutput: "logit"));
    }
}
