using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>The pipeline's options as the libraries take them: the one place where names meet.</summary>
internal static class Adapters
{
    public static DataOptions Data(DataSection d, string split) => new()
    {
        Kind = d.Kind,
        Path = d.Path.Length > 0 ? d.Path : null,
        Split = split,
        Size = d.Size,
        Channels = d.Channels,
        // The bricks world's test part is of a size of its own; count is the training's.
        Count = split == "train" ? d.Count : 0,
        Seed = d.Seed,
        Fit = d.Fit,
        Crop = d.Crop,
        Classes = d.Classes,
        Attributes = d.Attributes.Length > 0 ? d.Attributes : null,
        Partition = d.Partition.Length > 0 ? d.Partition : null,
        LeaveOutMissing = d.Missing == "leave-out",
        Limit = d.Limit,
        HoldOut = d.HoldOut,
        MaxPixels = d.MaxPixels,
        Bricks = d.Bricks,
    };

    public static ArchitectureOptions Architecture(PipelineOptions o, ImageShape shape, LabelLayout? labels) => new()
    {
        Name = o.Architecture.Name,
        Shape = shape,
        LabelSize = labels?.Size ?? 0,
        LatentSize = o.Architecture.Latent,
        Filters = o.Architecture.Filters,
        Dropout = o.Architecture.Dropout,
    };

    public static ObjectiveOptions Objective(ObjectiveSection o) => new()
    {
        Name = o.Loss,
        Saturating = o.GeneratorLoss == "saturating",
        RealTarget = 1 - o.LabelSmoothing,
        RealNoise = o.LabelNoise,
        GeneratedNoise = o.GeneratedLabelNoise,
        LabelFlips = o.LabelFlips,
        SumHalves = o.DiscriminatorLoss == "sum",
        GradientPenalty = o.GradientPenalty,
        R1 = o.R1,
        R1Every = o.R1Every,
    };

    public static TrainingOptions Training(PipelineOptions o, string folder, LabelLayout? labels) => new()
    {
        Folder = folder,
        Steps = o.Train.Steps,
        BatchSize = o.Train.Batch,
        Seed = o.Train.Seed,
        Device = o.Train.Device,
        Threads = o.Train.Threads,
        Labels = labels,
        Objective = Objective(o.Objective),
        CriticSteps = o.Objective.CriticSteps,
        SpectralNormalization = o.Objective.SpectralNormalization,
        InstanceNoise = o.Objective.InstanceNoise,
        InstanceNoiseSteps = o.Objective.InstanceNoiseSteps,
        Augmentation = new AugmentationOptions
        {
            Kinds = o.Objective.Augment.Aggregate(Augmentations.None, (kinds, name) => kinds | Enum.Parse<Augmentations>(name, ignoreCase: true)),
            Probability = o.Objective.AugmentProbability,
            Target = o.Objective.AugmentTarget,
            Images = o.Objective.AugmentImages,
        },
        LearningRateDecay = Enum.Parse<LearningRateDecay>(o.Train.LearningRateDecay, ignoreCase: true),
        DecayFrom = o.Train.DecayFrom,
        DecayHalfLife = o.Train.DecayHalfLife,
        GeneratorBatch = o.Objective.GeneratorBatch == "shared" ? GeneratorBatch.Reused : GeneratorBatch.Fresh,
        Updates = o.Objective.Updates == "together" ? UpdateOrder.Together : UpdateOrder.Alternating,
        GeneratorLearningRate = o.Train.LearningRate,
        DiscriminatorLearningRate = o.Train.DiscriminatorLearningRate > 0 ? o.Train.DiscriminatorLearningRate : o.Train.LearningRate,
        Beta1 = o.Train.Beta1,
        Beta2 = o.Train.Beta2,
        AverageDecay = o.Train.Average,
        Flip = o.Data.Flip,
        RandomCrop = o.Data.RandomCrop,
        CacheBytes = o.Data.CacheMb * 1_000_000L,
        Workers = o.Data.Workers,
        JudgeEvery = o.Train.JudgeEvery,
        LogEvery = o.Train.LogEvery,
        SampleEvery = o.Train.SampleEvery,
        SampleCount = o.Train.Samples,
        CheckpointEvery = o.Train.CheckpointEvery,
        KeepCheckpoints = o.Train.KeepCheckpoints,
    };

    public static ClassifierOptions Classifier(PipelineOptions o, IImageSource source) => new()
    {
        Shape = source.Shape,
        Fields = source.SelectLabels(o.Architecture.Reads).Fields,
        FeatureCount = o.Architecture.Features,
        Filters = o.Architecture.Filters,
        Depth = o.Architecture.Depth,
    };

    public static ClassifierTrainingOptions ClassifierTraining(PipelineOptions o, string folder) => new()
    {
        Folder = folder,
        CheckpointEvery = o.Train.CheckpointEvery,
        Flip = o.Data.Flip,
        RandomCrop = o.Data.RandomCrop,
        Noise = o.Train.Noise,
        Epochs = o.Train.Epochs,
        BatchSize = o.Train.Batch,
        Seed = o.Train.Seed,
        LearningRate = o.Train.LearningRate,
        Device = o.Train.Device,
        Threads = o.Train.Threads,
        CacheBytes = o.Data.CacheMb * 1_000_000L,
        LogEvery = o.Train.LogEvery,
    };

    /// <summary>How models are written, and what they say about where they come from.</summary>
    public static ExportOptions Export(RunContext run, string dataSet) => new()
    {
        Opset = run.Options.Export.Opset,
        FoldBatchNormalization = run.Options.Export.Fold,
        Metadata = new Dictionary<string, string>
        {
            [ModelMetadata.Pipeline] = run.Options.Name,
            [ModelMetadata.Architecture] = run.Options.Architecture.Name,
            [ModelMetadata.DataSet] = dataSet,
            [ModelMetadata.TrainingSteps] = (run.Summary.Metrics<TrainedSteps>("train")?.Steps ?? 0).ToString(CultureInfo.InvariantCulture),
            [ModelMetadata.TrainingHash] = run.Summary.Hash("train") ?? "",
            [ModelMetadata.Version] = About.Version,
        },
    };
}
