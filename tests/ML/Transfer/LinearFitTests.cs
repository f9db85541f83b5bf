using GanPipeline.Data;
using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

public sealed class LinearFitTests : IDisposable
{
    private static readonly string _model = Path.Combine(Repository.Root, "tests", "Inference", "models", "features.onnx");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_classifier_reads_images_and_names_their_class()
    {
        using var train = new TintedSource(0);
        using var test = new TintedSource(1);
        var options = new TransferOptions { Strengths = [1, 10], MaximumIterations = 30 };
        var result = new TransferExperiment(options).Run(new("features", () => FeatureTables.Make(_folder["train"], train, null, _model),
            () => FeatureTables.Make(_folder["test"], test, null, _model)), [], null);
        Assert.InRange(result.Features.Accuracy.Value, 0.6, 1);
        result.Classifier.Save(_folder["c.zip"], _model);

        var ml = new MLContext();
        var loaded = ml.Model.Load(_folder["c.zip"], out var schema);
        Assert.Equal(LinearFit.ImageColumn, Assert.Single(schema).Name);
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Image"].ColumnType = schema[0].Type;
        var names = loaded.Transform(ml.Data.LoadFromEnumerable(test.Images,
            definition)).GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(n => n.ToString()).ToArray();
        Assert.Equal(test.Count, names.Length);
        var right = Enumerable.Range(0, test.Count).Count(i => names[i] == test.Classes[test.Label(i)]);
        // The chain computes features one image at a time, the experiment in batches: a score on the edge may fall to the other side.
        Assert.InRange(right, result.Features.Accuracy.Value * test.Count - 1.5, result.Features.Accuracy.Value * test.Count + 1.5);

        // The same as one ONNX file.
        var images = new ImageTensor([.. test.Images.SelectMany(row => row.Image)], test.Count, 3, 4, 8);
        Assert.Equal(240, result.Classifier.SaveOnnx(_folder["c.onnx"], _model, images).ImagesCompared);
        using var classifier = ClassifierModel.Load(_folder["c.onnx"]);
        Assert.InRange(classifier.Classify(images).Zip(names).Count(pair => pair.First.Label != pair.Second), 0, 1);
    }

    public sealed class Row
    {
        public float[] Image { get; set; } = [];
    }

    /// <summary>Noise of the model's size with one channel brighter, of which the class tells which.</summary>
    private sealed class TintedSource(int seed) : IImageSource
    {
        public string Name => "tinted";
        public int Count => 240;
        public ImageShape Shape => new(3, 4, 8);
        public IReadOnlyList<string> Classes => ["red", "green", "blue"];
        public string Fingerprint => $"tinted {seed}";
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public int Label(int index) => index % 3;
        public void Dispose() { }

        public IEnumerable<Row> Images => Enumerable.Range(0, Count).Select(i =>
        {
            var pixels = new byte[Shape.Size];
            TryRead(i, pixels);
            return new Row { Image = [.. pixels.Select(p => p / 127.5f - 1)] };
        });

        public bool TryRead(int index, Span<byte> pixels)
        {
            var random = new Random(seed * 1000 + index);
            for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(random.Next(100) + (i / 32 == index % 3 ? 100 : 0));
            return true;
        }
    }
}
