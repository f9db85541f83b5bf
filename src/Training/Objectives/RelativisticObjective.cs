using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Relativistic pairing (Jolicoeur-Martineau 2019; Huang et al. 2024, equation 2): image i of the real batch and image i of the generated
/// one are a pair, of whose outputs the discriminator wants the real image's to be higher, by softplus of the difference, and the
/// generator the generated one's.
/// </summary>
internal sealed class RelativisticObjective(ObjectiveOptions options) : Objective
{
    public override double? Boundary => null;

    public override bool ComparesGenerated => true;

    public override Tensor DiscriminatorLoss(Tensor real, Tensor generated)
    {
        var difference = generated - real;
        // To flip a pair's labels is to change the difference's sign.
        if (options.LabelFlips > 0) difference = where(rand_like(difference).lt(options.LabelFlips), -difference, difference);
        return functional.softplus(difference).mean();
    }

    public override Tensor GeneratorLoss(Tensor generated, Tensor? real = null)
    {
        ArgumentNullException.ThrowIfNull(real);
        return functional.softplus(real - generated).mean();
    }
}
