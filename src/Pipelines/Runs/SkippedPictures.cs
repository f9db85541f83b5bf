using GanPipeline.Data;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>Tells which pictures could not be used, as soon as a training comes upon them, and names them in the run's folder.</summary>
internal sealed class SkippedPictures(RunContext run, IImageSource source)
{
    private const string List = "train/skipped.txt";

    private int _told;

    /// <summary>Tells of new ones: of the first, and then each time that there are twice as many.</summary>
    public void Tell()
    {
        if (source.Skipped is > 0 and var count && count >= 2 * _told) Tell(count, " so far");
    }

    /// <summary>Tells all, when every picture that a training reads was read.</summary>
    public void Finish()
    {
        if (source.Skipped is > 0 and var count && count > _told) Tell(count, "");
    }

    private void Tell(int count, string when)
    {
        _told = count;
        var skipped = source.SkippedImages;
        AtomicFile.WriteAllText(run.Folder[List], string.Concat(skipped.Select(s => $"{s.File}: {s.Reason}\n")));
        run.Logger.LogWarning(
            "{Count} could not be used{When} and {Verb} left out ({File}: {Reason}); {List} names all.",
            TextFormat.Count(count, "picture"), when, count == 1 ? "is" : "are", TextFormat.Shorten(skipped[0].File), skipped[0].Reason,
            List);
    }
}
