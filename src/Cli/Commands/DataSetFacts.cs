using System.Security.Cryptography;
using GanPipeline.Data;

namespace GanPipeline.Cli;

/// <summary>What is learnt of a data set by reading every picture once.</summary>
/// <param name="Skipped">The pictures that cannot be used, and why.</param>
/// <param name="Hashes">A hash of each picture's pixels, as a training gets them; null where it cannot be used.</param>
/// <param name="Files">The pictures' files, each once; null where they have none.</param>
/// <param name="PerClass">The pictures of each class.</param>
/// <param name="Duplicates">Pictures with the same pixels, each group by index.</param>
/// <param name="Contradictions">How many of those groups lie under different classes.</param>
internal sealed record DataSetFacts(
    IReadOnlyList<SkippedImage> Skipped,
    IReadOnlyList<string?> Hashes,
    IReadOnlyList<PictureFile>? Files,
    IReadOnlyList<int> PerClass,
    IReadOnlyList<int[]> Duplicates,
    int Contradictions)
{
    public static DataSetFacts Read(IImageSource source, CancellationToken stop)
    {
        var hashes = new string?[source.Count];
        var files = new PictureFile?[source.Count];
        Parallel.For(0, source.Count, new ParallelOptions { CancellationToken = stop }, () => new byte[source.Shape.Size], (i, _, pixels) =>
        {
            if (source.TryRead(i, pixels)) hashes[i] = Convert.ToHexString(SHA256.HashData(pixels));
            files[i] = source.FileOf(i);
            return pixels;
        }, _ => { });
        var perClass = new int[source.Classes.Count];
        for (var i = 0; i < source.Count; i++)
            if (source.Label(i) is >= 0 and var label) perClass[label]++;
        int[][] duplicates =
        [
            .. Enumerable.Range(0, source.Count).Where(i => hashes[i] is not null).GroupBy(i => hashes[i]).Where(same => same.Count() > 1)
                .Select(same => same.ToArray()),
        ];
        return new(source.SkippedImages, hashes, files.Any(f => f is not null) ? [.. files.OfType<PictureFile>().Distinct()] : null,
            perClass, duplicates, duplicates.Count(same => same.Select(source.Label).Distinct().Count() > 1));
    }
}
