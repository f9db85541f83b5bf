namespace GanPipeline.Pipelines;

/// <summary>Everything that decides one pipeline's run, typed and checked. Names are the YAML keys in C#'s spelling.</summary>
internal sealed record PipelineOptions
{
    public const string Gan = "gan";
    public const string Classifier = "classifier";

    public required string Name { get; init; }

    /// <summary>"gan", or "classifier": the small network whose features measure a gan.</summary>
    public required string Kind { get; init; }

    public required string Description { get; init; }
    public required DataSection Data { get; init; }
    public required ArchitectureSection Architecture { get; init; }
    public required ObjectiveSection Objective { get; init; }
    public required TrainSection Train { get; init; }
    public required ExportSection Export { get; init; }
    public required SampleSection Sample { get; init; }
    public required EvaluateSection Evaluate { get; init; }

    /// <summary>Null where the pipeline has no such section, and so no transfer experiment.</summary>
    public ClassifySection? Classify { get; init; }

    public required ReportSection Report { get; init; }
}

/// <param name="Condition">The pictures' attributes that the networks are told, as in [class]; none for an unconditional GAN.</param>
/// <param name="Features">Of a classifier: the numbers that it describes a picture by.</param>
internal sealed record ArchitectureSection(string Name, int Latent, int Filters, double Dropout, IReadOnlyList<string> Condition, int Features)
{
    /// <summary>Of a classifier: the attributes it reads.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Of a classifier: convolutions in each of its three stages.</summary>
    public int Depth { get; init; } = 1;
}

/// <param name="DiscriminatorLearningRate">0 takes the generator's, which is <paramref name="LearningRate"/>.</param>
/// <param name="Average">Share of the past in an averaged generator, as in 0.999; 0 is off.</param>
/// <param name="Epochs">Of a classifier, in place of steps.</param>
internal sealed record TrainSection(string Preset, long Steps, int Epochs, int Batch, long Seed, string Device, int Threads, double LearningRate,
    double DiscriminatorLearningRate, double Beta1, double Beta2, double Average, int LogEvery, int SampleEvery, int Samples, int CheckpointEvery, int KeepCheckpoints)
{
    public static readonly string[] Devices = ["auto", "cpu", "cuda"];
    public static readonly string[] Decays = ["none", "linear", "exponential"];

    /// <summary>How the learning rates fall: "linear" to 0 at the last step.</summary>
    public string LearningRateDecay { get; init; } = Decays[0];

    /// <summary>Steps before they begin to.</summary>
    public long DecayFrom { get; init; }

    /// <summary>Steps in which they halve, where that is exponential.</summary>
    public long DecayHalfLife { get; init; }

    /// <summary>Steps between looks at the generator, of which the best is kept and exported; 0 is none.</summary>
    public int JudgeEvery { get; init; }

    /// <summary>Of a classifier: the most that the standard deviation of noise on its training pictures may be.</summary>
    public double Noise { get; init; }
}

/// <param name="Pixels">Also write generator-pixels.onnx, whose output is bytes.</param>
/// <param name="Calibration">Training pictures that the batch normalisation in features.onnx takes its statistics from.</param>
internal sealed record ExportSection(int Opset, bool Fold, bool Pixels, int Calibration, bool Mirror);

/// <param name="Count">Pictures written as PNG files.</param>
/// <param name="Grid">Pictures in grid.png.</param>
internal sealed record SampleSection(int Count, long Seed, int Grid, int Batch);

/// <param name="Classifier">Absolute path of a folder with a classifier.onnx, or empty: no evaluation.</param>
internal sealed record EvaluateSection(string Classifier, int Samples, long Seed);

/// <param name="LabelsPerClass">Labelled training images of each class in a draw; 0 takes every label, once.</param>
/// <param name="Draws">How many such subsets; all that are compared are trained on the same ones.</param>
/// <param name="Strengths">Regularisations that the search starts with; empty takes the trainer's usual ones.</param>
/// <param name="Validation">The share of the labelled training images on which strengths are compared.</param>
/// <param name="Iterations">The most passes of one training.</param>
/// <param name="MemoryMb">A feature table that takes no more is held in memory; a larger one is read from disk in each pass.</param>
/// <param name="KeepFeatures">Whether the feature tables stay when the classifiers are trained.</param>
internal sealed record ClassifySection(int LabelsPerClass, int Draws, int Seed, string Trainer, IReadOnlyList<double> Strengths, double Validation, int Iterations,
    int MemoryMb, bool KeepFeatures)
{
    public static readonly string[] Trainers = ["logistic-regression", "linear-svm"];
}

/// <param name="Grids">How many of the training's sample grids the page holds, evenly spaced.</param>
internal sealed record ReportSection(string Title, int Grids);
