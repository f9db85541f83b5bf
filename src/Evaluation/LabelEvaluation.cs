using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>
/// Whether a conditional generator's samples show the requested labels: a classifier predicts the labels of samples, and of real images for
/// comparison. If the label is one categorical attribute, also whether the samples of each class are as varied as real images.
/// </summary>
public sealed class LabelEvaluation : IDisposable
{
    private readonly LabelLayout _labels;
    private readonly ClassifierModel? _classifier;
    private readonly LabelReading? _ofTest, _ofSamples;
    private readonly NearestNeighbour _test = new(), _real = new(), _samples = new();
    private readonly ClassPictures _realPictures, _samplePictures;

    /// <summary>Opens the classifier.</summary>
    /// <param name="classifierFile">An ONNX classifier. With a file that does not predict labels, <see cref="LabelMetrics.Fields"/> stays
    /// empty.</param>
    /// <param name="labels">The generator's labels.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    public LabelEvaluation(string classifierFile, LabelLayout labels, ModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _labels = labels;
        (_realPictures, _samplePictures) = (new(Classes?.Values ?? []), new(Classes?.Values ?? []));
        // Any ONNX file with features serves as an evaluator, but not every one predicts labels.
        try { _classifier = ClassifierModel.Load(classifierFile, options); }
        catch (ModelException) { return; }
        _ofTest = new LabelReading(_classifier, labels);
        _ofSamples = new LabelReading(_classifier, labels);
    }

    /// <summary>The only field, if it is categorical.</summary>
    private LabelField? Classes => _labels.Fields is [{ Kind: LabelKind.Categorical } only] ? only : null;

    /// <summary>Test images. <see cref="Metrics"/> needs all of them to be enumerated.</summary>
    /// <param name="source">The test images.</param>
    /// <param name="count">How many, at most.</param>
    /// <param name="batch">Images of a batch.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IEnumerable<ImageBatch> Test(IImageSource source, int count, int batch, CancellationToken cancellationToken = default) =>
        FromSource(source, count, batch, _test, null, _ofTest, cancellationToken);

    /// <summary>Training images, to compare samples with. <see cref="Metrics"/> needs all of them to be enumerated.</summary>
    /// <param name="source">The training images.</param>
    /// <param name="count">How many, at most.</param>
    /// <param name="batch">Images of a batch.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IEnumerable<ImageBatch> Real(IImageSource source, int count, int batch, CancellationToken cancellationToken = default) =>
        FromSource(source, count, batch, _real, _realPictures, null, cancellationToken);

    /// <summary>Samples with their requested labels. <see cref="Metrics"/> needs all of them to be enumerated.</summary>
    /// <param name="generator">A conditional generator with the labels of this evaluation.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public IEnumerable<ImageBatch> Samples(GeneratorModel generator, int count, long seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return FromGenerator(generator, count, seed, cancellationToken);
    }

    private IEnumerable<ImageBatch> FromGenerator(GeneratorModel generator, int count, long seed, CancellationToken cancellationToken)
    {
        var first = 0;
        foreach (var images in generator.SampleBatches(count, seed, reuse: true, cancellationToken: cancellationToken))
        {
            var vectors = generator.LabelVectors(images.Count, seed, first);
            var values = Rows(images.Count, (i, row) => _labels.DecodeFields(vectors.AsSpan(i * _labels.Size, _labels.Size), row));
            yield return new(images, Take(images, values, _samples, _samplePictures, _ofSamples, cancellationToken));
            first += images.Count;
        }
    }

    /// <summary>The metrics of the images enumerated so far.</summary>
    /// <param name="reference">Features and classes of the test images.</param>
    /// <param name="real">Features and classes of the training images.</param>
    /// <param name="samples">Features and requested classes of the samples.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    public LabelMetrics Metrics(FeatureSet reference, FeatureSet real, FeatureSet samples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var metrics = new LabelMetrics { Fields = Agreement() };
        if (Classes is not { } classes) return metrics;
        double?[] CoverageOf(FeatureSet set) =>
            [.. Enumerable.Range(0, classes.Values.Count).Select(label => reference.Compare(set, label, cancellationToken)?.Coverage)];
        var (ofSamples, ofReal) = (CoverageOf(samples), CoverageOf(real));
        return metrics with
        {
            Similarity = _samplePictures.Compare(0, cancellationToken) is { } alike
                && _realPictures.Compare(0, cancellationToken) is { } realAlike ? new(alike, realAlike) : null,
            Classes = classes.Values.Select((name, i) => (name, new ClassCoverage(ofSamples[i], ofReal[i], ofSamples[i] / ofReal[i])))
                .ToDictionary(c => c.name, c => c.Item2),
            LeastCoverageRatio = ofSamples.Zip(ofReal, (s, r) => s / r).Min(),
            NearestNeighbour = new(_samples.Accuracy(_test, cancellationToken), _real.Accuracy(_test, cancellationToken),
                Math.Min(_samples.Count, _real.Count)),
        };
    }

    private Dictionary<string, LabelAgreement> Agreement()
    {
        if (_ofTest is null || _ofSamples is null) return [];
        var (own, asked) = (_ofTest.Shares, _ofSamples.Shares);
        return _ofTest.Names.Select((name, i) => (name, new LabelAgreement(asked[i], own[i], asked[i] / own[i])))
            .ToDictionary(f => f.name, f => f.Item2);
    }

    private IEnumerable<ImageBatch> FromSource(
        IImageSource source, int count, int batch, NearestNeighbour neighbours, ClassPictures? pictures, LabelReading? reading,
        CancellationToken cancellationToken)
    {
        var chosen = LabelLayout.Select(source.Attributes, [.. _labels.Fields.Select(f => f.Name)]);
        var all = new float[source.Attributes.Count];
        foreach (var (images, indices) in source.ReadBatches(count, batch, cancellationToken))
        {
            var values = Rows(images.Count, (i, row) =>
            {
                source.ReadAttributes(indices[i], all);
                chosen.Choose(all, row);
            });
            yield return new(images, Take(images, values, neighbours, pictures, reading, cancellationToken));
        }
    }

    private int[] Take(
        ImageTensor images, float[][] values, NearestNeighbour neighbours, ClassPictures? pictures, LabelReading? reading,
        CancellationToken cancellationToken)
    {
        reading?.Add(images, values, cancellationToken);
        if (Classes is null) return [];
        int[] labels = [.. values.Select(v => (int)v[0])];
        pictures?.Add(images, labels);
        // Every image is compared with every other, so their number is limited.
        if (neighbours.Count < FeatureSet.MostVectors) neighbours.Add(images, labels);
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
