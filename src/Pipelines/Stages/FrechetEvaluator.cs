using GanPipeline.Evaluation;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// Measures a generator in training by the Frechet distance of its samples to training images (Heusel et al. 2017, section 2); the test
/// images are left to the evaluation.
/// </summary>
internal sealed class FrechetEvaluator : IGeneratorEvaluator, IDisposable
{
    /// <summary>Few enough that it takes seconds; the distance of so few is larger than that of all, equally each time.</summary>
    private const int Samples = 2000;

    private readonly Evaluator _evaluator;
    private readonly FeatureSet _reference;
    private readonly long _seed;
    private readonly CancellationToken _stop;

    public FrechetEvaluator(RunContext run, CancellationToken stop)
    {
        // Not the samples that the evaluation is made with, which must not choose what it measures.
        _seed = run.Options.Evaluate.Seed + 1;
        _stop = stop;
        var real = run.Source("train");
        _evaluator = EvaluatorFile.Open(run, real.Shape.Channels);
        _reference = _evaluator.Extract(real.ReadBatches(Samples, cancellationToken: stop).Select(r => r.Images), cancellationToken: stop);
    }

    public double Evaluate(GeneratorInTraining generator) =>
        _reference.FrechetDistance(_evaluator.Extract(generator.SampleBatches(Samples, _seed), cancellationToken: _stop));

    public void Dispose() => _evaluator.Dispose();
}
