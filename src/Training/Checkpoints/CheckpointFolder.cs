using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// A training's checkpoints, <c>step-NNNNNNNNNN</c> each. One is written under a temporary name and renamed when it is whole, and leaves
/// by being renamed before it is deleted, so that a folder of the final name is whole whenever the process is killed.
/// </summary>
internal sealed class CheckpointFolder(string path)
{
    private const string TemporarySuffix = ".tmp";
    private const string DamagedSuffix = ".damaged";

    /// <summary>The folders of all checkpoints, the last one first.</summary>
    public IEnumerable<string> Newest() => Directory.Exists(path)
        ? Directory.EnumerateDirectories(path).Where(folder => TrainingFolder.StepOf(folder) is not null)
            .OrderDescending(StringComparer.Ordinal)
        : [];

    /// <summary>The folder of the checkpoint of a step, whether there is one or not.</summary>
    public string PathOf(long step) => Path.Combine(path, TrainingFolder.StepName(step));

    /// <summary>The step of a checkpoint's folder.</summary>
    public static long StepOf(string checkpoint) => TrainingFolder.StepOf(checkpoint)!.Value;

    /// <summary>Continues from the last whole checkpoint, if there is one; damaged ones after it are set aside.</summary>
    /// <param name="identity">The training that continues.</param>
    /// <param name="load">Takes the state out of the weights' file, whose path is its second argument.</param>
    /// <param name="warned">Is told of each checkpoint that was set aside, and why.</param>
    /// <returns>Null where there is no checkpoint.</returns>
    /// <exception cref="CheckpointException">It is of another training, or none is whole.</exception>
    public CheckpointInfo? Resume(TrainingIdentity identity, Action<CheckpointInfo, SafeTensorsFile, string> load, Action<string>? warned)
    {
        Clean();
        var damaged = new List<(string Path, string Reason)>();
        foreach (var checkpoint in Newest().ToArray())
        {
            CheckpointInfo info;
            SafeTensorsFile weights;
            try
            {
                info = CheckpointFile.ReadInfo(checkpoint);
                weights = CheckpointFile.OpenWeights(checkpoint, info);
            }
            catch (CheckpointException e)
            {
                damaged.Add((checkpoint, e.Message));
                continue;
            }
            using (weights)
            {
                if (identity.DifferenceFrom(TrainingIdentity.Of(info.Options)) is { } difference)
                    throw new CheckpointException(
                        $"The checkpoint '{checkpoint}' is of another training: {difference}. " +
                        $"Use its options, another folder, or start over.");
                load(info, weights, Path.Combine(checkpoint, CheckpointFile.WeightsName));
            }
            foreach (var (other, reason) in damaged)
            {
                SetAside(other);
                warned?.Invoke($"{reason} It was set aside; training continues from step {info.Step}.");
            }
            return info;
        }
        if (damaged.Count == 0) return null;
        throw new CheckpointException(
            $"No checkpoint of this training is whole, so it cannot continue; start over, or delete '{path}'. {damaged[0].Reason}");
    }

    /// <summary>Writes a checkpoint, then deletes all but the last few.</summary>
    /// <exception cref="TrainingException">It cannot be written; nothing is left of it.</exception>
    public string Write(CheckpointInfo info, IReadOnlyList<(string Name, Tensor Value)> tensors, int keep = int.MaxValue)
    {
        var target = PathOf(info.Step);
        var temporary = TemporaryName(path, info.Step);
        try
        {
            Directory.CreateDirectory(temporary);
            CheckpointFile.Write(temporary, info, tensors);
            if (Directory.Exists(target)) Remove(target);
            Directory.Move(temporary, target);
            foreach (var old in Newest().Skip(keep).ToArray()) Remove(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new TrainingException($"Cannot write the checkpoint '{target}': {e.Message}", e);
        }
        return target;
    }

    /// <summary>Deletes what a killed process left half-written.</summary>
    public void Clean()
    {
        if (!Directory.Exists(path)) return;
        foreach (var left in Directory.EnumerateDirectories(path, $".{TrainingFolder.StepPrefix}*{TemporarySuffix}").ToArray())
            TryDelete(left);
    }

    /// <summary>Takes a damaged checkpoint out of the row of whole ones, and keeps it for whoever wants to look at it.</summary>
    private static void SetAside(string checkpoint)
    {
        var aside = checkpoint + DamagedSuffix;
        if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        Directory.Move(checkpoint, aside);
    }

    public void DeleteAll()
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    /// <summary>Deletes a checkpoint.</summary>
    public static void Remove(string checkpoint)
    {
        var leaving = TemporaryName(Path.GetDirectoryName(checkpoint)!, 0);
        Directory.Move(checkpoint, leaving);
        Directory.Delete(leaving, recursive: true);
    }

    private static string TemporaryName(string folder, long step) =>
        Path.Combine(folder, $".{TrainingFolder.StepName(step)}.{Guid.NewGuid():N}{TemporarySuffix}");

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has a name that nothing reads; the next training in this folder tries again.
        }
    }
}
