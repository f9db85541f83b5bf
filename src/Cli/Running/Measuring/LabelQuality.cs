using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Running;

/// <summary>
/// Whether a conditional generator's samples show what was asked for: a classifier reads them, as it reads real pictures. Where there is
/// one categorical attribute, also whether the samples of each of its values are as varied as real pictures.
/// </summary>
internal sealed class LabelQuality : IDisposable
{
    private readonly LabelLayout _labels;
    private readonly ClassifierModel? _classifier;
    private readonly LabelReading? _ofTest, _ofSamples;
    private readonly NearestNeighbour _test = new(), _real = new(), _samples = new();

    public LabelQuality(string classifierFile, LabelLayout labels)
    {
        _labels = labels;
        // Any ONNX file can give features; not every one reads labels.
        try { _classifier = ClassifierModel.Load(classifierFile); }
        catch (ModelException) { return; }
        _ofTest = new LabelReading(_classifier, labels);
        _ofSamples = new LabelReading(_classifier, labels);
    }

    /// <summary>The only field, where it is categorical.</summary>
    private LabelField? Classes => _labels.Fields is [{ Kind: LabelKind.Categorical } only] ? only : null;

    public IEnumerable<(ImageTensor Images, IReadOnlyList<int> Labels)> Test(IImageSource source, int count, int batch) => OfSource(source, count, batch, _test, _ofTest);

    public IEnumerable<(ImageTensor Images, IReadOnlyList<int> Labels)> Real(IImageSource source, int count, int batch) => OfSource(source, count, batch, _real, null);

    public IEnumerable<(ImageTensor Images, IReadOnlyList<int> Labels)> Samples(GeneratorModel generator, int count, long seed)
    {
        var first = 0;
        foreach (var images in generator.SampleBatches(count, seed, reuse: true))
        {
            var vectors = generator.LabelVectors(images.Count, seed, first);
            var values = Rows(images.Count, (i, row) => _labels.DecodeFields(vectors.AsSpan(i * _labels.Size, _labels.Size), row));
            yield return (images, Take(images, values, _samples, _ofSamples));
            first += images.Count;
        }
    }

    /// <param name="reference">The features of test images, with their labels; <paramref name="real"/> and <paramref name="samples"/> alike.</param>
    /// <param name="real">Of training images.</param>
    /// <param name="samples">Of samples.</param>
    public JsonObject Figures(FeatureSet reference, FeatureSet real, FeatureSet samples)
    {
        var figures = new JsonObject { ["fields"] = Fields() };
        if (Classes is not { } classes) return figures;
        double?[] Coverage(FeatureSet set) => [.. Enumerable.Range(0, classes.Values.Count).Select(label => reference.Compare(set, label)?.Coverage)];
        var (ofSamples, ofReal) = (Coverage(samples), Coverage(real));
        figures["classes"] = new JsonObject(classes.Values.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)new JsonObject
        {
            ["coverage"] = Figure(ofSamples[i]), ["realCoverage"] = Figure(ofReal[i]), ["ratio"] = Figure(ofSamples[i] / ofReal[i]),
        })));
        figures["leastCoverageRatio"] = Figure(ofSamples.Zip(ofReal, (s, r) => s / r).Min());
        figures["nearestNeighbour"] = new JsonObject
        {
            ["samples"] = Figure(_samples.Accuracy(_test)), ["real"] = Figure(_real.Accuracy(_test)), ["images"] = Math.Min(_samples.Count, _real.Count),
        };
        return figures;
    }

    private JsonObject Fields()
    {
        if (_ofTest is null || _ofSamples is null) return [];
        var (own, asked) = (_ofTest.Shares, _ofSamples.Shares);
        return new JsonObject(_ofTest.Names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)new JsonObject
        {
            ["samples"] = Figure(asked[i]), ["real"] = Figure(own[i]), ["ratio"] = Figure(asked[i] / own[i]),
        })));
    }

    private IEnumerable<(ImageTensor, IReadOnlyList<int>)> OfSource(IImageSource source, int count, int batch, NearestNeighbour neighbours, LabelReading? reading)
    {
        var chosen = LabelLayout.Of(source.Attributes, [.. _labels.Fields.Select(f => f.Name)]);
        var all = new float[source.Attributes.Count];
        foreach (var (images, indices) in RealImages.Of(source, count, batch))
        {
            var values = Rows(images.Count, (i, row) =>
            {
                source.ReadAttributes(indices[i], all);
                chosen.Choose(all, row);
            });
            yield return (images, Take(images, values, neighbours, reading));
        }
    }

    private int[] Take(ImageTensor images, float[][] values, NearestNeighbour neighbours, LabelReading? reading)
    {
        reading?.Add(images, values);
        if (Classes is null) return [];
        int[] labels = [.. values.Select(v => (int)v[0])];
        // Neighbours are sought among few enough to compare each with each.
        if (neighbours.Count < FeatureSet.MostVectors) neighbours.Learn(images, labels);
        return labels;
    }

    private float[][] Rows(int count, Action<int, float[]> fill)
    {
        var rows = new float[count][];
        for (var i = 0; i < count; i++) fill(i, rows[i] = new float[_labels.Fields.Count]);
        return rows;
    }

    private static JsonNode? Figure(double? value) => value is { } v ? Json.Figure(v) : null;

    public void Dispose() => _classifier?.Dispose();
}
