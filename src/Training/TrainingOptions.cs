using System.ComponentModel.DataAnnotations;

namespace GanPipeline.Training;

/// <summary>How learning rates fall.</summary>
public enum LearningRateDecay
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>
    /// In a straight line to 0 at the last step. A training that is made longer goes on in the line to its new last step, and says so.
    /// </summary>
    Linear,

    /// <summary>By half in every half-life, see <see cref="TrainingOptions.DecayHalfLife"/>.</summary>
    Exponential,
}

/// <summary>How a training runs. The defaults are the DCGAN paper's optimiser on plain cross-entropy.</summary>
public sealed partial record TrainingOptions
{
    private readonly double? _discriminatorLearningRate;

    /// <summary>
    /// The run's folder, which receives <c>checkpoints/</c>, <c>best/</c>, <c>samples/</c>, <c>metrics.jsonl</c> and
    /// <c>evolution.gif</c>. A training that was interrupted in it continues from its last checkpoint.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Begins with the weights of another training in place of random ones (fine-tuning): the folder of a run, of a training or of one of
    /// its checkpoints, whose networks must be of the same structure. Of a training that was evaluated, these are the best ones. Or an ONNX
    /// file of such a generator, with a <c>discriminator.onnx</c> beside it, without which the discriminator begins with random weights.
    /// Empty begins with random ones.
    /// </summary>
    public string From { get; init; } = "";

    /// <summary>Steps of the whole training, those before an interruption included; at least 0, in a pipeline at least 1.</summary>
    public long Steps { get; init; } = 2000;

    /// <summary>
    /// Real images, and as many generated ones, in each update; at least 2, because batch normalisation needs the statistics of several
    /// images; for pairs (<c>pix2pix</c>) at least 1, the paper's number. Several processes divide them: their number divides the batch's
    /// size, and each has at least 2.
    /// </summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Decides everything random in the training; at least 0. The first weights, which <see cref="Architectures.Create"/> draws, have a
    /// seed of their own; in a pipeline it is the same one.
    /// </summary>
    public long Seed { get; init; }

    /// <summary>Where to compute: <c>cpu</c>, <c>cuda</c>, or <c>auto</c>, which takes CUDA where there is one.</summary>
    [AllowedValues("auto", "cpu", "cuda")]
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Processor threads that Torch computes with, 0 to 1024; 0 is one for each processor. <c>auto</c> (null): one for each processor, or
    /// fewer where a measurement at the training's start says that steps are faster so: small ones, and any beside other programs. A
    /// training goes on with what it began with. Several processes on one machine share its processors: 0 and <c>auto</c> then mean a
    /// process's share.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>
    /// The numbers that the networks are computed with. Weights, optimisers, losses and R1 are <c>float32</c> in any case.
    /// </summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>What the networks are trained towards.</summary>
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>
    /// The label vectors of a conditional training, as long as the networks' <see cref="GanNetworks.LabelSize"/>; null where the networks
    /// are unconditional.
    /// </summary>
    public LabelLayout? Labels { get; init; }

    /// <summary>Adam's learning rate for the generator; above 0.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Adam's learning rate for the discriminator; above 0. Default: the generator's.</summary>
    public double DiscriminatorLearningRate { get => _discriminatorLearningRate ?? LearningRate; init =>
        _discriminatorLearningRate = value; }

    /// <summary>Adam's decay of the mean gradient; 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Adam's decay of the mean squared gradient; 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam's epsilon, above 0; the default is Keras'.</summary>
    public double Epsilon { get; init; } = 1e-7;

    /// <summary>How both learning rates fall.</summary>
    public LearningRateDecay LearningRateDecay { get; init; }

    /// <summary>Steps before the learning rates begin to fall; at least 0.</summary>
    public long DecayFrom { get; init; }

    /// <summary>Steps in which exponentially falling learning rates halve; at least 1.</summary>
    public long DecayHalfLife { get; init; } = 10_000;

    /// <summary>
    /// Steps at the beginning in which the options with an end value go there, from the value that they begin with, in half a period of a
    /// cosine (Huang et al. 2024, section 5): <see cref="LearningRateEnd"/>, <see cref="Beta2End"/>, <see cref="ObjectiveOptions.R1End"/>
    /// and <see cref="ObjectiveOptions.R2End"/>. The half-life of the averaged generator grows in them from 0 to that of
    /// <see cref="AverageDecay"/>. 0: there are none.
    /// </summary>
    public long BurnInSteps { get; init; }

    /// <summary>
    /// The generator's learning rate after <see cref="BurnInSteps"/>, above 0; the discriminator's changes by the same factor. A decay
    /// comes on top of it. <c>auto</c> (null): it stays as it is.
    /// </summary>
    public double? LearningRateEnd { get; init; }

    /// <summary><see cref="Beta2"/> after <see cref="BurnInSteps"/>, 0 to below 1. <c>auto</c> (null): it stays as it is.</summary>
    public double? Beta2End { get; init; }

