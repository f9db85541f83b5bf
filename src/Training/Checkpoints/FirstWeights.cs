namespace GanPipeline.Training;

/// <summary>The weights that a training begins with where <see cref="TrainingOptions.From"/> names some.</summary>
internal static class FirstWeights
{
    /// <summary>
    /// The hash of the weights, or null for random ones; of a training that has begun, those that it did begin with where they are there no
    /// more.
    /// </summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static string? Hash(TrainingOptions options)
    {
        if (options.From.Length == 0) return null;
        try
        {
            return Checkpoint.ReadInfo(Find(options.From)).WeightsHash;
        }
        catch (CheckpointException) when (Kept(options.Folder) is not null)
        {
            return Kept(options.Folder)!;
        }
    }

    /// <summary>Fills networks that were not trained yet.</summary>
    /// <exception cref="CheckpointException">There are no such weights, or they belong to networks of another structure.</exception>
    public static void Load(TrainingOptions options, GanNetworks networks)
    {
        if (options.From.Length > 0) Checkpoint.LoadWeights(Find(options.From), networks);
    }

    /// <summary>The checkpoint that a path means: itself, or the best, else the last one, of a training's or a run's folder.</summary>
    private static string Find(string path)
    {
        if (File.Exists(Path.Combine(path, CheckpointFile.InfoName))) return path;
        var training = Directory.Exists(new TrainingFolder(path).Checkpoints) ? path : Path.Combine(path, "train");
        if (!Directory.Exists(new TrainingFolder(training).Checkpoints))
            throw new CheckpointException($"There is no checkpoint in '{path}' to begin with. Name a checkpoint's folder, a training's " +
                "folder with checkpoints/, or a run's folder with train/.");
        return Checkpoint.Best(training)?.Path ?? Checkpoint.Last(training);
    }

    private static string? Kept(string folder) =>
        Checkpoint.ReadIdentity(folder)?.Options.GetValueOrDefault(TrainingIdentity.FromKey);
}
