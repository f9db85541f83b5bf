using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>What the loss of a generator that makes images of images has besides the discriminator's part.</summary>
/// <remarks>
/// Of networks that translate both ways, all parts are means over the two directions: half of the sums in Zhu et al. 2017, section 3, which
/// Adam does not tell from them.
/// </remarks>
/// <param name="networks">The networks.</param>
/// <param name="options">What the loss is made of.</param>
/// <param name="pose">Of networks that take poses: how these are told.</param>
internal sealed class TranslationLoss(GanNetworks networks, ObjectiveOptions options, PoseLayout pose)
{
    /// <summary>Computes it.</summary>
    /// <param name="generated">What the generator made, of both sides where it works both ways.</param>
    /// <param name="real">What it made it of.</param>
    /// <param name="generate">Another pass of the generator, over both sides.</param>
    /// <returns>
    /// The mean absolute difference from the targets, or from the images after the way there and back, and what the loss gets; null where
    /// there is none.
    /// </returns>
    public (Tensor Difference, Tensor? Added)? Of(Tensor generated, RealBatch real, Func<Tensor, Tensor> generate)
    {
        if (networks.Cycles) return OfBothWays(generated, real.Images, generate);
        if (real.Condition is null) return null;
        if (networks.PoseStages is not null)
        {
            var (whole, weighted) = OfPose(generated, real);
            return (whole, options.L1 == 0 ? null : weighted * options.L1);
        }
        var difference = (generated - real.Images).abs().mean();
        return (difference, options.L1 == 0 ? null : difference * options.L1);
    }

    /// <summary>
    /// The mean absolute difference of images that were made for a pose from the targets, and the one that counts twice where the targets
    /// show something (Ma et al. 2017, equation 1).
    /// </summary>
    public (Tensor Difference, Tensor Weighted) OfPose(Tensor generated, RealBatch real)
    {
        var difference = (generated - real.Images).abs();
        var mask = pose.Kind == PoseKind.View ? PoseMask.Of(real.Images) : PoseMask.OfKeypoints(
            real.Condition!.narrow(1, networks.ConditionChannels - networks.PoseChannels, networks.PoseChannels), pose);
        return (difference.mean(), (difference * (mask + 1)).mean());
    }

    private (Tensor, Tensor?) OfBothWays(Tensor generated, Tensor images, Func<Tensor, Tensor> generate)
    {
        if (options.Cycle == 0)
        {
            using var untracked = no_grad();
            return (Difference(generate(generated), images), null);
        }
        var cycle = Difference(generate(generated), images);
        var added = cycle * options.Cycle;
        if (options.Identity > 0)
        {
            // Each generator gets the side that it makes: the sides change places.
            var channels = networks.ConditionChannels;
            var turned = cat([images.narrow(1, channels, channels), images.narrow(1, 0, channels)], 1);
            added += Difference(generate(turned), images) * (options.Identity * options.Cycle);
        }
        return (cycle, added);
    }

    /// <summary>The mean of both sides' mean absolute differences.</summary>
    private Tensor Difference(Tensor made, Tensor images)
    {
        var (first, second) = (networks.ConditionChannels, networks.Shape.Channels);
        var difference = (made - images).abs();
        return first == second ? difference.mean()
            : (difference.narrow(1, 0, first).mean() + difference.narrow(1, first, second).mean()) / 2;
    }
}
