using System.Security.Cryptography;

namespace GanPipeline.Jobs;

/// <summary>What is there of a job, by its checksums.</summary>
/// <param name="Shards">All shards of the job.</param>
/// <param name="Missing">The numbers of those that are not made, or not to their end.</param>
/// <param name="Damaged">Files that are not what was written, or are gone, with the shard's number.</param>
public sealed record JobCheck(long Shards, IReadOnlyList<long> Missing, IReadOnlyList<(long Shard, string File)> Damaged)
{
    /// <summary>Whether all of the job is there, as it was written.</summary>
    public bool IsWhole => Missing.Count == 0 && Damaged.Count == 0;

    /// <summary>Checks a job's folder: reads every file.</summary>
    /// <param name="folder">The folder of all parts.</param>
    /// <param name="checkedShards">Is told after each shard how many were looked at.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="JobException">It holds no job.</exception>
    /// <exception cref="InvalidDataException">Its manifest is damaged.</exception>
    public static JobCheck Of(string folder, Action<long>? checkedShards = null, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var plan = JobFolder.Plan(folder)
            ?? throw new JobException($"'{folder}' holds no shards of a job: it would have a {JobFolder.Manifest}.");
        List<long> missing = [];
        List<(long, string)> damaged = [];
        for (long number = 0; number < plan.Shards; number++)
        {
            stop.ThrowIfCancellationRequested();
            if (ShardRecord.Read(folder, plan.Shard(number)) is { } files)
                damaged.AddRange(files.Where(file => !HasHash(Path.Combine(folder, file.Name), file.Hash))
                    .Select(file => (number, file.Name)));
            else
                missing.Add(number);
            checkedShards?.Invoke(number + 1);
        }
        return new JobCheck(plan.Shards, missing, damaged);
    }

    private static bool HasHash(string path, string hash)
    {
        if (!File.Exists(path)) return false;
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == hash;
    }
}
