using System.Globalization;

namespace GanPipeline.Jobs;

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
}

/// <summary>Images that enter the network at once.</summary>
/// <param name="Place">The first one's place in the job.</param>
/// <param name="Count">How many.</param>
internal readonly record struct BatchRange(long Place, int Count);
