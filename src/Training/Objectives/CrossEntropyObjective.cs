using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Binary cross-entropy (Goodfellow et al. 2014), with the source material's remedies: smoothed and noisy targets.</summary>
internal sealed class CrossEntropyObjective : Objective
{
    /// <summary>Keras keeps probabilities this far from 0 and 1.</summary>
    private const double Margin = 1e-7;

    private readonly ObjectiveOptions _options;
    private readonly bool _clipped;

    public CrossEntropyObjective(ObjectiveOptions options)
    {
        RequireShare(options.RealTarget, "target for real images");
        RequireShare(options.GeneratedTarget, "target for generated images");
        RequireNoise(options.RealNoise, "noise on the target for real images");
        RequireNoise(options.GeneratedNoise, "noise on the target for generated images");
        _options = options;
        // Cross-entropy on logits has no lower bound where a target lies outside [0, 1].
        _clipped = !IsShare(options.RealTarget + options.RealNoise) || !IsShare(options.GeneratedTarget + options.GeneratedNoise);
    }

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = Half(real, _options.RealTarget, _options.RealNoise) + Half(generated, _options.GeneratedTarget, _options.GeneratedNoise);
        return _options.SumHalves ? sum : sum / 2;
    }

    public override Tensor GeneratorLoss(Tensor generated) => _options.Saturating
        ? -functional.binary_cross_entropy_with_logits(generated, zeros_like(generated))
        : functional.binary_cross_entropy_with_logits(generated, ones_like(generated));

    private Tensor Half(Tensor logits, double target, double noise)
    {
        var targets = noise == 0 ? full_like(logits, target) : rand_like(logits).mul_(noise).add_(target);
        if (!_clipped) return functional.binary_cross_entropy_with_logits(logits, targets);
        var probabilities = logits.sigmoid().clamp(Margin, 1 - Margin);
        return -(targets * probabilities.log() + (1 - targets) * (1 - probabilities).log()).mean();
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static void RequireShare(double value, string what)
    {
        if (!IsShare(value)) throw new ArgumentException($"The {what} lies from 0 to 1; got {value}.");
    }

    private static void RequireNoise(double value, string what)
    {
        if (value is not (>= -1 and <= 1)) throw new ArgumentException($"The {what} lies from -1 to 1; got {value}.");
    }
}