    /// <summary>
    /// Samples and exports come from a moving average of the generator's weights. The past keeps this share in each step, as in 0.999,
    /// and less in the first steps: at most (1 + n) / (10 + n) in step n, or as <see cref="BurnInSteps"/> says. 0 to below 1; 0 is off.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>
    /// Of <c>growing</c>: real images in which a level of the networks, of twice the side of the one before, fades in, and as many in which
    /// it stays as it is before the next one begins; at least 0. Adam's moments begin anew with each level. There are five levels to
    /// 64 x 64 pixels, so that the last one has grown after 8 times as many images. 0 is the 600,000 of Karras et al. 2018, appendix A.1.
    /// </summary>
    public long GrowImages { get; init; }

    /// <summary>
    /// Of <c>growing</c>: images in a batch at the last level. Each level before has twice as many as the one after it, up to
    /// <see cref="BatchSize"/>, because a step's memory and time grow with the level: Karras et al. 2018, appendix A.1, have 3 at
    /// 1024 x 1024, 6 and 14 before, and else 16. 1 to <see cref="BatchSize"/>; 0 is <see cref="BatchSize"/> at all levels.
    /// </summary>
    public int FinalBatchSize { get; init; }

    /// <summary>
    /// Of <c>pose</c>, which needs it: steps at the beginning in which the generator's first stage is trained alone, by the difference from
    /// the target; then it stays as it is, and the second stage and the discriminator are trained (Ma et al. 2017, section 3). 0 of the
    /// others.
    /// </summary>
    public long FirstStageSteps { get; init; }

    /// <summary>What <see cref="GrowImages"/> means.</summary>
    internal long ImagesOfPhase => GrowImages == 0 ? 600_000 : GrowImages;

    /// <summary>
    /// Where several processes train together: batch normalisation takes its mean and variance over the whole batch, as one process would,
    /// in place of over each process's part of it. Each batch normalisation then costs a message in each pass. Networks that
    /// <see cref="Architectures.Create"/> did not build must have no batch normalisation.
    /// </summary>
    public bool SynchronizeBatchNormalization { get; init; }

    /// <summary>
    /// Slows the network that is ahead: the discriminator while it is right on more than 90 % of the real and of the generated images, the
    /// generator while the discriminator is right on 55 % of all of them or less. Its learning rate falls by a fifth every 50 steps, to a
    /// 64th at most, and grows back by a tenth when that is over. The log shows the rates.
    /// </summary>
    public bool AutoBalance { get; init; }

    /// <summary>Mirrors real images left to right, half of them in each epoch.</summary>
    public bool Flip { get; init; }

    /// <summary>Moves each real image by up to this many pixels, another way in each epoch; 0 to 512 and below the images' side.</summary>
    public int RandomCrop { get; init; }

    /// <summary>
    /// Enlarges each real image by this many pixels a side and cuts its own size out of it, at another place in each epoch (Isola et al.
    /// 2017, section 3.3: 30 for 256 pixels); 0 to 512. Both images of a pair alike.
    /// </summary>
    public int Jitter { get; init; }

    /// <summary>
    /// Keeps decoded images in memory if all of them fit into this many megabytes (millions of bytes); 0 decodes them again in each
    /// epoch.
    /// </summary>
    public int CacheMb { get; init; } = 1024;

    /// <summary>
    /// Threads that decode images ahead of the training, 0 to 256; 0 is one fewer than the processors, or than a process's share of them.
    /// </summary>
    public int Workers { get; init; }

    /// <summary>Steps between two lines of <c>metrics.jsonl</c>; at least 1.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>Steps between two sample grids; 0 makes none.</summary>
    public int SampleEvery { get; init; } = 200;

    /// <summary>
    /// Images in a sample grid, 1 to 1024. The grid of a conditional GAN has a row for each value of its one categorical attribute, else
    /// for the labels of the first images, and at least 4 images in a row. Of pairs it shows input, output and target, and a third as many
    /// pairs.
    /// </summary>
    public int SampleCount { get; init; } = 64;

    /// <summary>
    /// Steps between two evaluations of the generator, of which the best is kept in <c>best/</c> and exported; 0 exports the last one.
    /// </summary>
    public int EvaluateEvery { get; init; }

    /// <summary>
    /// Ends the training before all steps are done where so many evaluations in a row were no better than the best one; 0 never does. The
    /// best generator is kept as ever.
    /// </summary>
    public int Patience { get; init; }

    /// <summary>
    /// Ends the training before all steps are done after so many minutes, those before an interruption included; 0 never does. Where it
    /// ends then depends on the machine.
    /// </summary>
    public double MaxMinutes { get; init; }

    /// <summary>
    /// Steps between two looks at the generator's samples and at the discriminator's judgement of held-out images, from which the training
    /// is diagnosed; 0 diagnoses it by losses, accuracies and gradients alone.
    /// </summary>
    public int DiagnoseEvery { get; init; } = 500;

    /// <summary>Steps between two checkpoints; at least 1. There is one at the end in any case.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Checkpoints to keep, the last ones; at least 1.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>
    /// Writes events for TensorBoard into <c>tensorboard/</c>: the numbers of each log line, sample grids, histograms of weights and
    /// gradients with each grid, the options. <c>tensorboard --logdir FOLDER</c> shows them.
    /// </summary>
    public bool Tensorboard { get; init; }

    /// <summary>Deletes what an earlier training left in <see cref="Folder"/>, and starts from the first step.</summary>
    public bool StartOver { get; init; }
}
