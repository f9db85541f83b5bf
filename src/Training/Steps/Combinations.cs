using TorchSharp.Modules;

namespace GanPipeline.Training;

/// <summary>Which networks and options do not go together.</summary>
internal static class Combinations
{
    /// <summary>That a number of processes can train them together.</summary>
    /// <exception cref="ArgumentException">They cannot; the message says what would work.</exception>
    public static void Require(GanNetworks networks, TrainingOptions options, int processes)
    {
        if (processes == 1) return;
        if (options.BatchSize % processes != 0 || options.BatchSize < 2 * processes)
            throw new ArgumentException($"A batch of {options.BatchSize} images cannot be divided among {processes} processes: its size " +
                "is a multiple of their number, and each has at least 2 images; " +
                $"{Math.Max(2, options.BatchSize / processes) * processes} would do.");
        if (options.Objective.Pool > 0)
            throw new ArgumentException("The pool of earlier images is one process's, and cannot be divided among several; set " +
                "objective.pool to 0, or train in one process.");
        if (options.FinalBatchSize > 0)
            throw new ArgumentException("Batches that become smaller with each level are for one process; set train.final-batch-size to " +
                "0, or train in one process.");
        if (options.SynchronizeBatchNormalization) SharedStatistics.Require(networks);
    }

    /// <exception cref="ArgumentException">They do not; the message says what would work.</exception>
    public static void Require(GanNetworks networks, TrainingOptions options)
    {
        if (options.Objective.GradientPenalty > 0 && networks.Discriminator.modules().Any(module => module is BatchNorm))
            throw new ArgumentException("The gradient penalty is on each image's own gradient, which batch normalisation mixes with " +
                "the other images', and the discriminator " +
                $"of '{networks.Architecture}' has batch normalisation. Take a discriminator without, " +
                "as the architectures 'wgan-gp' and 'dense' have, or R1 in place of the penalty.");
        if (networks.Cycles ? options.Objective.L1 > 0 : options.Objective is { Cycle: > 0 } or { Identity: > 0 } or { Pool: > 0 })
            throw new ArgumentException(networks.Cycles
                ? "objective.l1 is the difference from the target of a pair, and 'cyclegan' learns without pairs; take objective.cycle."
                : "objective.cycle, objective.identity and objective.pool are for networks that translate both ways; take the " +
                    $"architecture 'cyclegan', or leave them out for '{networks.Architecture}'.");
        if (networks.PoseStages is null != (options.FirstStageSteps == 0))
            throw new ArgumentException(networks.PoseStages is null
                ? $"train.first-stage-steps is for the architecture 'pose', whose generator has two stages; leave it out for " +
                    $"'{networks.Architecture}'."
                : "'pose' trains the generator's first stage alone at first; say for how many steps, as train.first-stage-steps: half of " +
                    "them, for example.");
        if (networks.PoseStages is not null && options.Flip)
            throw new ArgumentException("A mirrored picture has another pose than the one that is told; set train.flip to false.");
        if (options.Objective.Identity > 0 && networks.ConditionChannels != networks.Shape.Channels)
            throw new ArgumentException("objective.identity gives a generator images of the side that it makes, and the two sides have " +
                $"{networks.ConditionChannels} and {networks.Shape.Channels} channels; set it to 0, or let both have as many.");
        if (options.FinalBatchSize > 0 && networks.Growth is null)
            throw new ArgumentException($"train.final-batch-size is for networks that grow; leave it out for '{networks.Architecture}'.");
        if (options.Objective.Interpolation > 0 && !networks.Options.TellsTexts)
            throw new ArgumentException("objective.interpolation is between the embeddings of two texts; take the architecture " +
                $"'text-to-image', or leave it out for '{networks.Architecture}'.");
        if (networks.Options.ConditioningNoise > 0 != options.Objective.ConditioningDivergence > 0)
            throw new ArgumentException(networks.Options.ConditioningNoise > 0
                ? "architecture.conditioning-noise does nothing without a weight that keeps its distributions wide; set " +
                    "objective.conditioning-divergence: 2, for example."
                : "objective.conditioning-divergence is for networks with conditioning augmentation; set architecture.conditioning-noise " +
                    "of 'text-to-image', or leave it out.");
        if (networks.Options.TellsTexts && options.Objective.Loss == GanLoss.Relativistic)
            throw new ArgumentException("The loss relativistic compares each image with one other, and 'text-to-image' has two kinds of " +
                "wrong pairs for each right one; take another loss, such as cross-entropy.");
        if (networks.Translates)
        {
            if (options.Objective.Augments)
                throw new ArgumentException("The images of a pair cannot be changed apart from each other: leave objective.augment out, " +
                    "and take train.flip and train.jitter, which change both alike.");
            return;
        }
        if (options.BatchSize < 2)
            throw new ArgumentException($"A batch has at least 2 images; got {options.BatchSize}. Only architectures that " +
                "translate take single ones, such as pix2pix.");
        if (options.Objective.L1 > 0)
            throw new ArgumentException("objective.l1 is the difference from the image that a generator should have made, which only " +
                $"pairs have; the architecture '{networks.Architecture}' makes images of latents.");
    }
}
