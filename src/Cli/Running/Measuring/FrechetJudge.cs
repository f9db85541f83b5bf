using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Cli.Running;

/// <summary>
/// Rates a generator in training by the Frechet distance of its samples to training images (Heusel et al. 2017, section 2); the test
/// images are left to the evaluation.
/// </summary>
internal sealed class FrechetJudge : IGeneratorJudge, IDisposable
{
    /// <summary>Few enough that a look takes seconds; the distance of so few is larger than that of all, alike at every look.</summary>
    private const int Samples = 2000;

    private const int Batch = 128;

    private readonly FeatureModel _classifier;
    private readonly FeatureSpace _features;
    private readonly FeatureSet _reference;
    private readonly long _seed;

    public FrechetJudge(RunContext run, CancellationToken stop)
    {
        var file = EvaluateStage.ClassifierFile(run.Options.Evaluate.Classifier);
        // Not the samples that the evaluation is made with, which must not choose what it measures.
        _seed = run.Options.Evaluate.Seed + 1;
        _classifier = FeatureModel.Load(file);
        _features = new FeatureSpace(_classifier, Samples, display: null, stop);
        var real = run.Source("train");
        _features.RequireChannels(real.Shape.Channels, file);
        _reference = _features.Of("", FeatureSpace.Unlabelled(RealImages.Of(real, Samples, Batch).Select(r => r.Images)));
    }

    public double Judge(GeneratorInTraining generator) => _reference.Distance(_features.Of("", FeatureSpace.Unlabelled(generator.SampleBatches(Samples, _seed))));

    public void Dispose() => _classifier.Dispose();
}
