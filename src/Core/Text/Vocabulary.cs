namespace GanPipeline;

/// <summary>A word of a text that a vocabulary lacks.</summary>
/// <param name="Word">The word, lower-cased; of a vocabulary of characters, the character.</param>
/// <param name="Nearest">The known word that is written most alike, which may be what was meant; null where none is near.</param>
public sealed record UnknownWord(string Word, string? Nearest);

/// <summary>
/// The words or characters that a text encoder knows, each with a number, its id. Texts are lower-cased, whatever their alphabet, and
/// accents written as characters of their own are joined with their letters. Id 0 is padding, id 1 stands for all that is unknown.
/// </summary>
public sealed partial class Vocabulary
{
    /// <summary>The id behind a text's end.</summary>
    public const int Padding = 0;

    /// <summary>The id of what the vocabulary lacks.</summary>
    public const int Unknown = 1;

    private const int FirstToken = 2;

    private readonly Dictionary<string, int> _ids;

    private Vocabulary(TextUnit unit, int length, IReadOnlyList<string> tokens)
    {
        (Unit, Length, Tokens) = (unit, length, tokens);
        _ids = tokens.Select((token, i) => (token, i)).ToDictionary(t => t.token, t => FirstToken + t.i, StringComparer.Ordinal);
    }

    /// <summary>Whether tokens are words or characters.</summary>
    public TextUnit Unit { get; }

    /// <summary>L, the ids that each text is cut or padded to.</summary>
    public int Length { get; }

    /// <summary>The known tokens, the most frequent first; the id of the first one is 2.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The number of ids: that of the tokens, padding and unknown.</summary>
    public int Size => FirstToken + Tokens.Count;

    /// <summary>Builds a vocabulary of the tokens that occur in texts.</summary>
    /// <param name="texts">The texts, such as all captions to train with; read once.</param>
    /// <param name="options">Words or characters, and how many; null means all defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or no token occurs often enough.</exception>
    public static Vocabulary Build(IEnumerable<string> texts, VocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new();
        foreach (var (_, problem) in options.Problems()) throw new ArgumentException(problem, nameof(options));
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var longest = 0;
        foreach (var text in texts)
        {
            var tokens = Tokenizer.Split(text, options.Unit);
            longest = Math.Max(longest, tokens.Count);
            foreach (var token in tokens) counts[token] = counts.GetValueOrDefault(token) + 1;
        }
        string[] kept =
        [
            .. counts.Where(c => c.Value >= options.MinimumCount).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
                .Take(options.MaximumSize - FirstToken).Select(c => c.Key),
        ];
        if (kept.Length == 0)
            throw new ArgumentException(counts.Count == 0 ? "The texts have no words to build a vocabulary of."
                : $"None of the {counts.Count} different tokens of the texts occurs {options.MinimumCount} times.", nameof(texts));
        return new(options.Unit, options.Length > 0 ? options.Length : Math.Min(longest, VocabularyOptions.MostTokens), kept);
    }

    /// <summary>The tokens of a text, known or not, of any number.</summary>
    public IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Tokenizer.Split(text, Unit);
    }

    /// <summary>A text's ids, [L]: those of its first tokens, then padding.</summary>
    public long[] Encode(string text)
    {
        var ids = new long[Length];
        Encode(text, ids);
        return ids;
    }

    /// <summary>Writes a text's ids.</summary>
    /// <param name="text">May have any length.</param>
    /// <param name="ids">Receives exactly <see cref="Length"/> ids.</param>
    /// <returns>How many of them are no padding; 0 where the text has no tokens.</returns>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public int Encode(string text, Span<long> ids)
    {
        if (ids.Length != Length) throw new ArgumentException($"A text has {Length} ids, but there is room for {ids.Length}.", nameof(ids));
        var tokens = Split(text);
        ids.Clear(); // Padding is 0.
        var count = Math.Min(tokens.Count, Length);
        for (var i = 0; i < count; i++) ids[i] = _ids.GetValueOrDefault(tokens[i], Unknown);
        return count;
    }

    /// <summary>The words of a text that the vocabulary lacks, each once, in their order.</summary>
    public IReadOnlyList<UnknownWord> UnknownWords(string text) =>
        [.. Split(text).Where(token => !_ids.ContainsKey(token)).Distinct().Select(token => new UnknownWord(token, Nearest(token)))];

    /// <summary>
    /// What an encoder of this vocabulary does not understand of a text, to be shown to whoever wrote it: a sentence for each unknown word,
    /// and one where the text is longer than what is read. Empty where it understands all.
    /// </summary>
    public IReadOnlyList<string> Warnings(string text)
    {
        var warnings = UnknownWords(text).Select(unknown =>
            $"The {(Unit == TextUnit.Word ? "word" : "character")} '{unknown.Word}' is not known" +
            (unknown.Nearest is { } nearest ? $"; did you mean '{nearest}'?" : ".")).ToList();
        if (Split(text).Count is var count && count > Length)
            warnings.Add($"The text has {count} {(Unit == TextUnit.Word ? "words" : "characters")}; only the first {Length} are read.");
        return warnings;
    }

    private string? Nearest(string token)
    {
        if (Unit == TextUnit.Character || token.Length > 100) return null;
        var best = Tokens.Select(known => (Word: known, Distance: EditDistance.Of(token, known))).MinBy(known => known.Distance);
        var isNear = best.Distance <= Math.Max(1, token.Length / 3) && best.Distance < Math.Min(token.Length, best.Word.Length);
        return isNear ? best.Word : null;
    }
}
