namespace Microsoft.ML.Data;

/// <summary>How well a classifier of several classes did on a set of examples.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics() { }

    /// <summary>The part of the examples whose class had the highest score.</summary>
    public double MicroAccuracy { get; internal init; }

    /// <summary>That part class by class, as the mean over the classes that occur.</summary>
    public double MacroAccuracy { get; internal init; }

    /// <summary>The mean of -log(score of the actual class), in nats; scores are taken for probabilities, of at least 1e-15.</summary>
    public double LogLoss { get; internal init; }

    /// <summary>
    /// By what part the loss is below that of somebody who knows only how frequent each class is among the examples: at most 1, below 0 where it
    /// is higher.
    /// </summary>
    public double LogLossReduction { get; internal init; }

    /// <summary>The log-loss of each class's examples; 0 where there are none.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; internal init; }

    public ConfusionMatrix ConfusionMatrix { get; internal init; }

    /// <summary>
    /// The part of the examples whose class was among the highest <see cref="TopKPredictionCount"/> scores; 0 where none were asked for.
    /// </summary>
    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } all ? all[^1] : 0;

    /// <summary>The same for 1, 2, ... of the highest scores; null where none were asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; internal init; }

    public int TopKPredictionCount { get; internal init; }
}
