using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// The Wasserstein distance (Arjovsky, Chintala, Bottou 2017), which a critic estimates that changes by at most 1 a unit of distance: see
/// <see cref="ObjectiveOptions.GradientPenalty"/>. The loss without the penalty is the estimate, negative.
/// </summary>
internal sealed class WassersteinObjective(ObjectiveOptions options) : Objective
{
    public override double? Boundary => null;

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = generated.mean() - real.mean();
        return options.DiscriminatorLoss == LossReduction.Mean ? sum / 2 : sum;
    }

    public override Tensor GeneratorLoss(Tensor generated, Tensor? real = null) => -generated.mean();
}
