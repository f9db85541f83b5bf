using System.Numerics.Tensors;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// Measures a translator in training by the mean absolute difference of its outputs from the targets of training pairs, black at 0 and
/// white at 1; the test pairs are left to the evaluation.
/// </summary>
internal sealed class PairEvaluator(RunContext run, CancellationToken stop) : IGeneratorEvaluator
{
    private const int Pairs = 256;

    private readonly Lazy<PairImages> _pairs = new(() => PairImages.Read(run.Source("train"), Pairs, stop));

    public double Evaluate(GeneratorInTraining generator)
    {
        var made = generator.Translate(_pairs.Value.Inputs).Values;
        var difference = new float[made.Length];
        TensorPrimitives.Subtract(made, _pairs.Value.Targets.Values, difference);
        return TensorPrimitives.SumOfMagnitudes<float>(difference) / (2.0 * difference.Length);
    }
}
