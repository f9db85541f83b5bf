using System.Globalization;

namespace GanPipeline.Generation;

/// <summary>The images of one shard, as places in the whole job.</summary>
/// <param name="Number">The shard's, from 0.</param>
/// <param name="Begin">The first image.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct ShardRange(long Number, long Begin, long End)
{
    /// <summary>What its files begin with.</summary>
    public string Name => Number.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>The checksums of its files, as <c>sha256sum</c> reads them. The shard is whole where this file is.</summary>
    public string Record => Name + ".sha256";

    public int Count => (int)(End - Begin);

    public static ShardRange Of(JobManifest job, long number) =>
        new(number, number * job.ShardSize, Math.Min((number + 1) * job.ShardSize, job.Total));

    /// <summary>Batches, each of one seed: so many images at once, counted from the shard's beginning.</summary>
    public IEnumerable<BatchRange> Batches(JobManifest job)
    {
        for (var at = Begin; at < End;)
        {
            var (seed, index) = ((int)(at / job.Count), at % job.Count);
            var count = (int)Math.Min(Math.Min(job.BatchSize, End - at), job.Count - index);
            yield return new BatchRange(at, job.Seeds[seed], job.First + index, count);
            at += count;
        }
    }
}

/// <summary>Images that are generated at once.</summary>
/// <param name="Place">The first one's place in the job.</param>
/// <param name="Seed">Of their latents.</param>
/// <param name="First">The first one's index in the seed.</param>
/// <param name="Count">How many.</param>
internal readonly record struct BatchRange(long Place, long Seed, long First, int Count);
