namespace GanPipeline;

/// <summary>How a <see cref="Vocabulary"/> is built from texts.</summary>
public sealed record VocabularyOptions
{
    /// <summary>The most tokens of a text that are read.</summary>
    internal const int MostTokens = 1024;

    /// <summary>Whether texts are divided into words or into characters.</summary>
    public TextUnit Unit { get; init; }

    /// <summary>
    /// Tokens that each text is cut or padded to, 1 to 1024; 0 is as many as the longest text has, or 1024 where that is longer.
    /// </summary>
    public int Length { get; init; }

    /// <summary>How often a token occurs at least, 1 or more; rarer ones are unknown.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Tokens at most, padding and the unknown token among them, 3 to 1,000,000; the most frequent ones are kept.</summary>
    public int MaximumSize { get; init; } = 10_000;

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Enum.IsDefined(Unit)) yield return (nameof(Unit), $"A text is divided into words or characters; got {Unit}.");
        if (Length is < 0 or > MostTokens)
            yield return (nameof(Length), $"The length is from 1 to {MostTokens} tokens, or 0 for that of the longest text; got {Length}.");
        if (MinimumCount < 1) yield return (nameof(MinimumCount), $"A token occurs at least once; got {MinimumCount}.");
        if (MaximumSize is < 3 or > 1_000_000)
            yield return (nameof(MaximumSize), $"A vocabulary has from 3 to 1,000,000 tokens; got {MaximumSize}.");
    }
}
