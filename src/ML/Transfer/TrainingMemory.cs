namespace GanPipeline.ML;

/// <summary>
/// How much of a machine's memory trainings may take. ML.NET's trainers copy the rows that they train on into memory (its
/// <c>CacheDataView</c>), and logistic regression on several threads copies them once more.
/// </summary>
internal static class TrainingMemory
{
    /// <summary>The rest is for the program and for other programs.</summary>
    private const double Share = 0.8;

    /// <summary>The bytes left beside two tables; 0 or less is none.</summary>
    public static long Free(FeatureTable train, FeatureTable test) =>
        (long)(Share * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) - train.MemoryBytes - test.MemoryBytes;

    /// <summary>How many trainings of one thread may run at the same time: at least 1.</summary>
    /// <param name="most">No more than these.</param>
    /// <param name="bytes">The size of the rows of each.</param>
    /// <param name="free">What they may take.</param>
    public static int SideBySide(int most, long bytes, long free) => (int)Math.Clamp(free / Math.Max(1, bytes), 1, most);

    /// <summary>
    /// The threads of a search for the strength on all rows: of logistic regression those of a training, of support vector machines, which
    /// take one, trainings at the same time. At least 1.
    /// </summary>
    /// <param name="trainer">Which of them.</param>
    /// <param name="most">No more than these.</param>
    /// <param name="bytes">The size of the rows.</param>
    /// <param name="free">What the search may take.</param>
    public static int Threads(LinearTrainer trainer, int most, long bytes, long free)
    {
        if (trainer == LinearTrainer.LinearSvm) return SideBySide(most, bytes, free);
        return SideBySide(2, bytes, free) == 2 ? most : 1;
    }
}
