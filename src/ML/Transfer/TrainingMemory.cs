namespace GanPipeline.ML;

/// <summary>Whether rows that classifiers are trained on may lie in memory, beside the feature tables.</summary>
internal static class TrainingMemory
{
    /// <summary>The part of the machine's memory that may be taken; the rest is for other programs.</summary>
    private const double Share = 0.8;

    /// <summary>Whether rows of some bytes fit twice: those of one training may not have been collected when the next one begins.</summary>
    public static bool Holds(long bytes, FeatureTable train, FeatureTable test) =>
        Holds(bytes, (long)(Share * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) - train.MemoryBytes - test.MemoryBytes);

    internal static bool Holds(long bytes, long free) => bytes <= free / 2;
}
