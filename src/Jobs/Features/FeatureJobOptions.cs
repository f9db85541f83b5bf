using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>What a <see cref="FeatureJob"/> makes, and where.</summary>
public sealed record FeatureJobOptions
{
    /// <summary>A model of images, as <c>features.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Which of its outputs: <c>features</c>, a classifier's <c>logits</c>, a discriminator's <c>logit</c>.</summary>
    public string Output { get; init; } = FeatureModel.DefaultOutput;

    /// <summary>The folder for the shards; all parts of a job may share one.</summary>
    public required string Folder { get; init; }

    /// <summary>How features are stored.</summary>
    public FeatureShardFormat Format { get; init; } = FeatureShardFormat.Npy;

    /// <summary>Images of a shard, 1 to 1,000,000.</summary>
    public int ShardSize { get; init; } = 10_000;

    /// <summary>Which shards this process makes.</summary>
    public JobPart Part { get; init; } = JobPart.Whole;

    /// <summary>
    /// How the model is run. The batch size belongs to the job: ONNX Runtime rounds batches of other sizes otherwise, and then the last bit
    /// of a feature may differ.
    /// </summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (ShardSize is < 1 or > 1_000_000) yield return (nameof(ShardSize), $"A shard has from 1 to 1,000,000 images; got {ShardSize}.");
        if (!Enum.IsDefined(Format)) yield return (nameof(Format), $"There is no format {Format}.");
    }
}
