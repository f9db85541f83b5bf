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

/// <summary>How a training runs. The defaults are the DCGAN paper's optimiser on plain cross-entropy.</summary>
public sealed record TrainingOptions
{
    /// <summary>The run's folder, which receives <c>checkpoints/</c>, <c>samples/</c>, <c>metrics.jsonl</c> and <c>evolution.gif</c>.
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

    /// <summary>
    /// Samples and exports use an average of the generator over the steps, in which the past keeps this share at each step, as in 0.999;
    /// 0 is off.
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

    /// <summary>Steps between checkpoints; there is one at the end in any case.</summary>
    public int CheckpointEvery { get; init; } = 1000;

    /// <summary>Checkpoints to keep, the last ones; at least 1.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Deletes what an earlier training left in <see cref="Folder"/>, and starts from the first step.</summary>
    public bool StartOver { get; init; }

    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range, or two options do not go together.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Folder), "The run's folder is missing.");
        Require(Steps >= 0, $"The number of steps is at least 0; got {Steps}.");
        Require(BatchSize >= 2, $"A batch has at least 2 images; got {BatchSize}.");
        Require(CriticSteps >= 1, $"A step has at least 1 update of the discriminator; got {CriticSteps}.");
        Require(RandomCrop >= 0, $"The pixels of a random crop are at least 0; got {RandomCrop}.");
        Require(Threads >= 0, $"The number of threads is at least 0 (all processors); got {Threads}.");
        Require(GeneratorLearningRate > 0 && double.IsFinite(GeneratorLearningRate), $"A learning rate is above 0; got {GeneratorLearningRate} for the generator.");
        Require(DiscriminatorLearningRate > 0 && double.IsFinite(DiscriminatorLearningRate), $"A learning rate is above 0; got {DiscriminatorLearningRate} for the discriminator.");
        Require(Beta1 is >= 0 and < 1, $"beta1 lies from 0 to below 1; got {Beta1}.");
        Require(Beta2 is >= 0 and < 1, $"beta2 lies from 0 to below 1; got {Beta2}.");
        Require(Epsilon > 0, $"Adam's epsilon is above 0; got {Epsilon}.");
        Require(AverageDecay is >= 0 and < 1, $"The average's decay lies from 0 (off) to below 1; got {AverageDecay}.");
        Require(CacheBytes >= 0, $"The cache's size is at least 0; got {CacheBytes}.");
        Require(Workers >= 0, $"The number of workers is at least 0 (the loader's choice); got {Workers}.");
        Require(LogEvery >= 1, $"There is at least 1 step between log lines; got {LogEvery}.");
        Require(SampleEvery >= 0, $"The steps between samples are at least 0 (none); got {SampleEvery}.");
        Require(SampleCount >= 1, $"A sample grid has at least 1 image; got {SampleCount}.");
        Require(CheckpointEvery >= 1, $"There is at least 1 step between checkpoints; got {CheckpointEvery}.");
        Require(KeepCheckpoints >= 1, $"At least 1 checkpoint is kept; got {KeepCheckpoints}.");
        _ = Objectives.Create(Objective);
        Require(Objective is not { Name: "wasserstein", GradientPenalty: 0 },
            "The objective 'wasserstein' needs a bound on the critic's gradient, else its scores grow without end: give the gradient penalty a weight, as the paper's 10.");
        _ = Devices.IsKnown(Device) ? Device : throw new ArgumentException($"The device is auto, cpu or cuda; got '{Device}'.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
