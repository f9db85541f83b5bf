namespace GanPipeline.Jobs;

/// <summary>How far a process is with its part of a job.</summary>
/// <param name="Done">Images that are made or were there.</param>
/// <param name="Total">Images of the part.</param>
/// <param name="ImagesPerSecond">Of those made in this run; 0 before the first.</param>
public readonly record struct JobProgress(long Done, long Total, double ImagesPerSecond)
{
    /// <summary>How long the rest takes at this pace; null where that is not known.</summary>
    public TimeSpan? Left => ImagesPerSecond > 0 ? TimeSpan.FromSeconds((Total - Done) / ImagesPerSecond) : null;
}

/// <summary>What a run of a job made.</summary>
/// <param name="Images">Images that were made.</param>
/// <param name="Shards">Shards that were made.</param>
/// <param name="Kept">Shards that were whole already.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record JobResult(long Images, long Shards, long Kept, double Seconds);
