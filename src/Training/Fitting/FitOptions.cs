using System.ComponentModel.DataAnnotations;

namespace GanPipeline.Training;

/// <summary>What the trainings by one optimiser share: those of classifiers and of text encoders.</summary>
public abstract record FitOptions
{
    /// <summary>
    /// The training's folder, which receives <c>checkpoints/</c>, <c>options.json</c> and <c>metrics.jsonl</c>, so that a training that was
    /// interrupted goes on; null keeps nothing. One process at a time.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Where to compute: <c>cpu</c>, <c>cuda</c>, or <c>auto</c>, which takes CUDA where there is one.</summary>
    [AllowedValues("auto", "cpu", "cuda")]
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Processor threads that Torch computes with, 0 to 1024; 0 is one for each processor. <c>auto</c> (null): one for each processor, or
    /// fewer where a measurement at the training's start says that steps are faster so: small ones, and any beside other programs. A
    /// training goes on with what it began with.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>Adam's learning rate at the beginning, above 0; it falls to zero along a half cosine.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Moves each image by up to this many pixels, another way in each epoch; 0 to 512 and below the images' side.</summary>
    public int RandomCrop { get; init; }

    /// <summary>
    /// Keeps decoded images in memory if all of them fit into this many megabytes (millions of bytes); 0 decodes them again in each
    /// epoch.
    /// </summary>
    public int CacheMb { get; init; } = 1024;

    /// <summary>Steps between two lines of <c>metrics.jsonl</c>, and between calls of the observer; at least 1.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>Steps between two checkpoints; at least 1.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Finds what is wrong with these options.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; see <see cref="Problems"/>.</exception>
    public void Validate()
    {
        foreach (var (_, problem) in Problems()) throw new ArgumentException(problem);
    }

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public abstract IEnumerable<(string Member, string Problem)> Problems();

    /// <summary>The learning rate of a step, from 0.</summary>
    internal double LearningRateAt(long step, long steps) => LearningRate * (1 + Math.Cos(Math.PI * step / steps)) / 2;

    /// <summary>What is wrong with the options that all of these have.</summary>
    private protected IEnumerable<(string Member, string Problem)> SharedProblems(int epochs, int batchSize, long seed)
    {
        if (epochs is < 1 or > 100_000) yield return ("Epochs", $"There are from 1 to 100,000 epochs; got {epochs}.");
        if (batchSize < 2) yield return ("BatchSize", $"A batch has at least 2 images; got {batchSize}.");
        if (seed < 0) yield return ("Seed", $"A seed is at least 0; got {seed}.");
        if (!Devices.IsKnown(Device)) yield return (nameof(Device), $"The device is auto, cpu or cuda; got '{Device}'.");
        if (Threads is < 0 or > 1024)
            yield return (nameof(Threads), $"The number of threads is from 0 (all processors) to 1024; got {Threads}.");
        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
            yield return (nameof(LearningRate), $"A learning rate is above 0; got {LearningRate}.");
        if (RandomCrop is < 0 or > 512)
            yield return (nameof(RandomCrop), $"The pixels of a random crop are from 0 to 512; got {RandomCrop}.");
        if (CacheMb < 0) yield return (nameof(CacheMb), $"The cache's size is at least 0; got {CacheMb}.");
        if (LogEvery < 1) yield return (nameof(LogEvery), $"There is at least 1 step between log lines; got {LogEvery}.");
        if (CheckpointEvery < 1)
            yield return (nameof(CheckpointEvery), $"There is at least 1 step between checkpoints; got {CheckpointEvery}.");
    }
}
