namespace GanPipeline.Training;

/// <summary>What the networks are trained towards: the losses, the penalties, and what else keeps the two networks in balance.</summary>
public sealed record ObjectiveOptions
{
    private readonly double? _generatedLabelNoise;
    private readonly double? _gradientPenalty;
    private readonly int? _criticSteps;
    private readonly LossReduction? _discriminatorLoss;
    private readonly double? _augmentTarget;
    private readonly double? _augmentProbability;

    /// <summary>The loss of both networks.</summary>
    public GanLoss Loss { get; init; }

    /// <summary>
    /// The form of the generator's loss. Only <c>cross-entropy</c> has two. The saturating one is the minimax game's own, whose gradient
    /// vanishes while the discriminator wins (Goodfellow et al. 2014, section 3).
    /// </summary>
    public GeneratorLoss GeneratorLoss { get; init; }

    /// <summary>
    /// How the discriminator's losses on real and on generated images become one. Default: <c>sum</c> for <c>hinge</c> and
    /// <c>wasserstein</c>, as in their papers, <c>mean</c> for the others. <c>relativistic</c> has one loss for both.
    /// </summary>
    public LossReduction DiscriminatorLoss
    {
        get => _discriminatorLoss ?? (Loss is GanLoss.Hinge or GanLoss.Wasserstein ? LossReduction.Sum : LossReduction.Mean);
        init => _discriminatorLoss = value;
    }

    /// <summary>
    /// Lowers the discriminator's target for real images from 1 by this much, 0 to 1; 0.1 is usual (Salimans et al. 2016, section 3.4).
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The discriminator's target for generated images, 0 to 1.</summary>
    public double GeneratedTarget { get; init; }

    /// <summary>
    /// The target of each real image is moved by a uniform random number between 0 and this, which is from -1 to 1. Cannot be combined with
    /// label smoothing.
    /// </summary>
    public double LabelNoise { get; init; }

    /// <summary>
    /// The same for generated images, -1 to 1. Default: the opposite of the label noise, so that both move towards confidence.
    /// </summary>
    public double GeneratedLabelNoise { get => _generatedLabelNoise ?? 0 - LabelNoise; init => _generatedLabelNoise = value; }

    /// <summary>
    /// The share of images, real and generated, that the discriminator is told the opposite of; 0 to below 0.5. Not for
    /// <c>wasserstein</c>.
    /// </summary>
    public double LabelFlips { get; init; }

    /// <summary>
    /// Weight of the gradient penalty at images between real and generated ones (Gulrajani et al. 2017); 0 is off. Needs a discriminator
    /// without batch normalisation. Default: 10 for <c>wasserstein</c> without spectral normalisation, else 0.
    /// </summary>
    public double GradientPenalty
    {
        get => _gradientPenalty ?? (Loss == GanLoss.Wasserstein && !SpectralNormalization ? 10 : 0);
        init => _gradientPenalty = value;
    }

    /// <summary>
    /// Gamma of the R1 penalty: the discriminator pays gamma / 2 times the squared norm of its gradient at real images (Mescheder et al.
    /// 2018); 0 is off. The right value grows with the number of pixels; 0.05 is much at 32 x 32.
    /// </summary>
    public double R1 { get; init; }

    /// <summary>
    /// Gamma of the R1 penalty after <see cref="TrainingOptions.BurnInSteps"/>, at least 0; from the one that it begins with it goes there
    /// in half a period of a cosine. <c>auto</c> (null): it stays as it is.
    /// </summary>
    public double? R1End { get; init; }

    /// <summary>
    /// Gamma of the R2 penalty, which is R1's at generated images (Mescheder et al. 2018); 0 is off. With the loss <c>relativistic</c> both
    /// are needed, and equal (Huang et al. 2024, section 3).
    /// </summary>
    public double R2 { get; init; }

    /// <summary>Gamma of the R2 penalty after <see cref="TrainingOptions.BurnInSteps"/>, as <see cref="R1End"/>.</summary>
    public double? R2End { get; init; }

    /// <summary>
    /// Steps from one R1 or R2 penalty to the next, at least 1; each then counts as many times (lazy regularisation, Karras et al. 2020,
    /// StyleGAN2, appendix B).
    /// </summary>
    public int R1Every { get; init; } = 1;

    /// <summary>
    /// Weight of the mean square of the discriminator's outputs for real images, which keeps a critic's scores near 0 (Karras et al. 2018,
    /// appendix A.1, which has 0.001); 0 is off.
    /// </summary>
    public double Drift { get; init; }

