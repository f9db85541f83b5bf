using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Least squares (Mao et al. 2017): the discriminator's outputs are drawn to targets, the paper's a = 0 and b = 1, by half of their squared
/// distance each, and the generator's towards c = 1.
/// </summary>
internal sealed class LeastSquaresObjective(ObjectiveOptions options) : TargetObjective(options)
{
    /// <summary>Halfway between the targets.</summary>
    public override double? Boundary { get; } = (options.RealTarget + options.GeneratedTarget) / 2;

    public override Tensor GeneratorLoss(Tensor generated, Tensor? real = null) => Loss(generated, ones_like(generated)) / 2;

    protected override Tensor Loss(Tensor outputs, Tensor targets) => functional.mse_loss(outputs, targets);
}
