using System.Globalization;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// A training's checkpoints, <c>step-NNNNNNNNNN</c> each. One is written under a temporary name and renamed when it is whole, and leaves
/// by being renamed before it is deleted, so that a folder of the final name is whole whenever the process is killed.
/// </summary>
internal sealed class CheckpointFolder(string path)
{
    private const string Prefix = "step-";
    private const string TemporarySuffix = ".tmp";
    private const string DamagedSuffix = ".damaged";

    public static string StepName(long step) => Prefix + step.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>The folders of all checkpoints, the last one first.</summary>
    public IEnumerable<string> Newest() => Directory.Exists(path)
        ? Directory.EnumerateDirectories(path, Prefix + "*").Where(IsCheckpoint).OrderDescending(StringComparer.Ordinal)
        : [];

    /// <summary>The folder of the checkpoint of a step, whether there is one or not.</summary>
    public string PathOf(long step) => Path.Combine(path, StepName(step));

    /// <summary>The step of a checkpoint's folder.</summary>
    public static long StepOf(string checkpoint) => long.Parse(Path.GetFileName(checkpoint).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

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
        foreach (var left in Directory.EnumerateDirectories(path, "." + Prefix + "*" + TemporarySuffix).ToArray()) TryDelete(left);
    }

    /// <summary>Takes a damaged checkpoint out of the row of whole ones, and keeps it for whoever wants to look at it.</summary>
    public static void SetAside(string checkpoint)
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

    private static string TemporaryName(string folder, long step) => Path.Combine(folder, $".{StepName(step)}.{Guid.NewGuid():N}{TemporarySuffix}");

    private static bool IsCheckpoint(string folder) => long.TryParse(Path.GetFileName(folder).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

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
