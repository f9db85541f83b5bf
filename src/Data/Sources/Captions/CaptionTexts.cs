using System.Text;

namespace GanPipeline.Data;

/// <summary>
/// Captions in text files, a line each. A picture's text has its name but for the ending: beside it, or in a folder without pictures, as
/// <c>text/class_1/image_1.txt</c> of <c>jpg/image_1.jpg</c> (Oxford-102 and CUB as Reed et al. 2016 prepared them). Of several texts of
/// one name, the one whose path ends most like the picture's is taken; of several that end alike, none.
/// </summary>
/// <param name="texts">Where the texts lie.</param>
/// <param name="among">The pictures' paths where the texts lie among them, else none.</param>
internal sealed class CaptionTexts(FileSet texts, string[] among)
{
    private const string Ending = ".txt";
    private const long MostBytes = 1 << 20;
    private const int Beside = int.MaxValue;

    private readonly HashSet<string> _pictured = among.Select(FolderOf).ToHashSet(ComposedText.Comparer);

    /// <summary>Finds and reads the texts of pictures.</summary>
    /// <param name="all">The paths of all pictures.</param>
    /// <param name="chosen">Those whose texts are read.</param>
    /// <param name="leftOut">Loses the files that are captions, and receives those that are no picture's or cannot be used.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>By the pictures' paths; of those that have captions.</returns>
    /// <exception cref="DataSetException">A text fits several pictures.</exception>
    public Dictionary<string, string[]> Match(string[] all, HashSet<string> chosen, List<SkippedImage> leftOut,
        CancellationToken cancellationToken)
    {
        FileEntry[] entries = [.. texts.Entries.Where(IsText)];
        var byName = entries.ToLookup(entry => Path.GetFileName(Stem(entry.Path)), ComposedText.Comparer);
        var claims = all.Select(picture => Nearest(byName[Path.GetFileName(Stem(picture))], picture)).OfType<Claim>()
            .GroupBy(claim => claim.Text).ToArray();
        var problems = entries.Except(claims.Select(claim => claim.Key)).ToDictionary(entry => entry.Path, _ => Reasons.NoPictureOfText);
        var captions = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var claim in claims)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var most = claim.Max(c => c.Common);
            string[] owners = [.. claim.Where(c => c.Common == most).Select(c => c.Picture)];
            if (owners.Length > 1)
                throw new DataSetException($"The captions {claim.Key.Path} fit both {owners[0]} and {owners[1]}. Put them beside their " +
                    "pictures, or into folders of the same names.");
            if (!chosen.Contains(owners[0])) continue;
            if (Read(claim.Key, out var problem) is { } lines) captions.Add(owners[0], lines);
            else problems.Add(claim.Key.Path, problem!);
        }
        var paths = entries.Select(entry => entry.Path).ToHashSet();
        leftOut.RemoveAll(left => paths.Contains(left.File));
        leftOut.AddRange(problems.Select(problem => new SkippedImage(problem.Key, problem.Value)));
        return captions;
    }

    private Claim? Nearest(IEnumerable<FileEntry> named, string picture)
    {
        var stem = Stem(picture);
        Claim[] claims = [.. named.Select(text => new Claim(text, picture, CommonParts(Stem(text.Path), stem)))
            .Where(claim => claim.Common == Beside || !_pictured.Contains(FolderOf(claim.Text.Path)))
            .OrderByDescending(claim => claim.Common).Take(2)];
        // Of two that are equally near, either may be meant.
        return claims.Length == 2 && claims[0].Common == claims[1].Common ? null : claims.FirstOrDefault();
    }

    /// <summary>How many of the last parts of two paths are the same.</summary>
    private static int CommonParts(string a, string b) => ComposedText.Comparer.Equals(a, b) ? Beside
        : a.Split('/').Reverse().Zip(b.Split('/').Reverse()).TakeWhile(p => ComposedText.Comparer.Equals(p.First, p.Second)).Count();

    private string[]? Read(in FileEntry entry, out string? problem)
    {
        problem = entry.Length > MostBytes ? Reasons.LongText : null;
        if (problem is not null) return null;
        try
        {
            using var bytes = texts.Read(entry);
            using var reader = new StreamReader(bytes.AsStream(), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var text = reader.ReadToEnd();
            string[] lines = [.. CaptionTable.Lines(text)];
            problem = text.Contains('\0', StringComparison.Ordinal) ? Reasons.NoText : lines.Length == 0 ? Reasons.NoCaptionText : null;
            return problem is null ? lines : null;
        }
        catch (DecoderFallbackException)
        {
            problem = Reasons.NotUtf8;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problem = Reasons.CannotOpen(e.Message);
        }
        return null;
    }

    private static bool IsText(FileEntry entry) =>
        Path.GetExtension(entry.Path).Equals(Ending, StringComparison.OrdinalIgnoreCase) && !FileNames.IsHidden(entry.Path.Split('/'));

    private static string Stem(string path) => path[..^Path.GetExtension(path).Length];

    private static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private sealed record Claim(FileEntry Text, string Picture, int Common);
}
