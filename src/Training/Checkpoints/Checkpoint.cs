namespace GanPipeline.Training;

/// <summary>Reads the checkpoints of trainings.</summary>
public static class Checkpoint
{
    /// <summary>
    /// The best generator of a training that was evaluated, as of its last whole checkpoint: a folder that <see cref="LoadNetworks"/>
    /// takes. The discriminator in it is that of the same step.
    /// </summary>
    /// <param name="trainingFolder">The folder that <see cref="TrainingOptions.Folder"/> named.</param>
    /// <returns>Its folder, and what its <see cref="CheckpointInfo.Best"/> says; null where no generator was evaluated.</returns>
    /// <exception cref="CheckpointException">There is no checkpoint, or none is whole.</exception>
    public static (string Path, EvaluatedGenerator Evaluated)? Best(string trainingFolder) =>
        ReadInfo(Last(trainingFolder)).Best is { } best
        ? (new CheckpointFolder(new TrainingFolder(trainingFolder).Best).PathOf(best.Step), best)
        : null;

    /// <summary>The last whole checkpoint of a training.</summary>
    /// <param name="trainingFolder">The folder that <see cref="TrainingOptions.Folder"/> named.</param>
    /// <exception cref="CheckpointException">There is none, or none is whole.</exception>
    public static string Last(string trainingFolder)
    {
        var folder = new TrainingFolder(trainingFolder).Checkpoints;
        CheckpointException? damage = null;
        foreach (var checkpoint in new CheckpointFolder(folder).Newest())
        {
            try
            {
                CheckpointFile.OpenWeights(checkpoint, CheckpointFile.ReadInfo(checkpoint)).Dispose();
                return checkpoint;
            }
            catch (CheckpointException e)
            {
                damage ??= e;
            }
        }
        throw damage is null
            ? new CheckpointException($"There is no checkpoint in '{folder}': nothing was trained there yet.")
            : new CheckpointException($"No checkpoint in '{folder}' is whole. The last one: {damage.Message}", damage);
    }

    /// <summary>
    /// Which training a folder belongs to: what its last readable checkpoint says, else <see cref="TrainingFolder.ReadIdentity"/>. Null
    /// where no training was begun in it, or where that cannot be read.
    /// </summary>
    /// <param name="trainingFolder">The folder that <see cref="TrainingOptions.Folder"/> named.</param>
    public static TrainingIdentity? ReadIdentity(string trainingFolder)
    {
        var folder = new TrainingFolder(trainingFolder);
        foreach (var checkpoint in new CheckpointFolder(folder.Checkpoints).Newest())
        {
            try
            {
                return TrainingIdentity.Of(CheckpointFile.ReadInfo(checkpoint).Options);
            }
            catch (CheckpointException)
            {
                // An earlier one may say it.
            }
        }
        return folder.ReadIdentity();
    }

    /// <summary>What a checkpoint says of itself.</summary>
    /// <param name="checkpointFolder">The checkpoint's own folder, <c>step-...</c>.</param>
    /// <exception cref="CheckpointException">There is no checkpoint, or it is damaged.</exception>
    public static CheckpointInfo ReadInfo(string checkpointFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpointFolder);
        return CheckpointFile.ReadInfo(checkpointFolder);
    }

    /// <summary>
    /// Builds the networks of a checkpoint, on the CPU and in evaluation mode. Where the training kept an averaged generator, that is the
    /// generator.
    /// </summary>
    /// <param name="checkpointFolder">The checkpoint's own folder, <c>step-...</c>.</param>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or its architecture is not one of
    /// <see cref="Architectures.Names"/>; then <see cref="LoadWeights"/> fills networks that the caller builds.</exception>
    public static GanNetworks LoadNetworks(string checkpointFolder)
    {
        var architecture = ReadInfo(checkpointFolder).Architecture;
        GanNetworks networks;
        try
        {
            networks = Architectures.Create(architecture);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException($"The architecture of '{checkpointFolder}' cannot be built: {e.Message}", e);
        }
        try
        {
            LoadWeights(checkpointFolder, networks);
        }
        catch
        {
            networks.Dispose();
            throw;
        }
        networks.Generator.eval();
        networks.Discriminator.eval();
        return networks;
    }

    /// <summary>Fills networks, of any origin, with a checkpoint's weights; the averaged generator's where there is one.</summary>
    /// <param name="checkpointFolder">The checkpoint's own folder, <c>step-...</c>.</param>
    /// <param name="networks">Networks of the structure that the checkpoint was written from, on any device.</param>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged, or it belongs to networks of another
    /// structure.</exception>
    public static void LoadWeights(string checkpointFolder, GanNetworks networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var info = ReadInfo(checkpointFolder);
        using var file = CheckpointFile.OpenWeights(checkpointFolder, info);
        TrainingState.Load(file, Path.Combine(checkpointFolder, CheckpointFile.WeightsName),
        [
            .. TrainingState.Of(info.Averaged ? TrainingState.Average : TrainingState.Generator, networks.Generator),
            .. TrainingState.Of(TrainingState.Discriminator, networks.Discriminator),
        ]);
        (networks.Generator as GrowingGenerator)?.RestoreGrowth();
    }
}
