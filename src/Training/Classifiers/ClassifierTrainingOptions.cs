using GanPipeline.Data;

namespace GanPipeline.Training;

/// <summary>How a classifier is trained.</summary>
public sealed record ClassifierTrainingOptions
{
    /// <summary>
    /// The training's folder, which receives <c>checkpoints/</c>, <c>options.json</c> and <c>metrics.jsonl</c>, so that a training that was
    /// interrupted goes on; null keeps nothing. One process at a time.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Steps between checkpoints, at least 1.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Passes over the training images, at least 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Images a step, at least 2.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Decides the order of the images.</summary>
    public long Seed { get; init; }

    /// <summary>Mirrors half of the images, left to right.</summary>
    public bool Flip { get; init; }

    /// <summary>Moves each image by up to so many pixels each way, as <see cref="BatchLoaderOptions.RandomCrop"/>.</summary>
    public int RandomCrop { get; init; }

    /// <summary>
    /// Each image lies under Gaussian noise, whose standard deviation is drawn from 0 to this (black is -1, white 1); 0 adds none. A classifier
    /// that has seen clean images alone breaks on a faint grain, which every generator has some of.
    /// </summary>
    public double Noise { get; init; }

    /// <summary>Adam's learning rate at the beginning; it falls to zero along a half cosine.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary><c>auto</c> (CUDA where there is one), <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Processor threads that Torch computes with; 0 is one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Memory in which decoded images may be kept, in bytes; 0 decodes them anew each epoch.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Steps between calls of the observer.</summary>
    public int LogEvery { get; init; } = 50;

    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        Require(Epochs >= 1, $"There is at least 1 epoch; got {Epochs}.");
        Require(CheckpointEvery >= 1, $"There is at least 1 step between checkpoints; got {CheckpointEvery}.");
        Require(RandomCrop >= 0, $"The pixels of a random crop are at least 0; got {RandomCrop}.");
        Require(Noise >= 0 && double.IsFinite(Noise), $"The noise's standard deviation is at least 0; got {Noise}.");
        Require(BatchSize >= 2, $"A batch has at least 2 images; got {BatchSize}.");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), $"A learning rate is above 0; got {LearningRate}.");
        Require(Devices.IsKnown(Device), $"The device is auto, cpu or cuda; got '{Device}'.");
        Require(Threads >= 0, $"The number of threads is at least 0 (all processors); got {Threads}.");
        Require(CacheBytes >= 0, $"The cache's size is at least 0; got {CacheBytes}.");
        Require(LogEvery >= 1, $"There is at least 1 step between log lines; got {LogEvery}.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
