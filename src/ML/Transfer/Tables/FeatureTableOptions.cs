using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>How feature tables are made and read.</summary>
public sealed record FeatureTableOptions
{
    /// <summary>A table of at most so many bytes is held in memory; a larger one is read from disk in every pass.</summary>
    public long MemoryBytes { get; init; } = 2_000_000_000;

    /// <summary>Threads and device of the network; its batch size is not used.</summary>
    public ModelOptions Model { get; init; } = new();
}
