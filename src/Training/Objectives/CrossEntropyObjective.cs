using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Binary cross-entropy (Goodfellow et al. 2014), with smoothed, noisy and flipped targets.</summary>
internal sealed class CrossEntropyObjective(ObjectiveOptions options) : TargetObjective(options)
{
    /// <summary>Keras keeps probabilities this far from 0 and 1.</summary>
    private const double Margin = 1e-7;

    private readonly bool _saturating = options.GeneratorLoss == GanPipeline.Training.GeneratorLoss.Saturating;

    // Cross-entropy on logits has no lower bound where a target lies outside [0, 1].
    private readonly bool _clipped = !IsShare(options.RealTarget + options.LabelNoise)
        || !IsShare(options.GeneratedTarget + options.GeneratedLabelNoise);

    public override bool IsProbabilistic => true;

    public override Tensor GeneratorLoss(Tensor generated, Tensor? real = null) => _saturating
        ? -functional.binary_cross_entropy_with_logits(generated, zeros_like(generated))
        : functional.binary_cross_entropy_with_logits(generated, ones_like(generated));

    protected override Tensor Loss(Tensor outputs, Tensor targets)
    {
        if (!_clipped) return functional.binary_cross_entropy_with_logits(outputs, targets);
        var probabilities = outputs.sigmoid().clamp(Margin, 1 - Margin);
        return -(targets * probabilities.log() + (1 - targets) * (1 - probabilities).log()).mean();
    }
}
