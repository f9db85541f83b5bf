using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>An objective whose discriminator has a number to hit for each image, with the remedies that move these numbers.</summary>
internal abstract class TargetObjective : Objective
{
    private readonly ObjectiveOptions _options;

    protected TargetObjective(ObjectiveOptions options)
    {
        RequireShare(options.RealTarget, "target for real images");
        RequireShare(options.GeneratedTarget, "target for generated images");
        RequireNoise(options.RealNoise, "noise on the target for real images");
        RequireNoise(options.GeneratedNoise, "noise on the target for generated images");
        ObjectiveRules.RequireFlips(options);
        _options = options;
    }

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = Loss(real, Targets(real, isReal: true)) + Loss(generated, Targets(generated, isReal: false));
        return _options.SumHalves == true ? sum : sum / 2;
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
        var (target, noise) = isReal ? (_options.RealTarget, _options.RealNoise) : (_options.GeneratedTarget, _options.GeneratedNoise);
        return noise == 0 ? full_like(outputs, target) : rand_like(outputs).mul_(noise).add_(target);
    }

    protected static bool IsShare(double value) => value is >= 0 and <= 1;

    private static void RequireShare(double value, string what)
    {
        if (!IsShare(value)) throw new ArgumentException($"The {what} lies from 0 to 1; got {value}.");
    }

    private static void RequireNoise(double value, string what)
    {
        if (value is not (>= -1 and <= 1)) throw new ArgumentException($"The {what} lies from -1 to 1; got {value}.");
    }
}
