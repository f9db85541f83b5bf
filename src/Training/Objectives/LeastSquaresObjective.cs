using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Least squares (Mao et al. 2017): the discriminator's outputs are drawn to targets, the paper's a = 0 and b = 1, by half of their squared
/// distance each, and the generator's towards c = 1.
/// </summary>
internal sealed class LeastSquaresObjective : TargetObjective
{
    private readonly ObjectiveOptions _options;

    public LeastSquaresObjective(ObjectiveOptions options) : base(options)
    {
        ObjectiveRules.RefuseSaturating(options);
        if (options.RealTarget <= options.GeneratedTarget)
            throw new ArgumentException($"The target for real images lies above that for generated ones; got {options.RealTarget} and {options.GeneratedTarget}.");
        _options = options;
    }

    /// <summary>Halfway between the targets.</summary>
    public override double? Boundary => (_options.RealTarget + _options.GeneratedTarget) / 2;

    public override Tensor GeneratorLoss(Tensor generated) => Loss(generated, ones_like(generated)) / 2;

    protected override Tensor Loss(Tensor outputs, Tensor targets) => functional.mse_loss(outputs, targets);
}
