using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// The hinge loss (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17): the discriminator is content with real images above 1 and
/// generated ones below -1.
/// </summary>
internal sealed class HingeObjective(ObjectiveOptions options) : Objective
{
    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var sum = (1 - Signed(real)).relu().mean() + (1 + Signed(generated)).relu().mean();
        return options.DiscriminatorLoss == LossReduction.Mean ? sum / 2 : sum;
    }

    public override Tensor GeneratorLoss(Tensor generated, Tensor? real = null) => -generated.mean();

    /// <summary>Flipping an image's label is changing its output's sign.</summary>
    private Tensor Signed(Tensor outputs) =>
        options.LabelFlips == 0 ? outputs : where(rand_like(outputs).lt(options.LabelFlips), -outputs, outputs);
}