    /// <summary>
    /// Updates of the discriminator in a step, each on images of its own; at least 1. Default: 5 for <c>wasserstein</c>, as in its paper,
    /// else 1.
    /// </summary>
    public int CriticSteps { get => _criticSteps ?? (Loss == GanLoss.Wasserstein ? 5 : 1); init => _criticSteps = value; }

    /// <summary>
    /// Of <c>text-to-image</c>: the share of the images in the generator's update that are asked for by the middle between the embeddings
    /// of two texts, 0 to 1, so that it learns what lies between texts (Reed et al. 2016, section 4.3, which adds as many such images as
    /// there are others: 0.5); 0 is off. It needs a <c>fresh</c> generator batch, for the discriminator never judges such images.
    /// </summary>
    public double Interpolation { get; init; }

    /// <summary>
    /// Weight of the Kullback-Leibler divergence of conditioning augmentation's distributions from the standard normal one, in nats, the
    /// mean over the distributions (Zhang et al. 2017, "StackGAN", section 3.2; its published program weighs this mean by 2). It is for
    /// <see cref="ArchitectureOptions.ConditioningNoise"/>; 0 is off.
    /// </summary>
    public double ConditioningDivergence { get; init; }

    /// <summary>
    /// Divides the discriminator's weights by their largest singular values (Miyato et al. 2018). Checkpoints and exports hold the
    /// divided weights.
    /// </summary>
    public bool SpectralNormalization { get; init; }

    /// <summary>
    /// Standard deviation of Gaussian noise on all images that the discriminator sees, at first; black is -1 and white 1 (Sonderby et al.
    /// 2017). It falls linearly to 0; 0 is off.
    /// </summary>
    public double InstanceNoise { get; init; }

    /// <summary>Steps in which the instance noise falls to 0; at least 1.</summary>
    public long InstanceNoiseSteps { get; init; } = 10_000;

    /// <summary>
    /// Weight of the mean absolute difference between generated and real image in the loss of a generator that translates, with black at -1
    /// and white at 1 (Isola et al. 2017, section 3.1, which has 100); 0 is off.
    /// </summary>
    public double L1 { get; init; }

    /// <summary>
    /// Of <c>cyclegan</c>: weight of the mean absolute difference between images and what becomes of them there and back, with black at -1
    /// and white at 1 (Zhu et al. 2017, section 3.2); 0 is off. The paper's 10 are 5 with <c>least-squares</c>, which has a half before the
    /// generator's loss here, as in Mao et al. 2017, and none there.
    /// </summary>
    public double Cycle { get; init; }

    /// <summary>
    /// Of <c>cyclegan</c>: weight, as a share of <see cref="Cycle"/>, of the mean absolute difference between images of a side and what the
    /// generator that makes this side's images makes of them: it should leave them as they are, which keeps colours (Zhu et al. 2017,
    /// section 5.2, which has 0.5); 0 is off.
    /// </summary>
    public double Identity { get; init; }

    /// <summary>
    /// Of <c>cyclegan</c>: how many earlier generated images of each side are kept, 0 to 10,000, so that the discriminator sees one of them
    /// in place of a new one half of the time (Shrivastava et al. 2017; Zhu et al. 2017, section 4, which has 50); 0 is off.
    /// </summary>
    public int Pool { get; init; }

    /// <summary>Which generated images the generator's update is computed from.</summary>
    public GeneratorBatch GeneratorBatch { get; init; }

    /// <summary>When a step changes the weights of the two networks.</summary>
    public UpdateOrder Updates { get; init; }

    /// <summary>
    /// Random changes of all images that the discriminator sees, real and generated, for small data sets: the discriminator cannot learn
    /// the images by heart, and the generator does not learn the changes (differentiable augmentation, Zhao et al. 2020).
    /// </summary>
    public Augmentations Augment { get; init; }

    /// <summary>
    /// Adapts the probability of each change so that the mean sign of the discriminator's outputs for real images stays near this, 0 to
    /// below 1 (Karras et al. 2020, ADA); 0 keeps the probability fixed. Default: 0.6, as in the paper; 0 where the probability is given,
    /// and for <c>wasserstein</c> and <c>relativistic</c>.
    /// </summary>
    public double AugmentTarget
    {
        get => _augmentTarget ?? (_augmentProbability is null && !HasNoBoundary ? 0.6 : 0);
        init => _augmentTarget = value;
    }

    /// <summary>The fixed probability of each change, 0 to 1; above 0.8 the generator may begin to draw the changes.</summary>
    public double AugmentProbability { get => _augmentProbability ?? 1; init => _augmentProbability = value; }

