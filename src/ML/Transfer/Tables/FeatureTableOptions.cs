using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>How feature tables are made and read.</summary>
public sealed record FeatureTableOptions
{
    /// <summary>A table of at most so many bytes is held in memory; a larger one is read from disk in every pass.</summary>
    public long MemoryBytes { get; init; } = 2_000_000_000;

    /// <summary>
    /// Whether a table that lies there serves, too, where it holds other images beside those asked for: it is not computed again, and the
    /// caller chooses rows by <see cref="FeatureTable.Images"/>.
    /// </summary>
    public bool AllowMoreImages { get; init; }

    /// <summary>Threads and device of the network; its batch size is not used.</summary>
    public ModelOptions Model { get; init; } = new();
}
