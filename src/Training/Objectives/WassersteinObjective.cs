using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// The Wasserstein distance (Arjovsky, Chintala, Bottou 2017), which a critic estimates that changes by at most 1 a unit of distance: see
/// <see cref="ObjectiveOptions.GradientPenalty"/>. The loss without the penalty is the estimate, negative.
/// </summary>
internal sealed class WassersteinObjective : Objective
{
    private readonly ObjectiveOptions _options;

    public WassersteinObjective(ObjectiveOptions options)
    {
        ObjectiveRules.RefuseSaturating(options);
        ObjectiveRules.RefuseTargets(options);
        if (options.LabelFlips != 0)
            throw new ArgumentException($"Flipped labels do no more to the objective 'wasserstein' than scale it; got {options.LabelFlips}. Take 0, or another objective.");
        _options = options;
    }

    public override double? Boundary => null;

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = generated.mean() - real.mean();
        return _options.SumHalves == false ? sum / 2 : sum;
    }

    public override Tensor GeneratorLoss(Tensor generated) => -generated.mean();
}