    /// <summary>Real images in which an adapting probability can go from 0 to 1; at least 1.</summary>
    public long AugmentImages { get; init; } = 500_000;

    /// <summary>Steps between two adaptations of the probability; at least 1.</summary>
    public int AugmentEvery { get; init; } = 4;

    /// <summary>The discriminator's target for real images.</summary>
    internal double RealTarget => 1 - LabelSmoothing;

    // Scores that are only higher or lower than others.
    private bool HasNoBoundary => Loss is GanLoss.Wasserstein or GanLoss.Relativistic;

    internal bool Augments => Augment != Augmentations.None;

    internal bool AdaptsAugmentation => Augments && AugmentTarget > 0;

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        var hasTargets = Loss is GanLoss.CrossEntropy or GanLoss.LeastSquares;
        if (!Enum.IsDefined(Loss))
            yield return (nameof(Loss), $"Unknown loss {Loss}; there are: {string.Join(", ", Enum.GetNames<GanLoss>())}.");
        if (GeneratorLoss == GeneratorLoss.Saturating && Loss != GanLoss.CrossEntropy)
            yield return (nameof(GeneratorLoss), $"The saturating generator's loss belongs to the loss 'cross-entropy'; {Name} has one " +
                $"form only.");
        if (!IsShare(LabelSmoothing)) yield return (nameof(LabelSmoothing), $"Label smoothing lies from 0 to 1; got {LabelSmoothing}.");
        if (!IsShare(GeneratedTarget))
            yield return (nameof(GeneratedTarget), $"The target for generated images lies from 0 to 1; got {GeneratedTarget}.");
        if (LabelNoise is not (>= -1 and <= 1)) yield return (nameof(LabelNoise), $"Label noise lies from -1 to 1; got {LabelNoise}.");
        if (GeneratedLabelNoise is not (>= -1 and <= 1))
            yield return (nameof(GeneratedLabelNoise), $"Label noise of generated images lies from -1 to 1; got {GeneratedLabelNoise}.");
        if (!hasTargets)
        {
            foreach (var (member, isMoved) in new[]
            {
                (nameof(LabelSmoothing), LabelSmoothing != 0), (nameof(GeneratedTarget), GeneratedTarget != 0),
                    (nameof(LabelNoise), LabelNoise != 0),
                (nameof(GeneratedLabelNoise), LabelNoise == 0 && GeneratedLabelNoise != 0),
            })
            {
                if (isMoved)
                    yield return (member, $"{Name} has no targets that smoothing or noise could move; take the loss cross-entropy or " +
                        $"least-squares, or leave them out.");
            }
        }
        if (Loss == GanLoss.Relativistic && DiscriminatorLoss == LossReduction.Sum)
            yield return (nameof(DiscriminatorLoss), $"{Name} has one loss for a pair of images, and nothing to sum; leave it out.");
        if (LabelSmoothing > 0 && (LabelNoise != 0 || GeneratedLabelNoise != 0))
            yield return (nameof(LabelSmoothing), "Label smoothing cannot be combined with label noise: both move the targets. Keep " +
                "one of them.");
        if (Loss == GanLoss.LeastSquares && RealTarget <= GeneratedTarget)
            yield return (nameof(LabelSmoothing), $"The target for real images lies above that for generated ones; got {RealTarget} " +
                $"and {GeneratedTarget}.");
        // At a half and above the discriminator would learn nothing, or the opposite.
        if (LabelFlips is not (>= 0 and < 0.5))
            yield return (nameof(LabelFlips), $"The share of flipped labels lies from 0 to below 0.5; got {LabelFlips}.");
        else if (Loss == GanLoss.Wasserstein && LabelFlips != 0)
            yield return (nameof(LabelFlips), $"Flipped labels only scale the loss wasserstein; got {LabelFlips}. Take 0, or another " +
                $"loss.");
        if (!IsWeight(GradientPenalty))
            yield return (nameof(GradientPenalty), $"The gradient penalty's weight is at least 0 (off); got {GradientPenalty}.");
        if (!IsWeight(Drift)) yield return (nameof(Drift), $"The weight of the drift is at least 0 (off); got {Drift}.");
        if (!IsWeight(R1)) yield return (nameof(R1), $"R1's weight is at least 0 (off); got {R1}.");
        if (!IsWeight(R2)) yield return (nameof(R2), $"R2's weight is at least 0 (off); got {R2}.");
        if (!IsShare(Interpolation))
            yield return (nameof(Interpolation), $"The share of images between two texts lies from 0 to 1; got {Interpolation}.");
        if (Interpolation > 0 && GeneratorBatch == GeneratorBatch.Reused)
            yield return (nameof(Interpolation), "Images between two texts are for the generator's update alone, and a reused batch is " +
                "the discriminator's as well; take generator-batch: fresh, or leave the interpolation out.");
        if (!IsWeight(ConditioningDivergence))
            yield return (nameof(ConditioningDivergence), "The weight of conditioning augmentation's divergence is at least 0 (off); got " +
                $"{ConditioningDivergence}.");
        if (!IsWeight(L1)) yield return (nameof(L1), $"The weight of the difference is at least 0 (off); got {L1}.");
        if (!IsWeight(Cycle)) yield return (nameof(Cycle), $"The weight of the way there and back is at least 0 (off); got {Cycle}.");
        if (!IsWeight(Identity))
            yield return (nameof(Identity), $"The weight of the identity, a share of the cycle's, is at least 0 (off); got {Identity}.");
        if (Pool is < 0 or > 10_000) yield return (nameof(Pool), $"A pool has from 0 (off) to 10,000 images; got {Pool}.");
        if (Pool > 0 && Updates == UpdateOrder.Together)
            yield return (nameof(Pool), "Earlier images from the pool are for the discriminator alone, and updates that come together " +
                "use one batch for both networks; leave one of the two out.");
        if (R1End is { } r1 && !IsWeight(r1)) yield return (nameof(R1End), $"R1's weight is at least 0 (off); got {r1} for the end.");
        if (R2End is { } r2 && !IsWeight(r2)) yield return (nameof(R2End), $"R2's weight is at least 0 (off); got {r2} for the end.");
        if (R1Every < 1) yield return (nameof(R1Every), $"There is at least 1 step between R1 penalties; got {R1Every}.");
        if (GradientPenalty > 0)
        {
            foreach (var (member, weight) in new[] { (nameof(R1), R1), (nameof(R1End), R1End), (nameof(R2), R2), (nameof(R2End), R2End) })
            {
                if (weight > 0)
                {
                    yield return (member, $"The gradient penalty wants gradients of norm 1 and {member[..2]} wants none; keep one of " +
                        "them.");
                }
            }
        }
        if (Loss == GanLoss.Wasserstein && GradientPenalty == 0 && !SpectralNormalization)
        {
            yield return (nameof(GradientPenalty), "The loss wasserstein needs a bound on the critic's gradient, else its scores grow " +
                "without end: " +
                "give the gradient penalty a weight, as the paper's 10, or turn spectral normalisation on.");
        }
        if (CriticSteps < 1) yield return (nameof(CriticSteps), $"A step has at least 1 update of the discriminator; got {CriticSteps}.");
        if (!IsWeight(InstanceNoise))
            yield return (nameof(InstanceNoise), $"Instance noise has a standard deviation of at least 0 (off); got {InstanceNoise}.");
        if (InstanceNoiseSteps < 1)
            yield return (nameof(InstanceNoiseSteps), $"Instance noise falls to 0 in at least 1 step; got {InstanceNoiseSteps}.");
        foreach (var problem in AugmentationProblems()) yield return problem;
    }

    private string Name => $"The loss {System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(Loss.ToString())}";

    private IEnumerable<(string Member, string Problem)> AugmentationProblems()
    {
        if (!IsShare(AugmentProbability))
            yield return (nameof(AugmentProbability), $"The augmentation's probability lies from 0 to 1; got {AugmentProbability}.");
        if (AugmentTarget is not (>= 0 and < 1))
            yield return (nameof(AugmentTarget), $"The augmentation's target lies from 0 (a fixed probability) to below 1, as the " +
                $"paper's 0.6; got {AugmentTarget}.");
        else if (_augmentTarget > 0 && _augmentProbability is not null)
            yield return (nameof(AugmentProbability), "The augmentation's probability is what its target adapts; give one of the two.");
        if (AdaptsAugmentation && HasNoBoundary)
        {
            yield return (nameof(AugmentTarget), $"The augmentation cannot adapt to {char.ToLowerInvariant(Name[0]) + Name[1..]}, whose " +
                "scores do not say what is taken for real; set its target to 0, for a fixed probability.");
        }
        if (AugmentImages < 1)
            yield return (nameof(AugmentImages), $"The augmentation's probability takes at least 1 image from 0 to 1; got " +
                $"{AugmentImages}.");
        if (AugmentEvery < 1) yield return (nameof(AugmentEvery), $"There is at least 1 step between adaptations; got {AugmentEvery}.");
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsWeight(double value) => value >= 0 && double.IsFinite(value);
}
