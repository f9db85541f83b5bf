namespace GanPipeline.Data;

/// <summary>The captions of the pictures of a folder or archive, from text files or a table.</summary>
internal sealed class PictureCaptions
{
    private readonly Dictionary<string, string[]> _captions;
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);

    private PictureCaptions(Dictionary<string, string[]> captions)
    {
        _captions = captions;
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (path, lines) in captions)
        {
            var text = string.Join('\n', lines);
            groups.TryAdd(text, groups.Count);
            _groups.Add(path, groups[text]);
        }
    }

    /// <summary>Whether a picture, by its path, has captions.</summary>
    public bool Has(string path) => _captions.ContainsKey(path);

    /// <summary>The captions of a picture that has some.</summary>
    public IReadOnlyList<string> Of(string path) => _captions[path];

    /// <summary>A number that pictures with the same captions share.</summary>
    public int Group(string path) => _groups[path];

    /// <summary>Reads the captions that the options ask for; null where they ask for none.</summary>
    /// <param name="files">The folder or archive of the pictures.</param>
    /// <param name="all">The paths of all pictures, whichever split they are of.</param>
    /// <param name="chosen">Those of the split.</param>
    /// <param name="options">Where the captions are.</param>
    /// <param name="leftOut">
    /// Loses the files that are captions; receives pictures of the split without captions, and captions that have no picture or cannot be
    /// read.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DataSetException">
    /// The table or folder of captions is missing or damaged, no picture of the split has captions, or captions fit several pictures.
    /// </exception>
    public static PictureCaptions? Read(FileSet files, string[] all, string[] chosen, DataOptions options, List<SkippedImage> leftOut,
        CancellationToken cancellationToken)
    {
        if (options.Captions == DataOptions.NoCaptions) return null;
        Dictionary<string, string[]> captions;
        if (options.Captions == DataOptions.CaptionTable)
        {
            captions = CaptionTable.Read(options.CaptionFiles!, cancellationToken).Match(all, leftOut);
        }
        else if (options.CaptionFiles is { } folder)
        {
            using var texts = FileSet.Open(folder, cancellationToken);
            captions = new CaptionTexts(texts, []).Match(all, [.. chosen], leftOut, cancellationToken);
        }
        else
        {
            captions = new CaptionTexts(files, all).Match(all, [.. chosen], leftOut, cancellationToken);
        }
        string[] without = [.. chosen.Where(path => !captions.ContainsKey(path))];
        if (without.Length == chosen.Length)
            throw new DataSetException($"None of the {chosen.Length} pictures of {options.Path} in the split {options.Split} has captions" +
                (options.CaptionFiles is { } path ? $" in {path}" : "") + $"; for example {chosen[0]}. " +
                (options.Captions == DataOptions.CaptionTable
                    ? "The table's column of files must hold their names, with their endings."
                    : "A text file is named as its picture, but ends in .txt, and holds a caption in each line, in UTF-8."));
        var told = leftOut.Select(left => left.File).ToHashSet();
        leftOut.AddRange(without.Where(path => !told.Contains(path)).Select(path => new SkippedImage(path, Reasons.NoCaptions)));
        return new(captions);
    }
}
