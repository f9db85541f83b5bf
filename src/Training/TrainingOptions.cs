using GanPipeline.Data;

namespace GanPipeline.Training;

/// <summary>Which generated images the generator's update is computed from.</summary>
public enum GeneratorBatch
{
    /// <summary>Images of latents drawn for it.</summary>
    Fresh,

    /// <summary>Those that the discriminator's update of the same step saw.</summary>
    Reused,
}

/// <summary>When a step changes the weights.</summary>
public enum UpdateOrder
{
    /// <summary>The discriminator first; the generator then learns from the changed discriminator.</summary>
    Alternating,

    /// <summary>Both after both gradients are taken, as in the <c>train_step</c> of the bricks lesson.</summary>
    Together,
}

/// <summary>How learning rates fall.</summary>
public enum LearningRateDecay
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>In a straight line to 0 at the training's end.</summary>
    Linear,

    /// <summary>By half in every <see cref="TrainingOptions.DecayHalfLife"/>.</summary>
    Exponential,
}

/// <summary>How a training runs. The defaults are the DCGAN paper's optimiser on plain cross-entropy.</summary>
public sealed partial record TrainingOptions
{
    /// <summary>The run's folder, which receives <c>checkpoints/</c>, <c>best/</c>, <c>samples/</c>, <c>metrics.jsonl</c> and <c>evolution.gif</c>.
    /// A training that was interrupted in it continues from its last checkpoint.</summary>
    public required string Folder { get; init; }

    /// <summary>Steps of the whole training, those before an interruption included; at least 0.</summary>
    public required long Steps { get; init; }

    /// <summary>Real images, and generated images, an update; at least 2, because batch normalisation needs company.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Decides everything random in the training but the first weights, which <see cref="Architectures.Create"/> draws.</summary>
    public long Seed { get; init; }

    /// <summary><c>auto</c> (CUDA where there is one), <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Processor threads that Torch computes with; 0 is one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>What the networks are trained towards.</summary>
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>Updates of the discriminator a step, each on real images and latents of its own; at least 1. Gulrajani et al. 2017 have 5.</summary>
    public int CriticSteps { get; init; } = 1;

    /// <summary>
    /// The label vectors of a conditional training, as long as the networks' <see cref="GanNetworks.LabelSize"/>; null where the networks are
    /// unconditional.
    /// </summary>
    public LabelLayout? Labels { get; init; }

    /// <summary>Which generated images the generator's update is computed from.</summary>
    public GeneratorBatch GeneratorBatch { get; init; } = GeneratorBatch.Fresh;

    /// <summary>When a step changes the weights.</summary>
    public UpdateOrder Updates { get; init; } = UpdateOrder.Alternating;

    /// <summary>Adam's learning rate for the generator.</summary>
    public double GeneratorLearningRate { get; init; } = 2e-4;

    /// <summary>Adam's learning rate for the discriminator.</summary>
    public double DiscriminatorLearningRate { get; init; } = 2e-4;

    /// <summary>Adam's decay of the mean gradient, from 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Adam's decay of the mean squared gradient, from 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam's epsilon; the default is Keras'.</summary>
    public double Epsilon { get; init; } = 1e-7;

    /// <summary>How both learning rates fall.</summary>
    public LearningRateDecay LearningRateDecay { get; init; }

    /// <summary>Steps before the learning rates begin to fall.</summary>
    public long DecayFrom { get; init; }

    /// <summary>Steps in which exponentially falling learning rates halve; at least 1.</summary>
    public long DecayHalfLife { get; init; } = 10_000;

    /// <summary>
    /// The discriminator's convolutions and linear layers are divided by their largest singular values (Miyato et al. 2018). The
    /// weights in checkpoints and exports are the divided ones.
    /// </summary>
    public bool SpectralNormalization { get; init; }

    /// <summary>
    /// Standard deviation of the Gaussian noise that lies on all images, in [-1, 1], that the discriminator sees (Sonderby et al. 2017). It
    /// falls linearly to 0 over <see cref="InstanceNoiseSteps"/>; 0 is off.
    /// </summary>
    public double InstanceNoise { get; init; }

    /// <summary>Steps in which instance noise falls to 0; at least 1.</summary>
    public long InstanceNoiseSteps { get; init; } = 10_000;

    /// <summary>How images are changed before the discriminator sees them; by default not at all.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Samples and exports use an average of the generator over the steps, in which the past keeps this share at each step, as in 0.999, but at
    /// step n no more than (1 + n) / (10 + n), so that the first weights are soon forgotten; 0 is off.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Real images are mirrored left to right at random.</summary>
    public bool Flip { get; init; }

    /// <summary>Real images are moved by up to so many pixels each way at random, as <see cref="BatchLoaderOptions.RandomCrop"/>.</summary>
    public int RandomCrop { get; init; }

    /// <summary>Memory in which decoded images may be kept, in bytes; 0 decodes them anew each epoch.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Threads that decode images ahead of training; 0 is the loader's choice.</summary>
    public int Workers { get; init; }

    /// <summary>Steps between lines of <c>metrics.jsonl</c>, which are also the only moments when a step waits for the device.</summary>
    public int LogEvery { get; init; } = 50;

    /// <summary>Steps between sample grids; 0 is none.</summary>
    public int SampleEvery { get; init; } = 500;

    /// <summary>
    /// Images in a sample grid. A conditional one has a row of at least 4 a label, and at most so many rows: of one categorical field each
    /// value, else the labels of the data set's first pictures.
    /// </summary>
    public int SampleCount { get; init; } = 64;

    /// <summary>
    /// Steps between the judge's looks at the generator, of which the best so far is kept in <c>best/</c>; 0 is none. The last step counts
    /// where it is a multiple.
    /// </summary>
    public int JudgeEvery { get; init; }

    /// <summary>Steps between checkpoints; there is one at the end in any case.</summary>
    public int CheckpointEvery { get; init; } = 1000;

    /// <summary>Checkpoints to keep, the last ones; at least 1.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Deletes what an earlier training left in <see cref="Folder"/>, and starts from the first step.</summary>
    public bool StartOver { get; init; }
}
