using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>What a <see cref="GenerationJob"/> makes, and where.</summary>
public sealed record GenerationOptions
{
    /// <summary>A generator, as <c>generator.onnx</c>.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The folder for the shards; all parts of a job may share one.</summary>
    public required string Folder { get; init; }

    /// <summary>Images of each seed, at least 1.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Seeds, at least one, none twice: the images of the first, then those of the next.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [0];

    /// <summary>
    /// A NumPy file of latents, float32 or float64 [N, Z], in the place of those of a seed: image i of the job is made from row
    /// <see cref="First"/> + i. Then there is one seed, from which labels are drawn. Null draws latents by seed.
    /// </summary>
    public string? LatentsFile { get; init; }

    /// <summary>Index of the first image of each seed; at least 0.</summary>
    public long First { get; init; }

    /// <summary>What to ask a conditional generator for; see
    /// <see cref="GeneratorModel.Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How images are stored.</summary>
    public ImageShardFormat Format { get; init; } = ImageShardFormat.Png;

    /// <summary>Images of a shard, 1 to 1,000,000, of folders at most 10,000.</summary>
    public int ShardSize { get; init; } = 10_000;

    /// <summary>Which shards this process makes.</summary>
    public JobPart Part { get; init; } = JobPart.Whole;

    /// <summary>
    /// How the model is run. The batch size belongs to the job: ONNX Runtime rounds batches of other sizes otherwise, and then a byte of an
    /// image may differ.
    /// </summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (Count < 1) yield return (nameof(Count), $"A job makes at least 1 image of a seed; got {Count}.");
        if (First < 0) yield return (nameof(First), $"The index of the first image is at least 0; got {First}.");
        if (Seeds.Count == 0) yield return (nameof(Seeds), "A job needs a seed.");
        if (Seeds.Distinct().Count() < Seeds.Count) yield return (nameof(Seeds), "A seed occurs twice.");
        if (LatentsFile is not null && Seeds.Count > 1)
            yield return (nameof(Seeds), $"Latents of a file are of one seed; got {Seeds.Count}.");
        if (LatentsFile is not null && Model.Truncation is not null)
            yield return (nameof(LatentsFile), "Latents of a file are taken as they are; there is nothing to truncate.");
        var most = Format is ImageShardFormat.Png or ImageShardFormat.Jpeg ? 10_000 : 1_000_000;
        if (ShardSize < 1 || ShardSize > most)
            yield return (nameof(ShardSize), $"A shard of {Format} has from 1 to {most:N0} images; got {ShardSize}.");
        if (Count > 0 && Seeds.Count > 0 && (First > long.MaxValue - Count || Count > long.MaxValue / Seeds.Count))
            yield return (nameof(Count), $"There are no so many indices: {Count} from {First} on, of {Seeds.Count} seeds.");
    }
}
