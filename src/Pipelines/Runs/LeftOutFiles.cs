using GanPipeline.Data;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>Tells which files among the pictures were not taken for pictures, before hours are spent without them.</summary>
internal static class LeftOutFiles
{
    private const string List = "train/left-out.txt";
    private const int ShownReasons = 5, ShownNames = 3;

    /// <summary>Shows the counts, and names every file in the run's folder.</summary>
    public static void Tell(RunContext run, IImageSource source)
    {
        var files = source.LeftOutFiles;
        if (files.Count == 0) return;
        AtomicFile.WriteAllText(run.Folder[List], string.Concat(files.Select(file => $"{file.File}: {file.Reason}\n")));
        run.Display.Note($"{Heading(files)} {List} names all.");
        foreach (var line in Lines(files)) run.Display.Note("  " + line);
        run.Logger.LogWarning("{Count} left out; {List} names all.", TextFormat.Count(files.Count, "file"), List);
    }

    /// <summary>"12 files that lie among the pictures are left out."</summary>
    public static string Heading(IReadOnlyList<SkippedImage> files) => files.Count == 1
        ? "1 file that lies among the pictures is left out."
        : $"{TextFormat.Count(files.Count)} files that lie among the pictures are left out.";

    /// <summary>A line for each reason, the most frequent first: "12: files named .txt are not looked at (1.txt, 2.txt, ...)".</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<SkippedImage> files)
    {
        var reasons = files.GroupBy(file => file.Reason).OrderByDescending(group => group.Count()).ToList();
        foreach (var reason in reasons.Take(ShownReasons))
        {
            var names = string.Join(", ", reason.Take(ShownNames).Select(file => TextFormat.Shorten(file.File)));
            yield return $"{TextFormat.Count(reason.Count())}: {reason.Key} ({names}{(reason.Count() > ShownNames ? ", ..." : "")})";
        }
        if (reasons.Count > ShownReasons)
            yield return $"{TextFormat.Count(reasons.Skip(ShownReasons).Sum(reason => reason.Count()))}: other reasons";
    }
}
