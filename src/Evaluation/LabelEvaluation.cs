using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>
/// Whether a conditional generator's samples show what was asked for: a classifier reads them, as it reads real pictures. Where there is
/// one categorical attribute, also whether the samples of each of its values are as varied as real pictures.
/// </summary>
public sealed class LabelEvaluation : IDisposable
{
    private readonly LabelLayout _labels;
    private readonly ClassifierModel? _classifier;
    private readonly LabelReading? _ofTest, _ofSamples;
    private readonly NearestNeighbour _test = new(), _real = new(), _samples = new();

    /// <param name="classifierFile">An ONNX classifier; one that reads no labels leaves <see cref="LabelMetrics.Fields"/> empty.</param>
    /// <param name="labels">What the generator is asked for.</param>
    public LabelEvaluation(string classifierFile, LabelLayout labels)
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

    /// <summary>Test images, as the classifier is asked about them. Metrics need the whole series.</summary>
    public IEnumerable<ImageBatch> Test(IImageSource source, int count, int batch) => OfSource(source, count, batch, _test, _ofTest);

    /// <summary>Training images, which stand beside the samples. Metrics need the whole series.</summary>
    public IEnumerable<ImageBatch> Real(IImageSource source, int count, int batch) => OfSource(source, count, batch, _real, null);

    /// <summary>Samples of a generator, with the labels that were asked for. Metrics need the whole series.</summary>
    public IEnumerable<ImageBatch> Samples(GeneratorModel generator, int count, long seed)
    {
        var first = 0;
        foreach (var images in generator.SampleBatches(count, seed, reuse: true))
        {
            var vectors = generator.LabelVectors(images.Count, seed, first);
            var values = Rows(images.Count, (i, row) => _labels.DecodeFields(vectors.AsSpan(i * _labels.Size, _labels.Size), row));
            yield return new(images, Take(images, values, _samples, _ofSamples));
            first += images.Count;
        }
    }

    /// <param name="reference">The features of test images, with their labels; <paramref name="real"/> and <paramref name="samples"/> alike.</param>
    /// <param name="real">Of training images.</param>
    /// <param name="samples">Of samples.</param>
    public LabelMetrics Metrics(FeatureSet reference, FeatureSet real, FeatureSet samples)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var metrics = new LabelMetrics { Fields = Agreement() };
        if (Classes is not { } classes) return metrics;
        double?[] CoverageOf(FeatureSet set) => [.. Enumerable.Range(0, classes.Values.Count).Select(label => reference.Compare(set, label)?.Coverage)];
        var (ofSamples, ofReal) = (CoverageOf(samples), CoverageOf(real));
        return metrics with
        {
            Classes = classes.Values.Select((name, i) => (name, new ClassCoverage(ofSamples[i], ofReal[i], ofSamples[i] / ofReal[i])))
                .ToDictionary(c => c.name, c => c.Item2),
            LeastCoverageRatio = ofSamples.Zip(ofReal, (s, r) => s / r).Min(),
            NearestNeighbour = new(_samples.Accuracy(_test), _real.Accuracy(_test), Math.Min(_samples.Count, _real.Count)),
        };
    }

    private Dictionary<string, LabelAgreement> Agreement()
    {
        if (_ofTest is null || _ofSamples is null) return [];
        var (own, asked) = (_ofTest.Shares, _ofSamples.Shares);
        return _ofTest.Names.Select((name, i) => (name, new LabelAgreement(asked[i], own[i], asked[i] / own[i]))).ToDictionary(f => f.name, f => f.Item2);
    }

    private IEnumerable<ImageBatch> OfSource(IImageSource source, int count, int batch, NearestNeighbour neighbours, LabelReading? reading)
    {
        var chosen = LabelLayout.Select(source.Attributes, [.. _labels.Fields.Select(f => f.Name)]);
        var all = new float[source.Attributes.Count];
        foreach (var (images, indices) in source.ReadBatches(count, batch))
        {
            var values = Rows(images.Count, (i, row) =>
            {
                source.ReadAttributes(indices[i], all);
                chosen.Choose(all, row);
            });
            yield return new(images, Take(images, values, neighbours, reading));
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

    /// <summary>Closes the classifier.</summary>
    public void Dispose() => _classifier?.Dispose();
}
