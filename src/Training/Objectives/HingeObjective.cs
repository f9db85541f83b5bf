using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// The hinge loss (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17): the discriminator is content with real images above 1 and
/// generated ones below -1.
/// </summary>
internal sealed class HingeObjective : Objective
{
    private readonly ObjectiveOptions _options;

    public HingeObjective(ObjectiveOptions options)
    {
        ObjectiveRules.RefuseSaturating(options);
        ObjectiveRules.RefuseTargets(options);
        ObjectiveRules.RequireFlips(options);
        _options = options;
    }

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = (1 - Signed(real)).relu().mean() + (1 + Signed(generated)).relu().mean();
        return _options.SumHalves == false ? sum / 2 : sum;
    }

    public override Tensor GeneratorLoss(Tensor generated) => -generated.mean();

    /// <summary>Flipping an image's label is changing its output's sign.</summary>
    private Tensor Signed(Tensor outputs) =>
        _options.LabelFlips == 0 ? outputs : where(rand_like(outputs).lt(_options.LabelFlips), -outputs, outputs);
}
