using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// Looks at a generator in training by a few hundred samples, in the features of an evaluator; whether they are copies it tells by pixels.
/// </summary>
internal sealed class GeneratorProbe : IGeneratorProbe, IDisposable
{
    private const int RealImages = 2000, NoiseImages = 500, Samples = 512, Pairs = 128;

    private readonly Evaluator _evaluator;
    private readonly Evaluator _pixels;
    private readonly Lazy<Reference> _real;
    private readonly long _seed;
    private readonly CancellationToken _stop;

    /// <summary>Training pictures, which samples are compared with, are read at the first look.</summary>
    /// <param name="evaluator">The feature space, which is closed with this.</param>
    /// <param name="real">The training pictures.</param>
    /// <param name="seed">Decides the latents.</param>
    /// <param name="stop">Ends the work between batches.</param>
    public GeneratorProbe(Evaluator evaluator, IImageSource real, long seed, CancellationToken stop)
    {
        (_evaluator, _seed, _stop) = (evaluator, seed, stop);
        _pixels = Evaluator.OfPixels(real.Shape.Channels);
        _real = new(() => Read(real));
    }

    /// <summary>In the features of the run's evaluator; without one, in coarse pixels.</summary>
    /// <returns>Null where there are too few training pictures to compare with.</returns>
    public static GeneratorProbe? Open(RunContext run, CancellationToken stop)
    {
        var real = run.Source("train");
        if (real.Count < SampleComparison.LeastImages) return null;
        var evaluator = run.Options.Evaluate.Classifier.Length > 0 ? EvaluatorFile.Open(run, real.Shape.Channels)
            : Evaluator.OfPixels(real.Shape.Channels);
        // As for the choice of the best generator, not the samples that the evaluation is made with.
        try { return new(evaluator, real, run.Options.Evaluate.Seed + 1, stop); }
        catch
        {
            evaluator.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The test pictures, on which the discriminator's overfitting is seen and which decide nothing. Null where there are none with the
    /// attributes that the networks are told, which is no mistake here.
    /// </summary>
    public static IImageSource? HeldOut(RunContext run)
    {
        try
        {
            var test = run.Source("test");
            return HasLabels(test, run.Labels) ? test : null;
        }
        catch (RequestException)
        {
            return null;
        }
    }

    public GeneratorSignals Probe(GeneratorInTraining generator)
    {
        ImageTensor[] samples = [.. generator.SampleBatches(Samples, _seed)];
        var real = _real.Value;
        var signs = real.Features.Compare(Features(_evaluator, samples));
        // The same labels in the same order, with other latents.
        var variance = PixelVariance.OfPairs(samples, generator.SampleBatches(Pairs, _seed + 1));
        return new(signs.Diversity, signs.Distance, real.Pixels.Novelty(Features(_pixels, samples)), variance / real.Variance);
    }

    private Reference Read(IImageSource real)
    {
        ImageTensor[] images = [.. real.ReadBatches(RealImages, cancellationToken: _stop).Select(batch => batch.Images)];
        ImageTensor[] noise = [.. EvaluateStage.Noise(NoiseImages, real.Shape, seed: 0)];
        return new(Comparison(_evaluator), Comparison(_pixels), PixelVariance.Of(images));

        SampleComparison Comparison(Evaluator space) => new(Features(space, images), Features(space, noise), space.FeatureCount);
    }

    /// <summary>The training pictures, as samples are compared with them.</summary>
    private sealed record Reference(SampleComparison Features, SampleComparison Pixels, double Variance);

    private static bool HasLabels(IImageSource source, LabelLayout? labels) => labels is null ||
        labels.Fields.Zip(labels.AttributeIndices).All(pair => pair.Second < source.Attributes.Count &&
            source.Attributes[pair.Second] is var field && field.Name == pair.First.Name && field.Kind == pair.First.Kind &&
            field.Values.SequenceEqual(pair.First.Values));

    private ReadOnlyMemory<float> Features(Evaluator space, IEnumerable<ImageTensor> batches) =>
        space.Extract(batches, cancellationToken: _stop).Vectors;

    public void Dispose()
    {
        _evaluator.Dispose();
        _pixels.Dispose();
    }
}
