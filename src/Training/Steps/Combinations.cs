using TorchSharp.Modules;

namespace GanPipeline.Training;

/// <summary>Which networks and options do not go together.</summary>
internal static class Combinations
{
    /// <exception cref="ArgumentException">They do not; the message says what would work.</exception>
    public static void Require(GanNetworks networks, TrainingOptions options)
    {
        if (options.Objective.GradientPenalty > 0 && networks.Discriminator.modules().Any(module => module is BatchNorm))
            throw new ArgumentException("The gradient penalty is on each image's own gradient, which batch normalisation mixes with " +
                "the other images', and the discriminator " +
                $"of '{networks.Architecture}' has batch normalisation. Take a discriminator without, " +
                "as the architectures 'wgan-gp' and 'dense' have, or R1 in place of the penalty.");
    }
}
