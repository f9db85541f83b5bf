using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>An objective whose discriminator has a number to hit for each image, with the remedies that move these numbers.</summary>
internal abstract class TargetObjective : Objective
{
    private readonly ObjectiveOptions _options;

    protected TargetObjective(ObjectiveOptions options) => _options = options;

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = Loss(real, Targets(real, isReal: true)) + Loss(generated, Targets(generated, isReal: false));
        return _options.DiscriminatorLoss == LossReduction.Sum ? sum : sum / 2;
    }

    /// <summary>The mean distance of outputs [N, 1] from targets [N, 1].</summary>
    protected abstract Tensor Loss(Tensor outputs, Tensor targets);

    private Tensor Targets(Tensor outputs, bool isReal)
    {
        var targets = Draw(outputs, isReal);
        return _options.LabelFlips == 0 ? targets : where(rand_like(outputs).lt(_options.LabelFlips), Draw(outputs, !isReal), targets);
    }

    private Tensor Draw(Tensor outputs, bool isReal)
    {
        var (target, noise) = isReal ? (_options.RealTarget, _options.LabelNoise)
            : (_options.GeneratedTarget, _options.GeneratedLabelNoise);
        return noise == 0 ? full_like(outputs, target) : rand_like(outputs).mul_(noise).add_(target);
    }

    protected static bool IsShare(double value) => value is >= 0 and <= 1;
}
