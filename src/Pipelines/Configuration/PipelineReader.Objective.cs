
namespace GanPipeline.Pipelines;

/// <content>The objective, whose defaults are those of each loss's paper.</content>
internal static partial class PipelineReader
{
    private static readonly string[] NormalizedDiscriminators = ["dcgan", "transfer", "upsampling"];

    private static ObjectiveSection Objective(Section s)
    {
        var loss = s.OneOf("loss", "cross-entropy", ObjectiveSection.Losses);
        var noise = s.Number("label-noise", 0, 0, 0.5);
        var spectral = s.Flag("spectral-normalization", false);
        // A probability that is given, or scores without a middle, leave nothing to adapt to.
        var fixedProbability = s.Has("augment-probability") || loss == "wasserstein";
        var objective = new ObjectiveSection
        {
            Loss = loss,
            LabelNoise = noise,
            GeneratedLabelNoise = s.Number("generated-label-noise", 0 - noise, -0.5, 0.5),
            LabelSmoothing = s.Number("label-smoothing", 0, 0, 0.5),
            LabelFlips = s.Number("label-flips", 0, 0, 0.49),
            GeneratorLoss = s.OneOf("generator-loss", "non-saturating", ObjectiveSection.GeneratorLosses),
            GeneratorBatch = s.OneOf("generator-batch", "fresh", ObjectiveSection.GeneratorBatches),
            Updates = s.OneOf("updates", "in-turn", ObjectiveSection.UpdateOrders),
            DiscriminatorLoss = s.OneOf("discriminator-loss", loss is "hinge" or "wasserstein" ? "sum" : "mean", ObjectiveSection.Reductions),
            CriticSteps = s.Integer("critic-steps", loss == "wasserstein" ? 5 : 1, 1, 1000),
            GradientPenalty = s.Number("gradient-penalty", loss == "wasserstein" && !spectral ? 10 : 0, 0, 1e6),
            R1 = s.Number("r1", 0, 0, 1e6),
            R1Every = s.Integer("r1-every", 1, 1, 1000),
            SpectralNormalization = spectral,
            InstanceNoise = s.Number("instance-noise", 0, 0, 10),
            InstanceNoiseSteps = s.Long("instance-noise-steps", 10_000, 1),
            Augment = s.Texts("augment"),
            AugmentTarget = s.Number("augment-target", fixedProbability ? 0 : 0.6, 0, 0.99),
            AugmentProbability = s.Number("augment-probability", 1, 0, 1),
            AugmentImages = s.Long("augment-images", 500_000, 1),
        };
        s.Done();
        foreach (var unknown in objective.Augment.Except(ObjectiveSection.Augmentations))
            s.Wrong("augment", $"there is no \"{TextFormat.Shorten(unknown)}\"; there are {TextFormat.List(ObjectiveSection.Augmentations)}.");
        return objective;
    }

    /// <summary>What is right by itself and wrong together.</summary>
    private static void Cross(Section s, ObjectiveSection objective, string architecture)
    {
        if (objective.LabelSmoothing > 0 && (objective.LabelNoise > 0 || objective.GeneratedLabelNoise != 0))
            s.Wrong("label-smoothing", "cannot be combined with label-noise: both move the targets. Keep one of them.");
        if (objective is { Loss: "wasserstein", GradientPenalty: 0, SpectralNormalization: false })
            s.Wrong("gradient-penalty", "cannot be 0 with the loss wasserstein, whose scores would grow without end: take the paper's 10, or spectral-normalization: true.");
        if (objective is { Loss: "wasserstein", AugmentTarget: > 0, Augment.Count: > 0 })
            s.Wrong("augment-target", "must be 0 with the loss wasserstein, whose scores have no middle that a probability could adapt to; set augment-probability.");
        if (objective.AugmentTarget > 0 && s.Has("augment-probability"))
            s.Wrong("augment-probability", "is what augment-target adapts; give one of the two.");
        if (objective.GradientPenalty > 0 && NormalizedDiscriminators.Contains(architecture))
        {
            s.Wrong(objective.Loss == "wasserstein" ? "loss" : "gradient-penalty", $"a gradient penalty is on each picture's own gradient, but the discriminator of " +
                $"{architecture} has batch normalisation, which mixes the pictures. Take architecture.name: wgan-gp or dense, or r1 in place of the penalty.");
        }
        try
        {
            _ = Training.Objectives.Create(Adapters.Objective(objective));
        }
        catch (ArgumentException e)
        {
            s.Wrong("loss", e.Message);
        }
    }
}
