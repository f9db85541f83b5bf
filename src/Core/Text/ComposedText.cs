using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace GanPipeline;

/// <summary>
/// One form for names that look the same. A Mac writes é as an e and an accent, others write the one character. Not
/// <see cref="string.Normalize()"/>: it returns its text unchanged in programs with <c>InvariantGlobalization</c>, such as ours, and on
/// systems without ICU.
/// </summary>
/// <remarks>
/// The pairs are those that Unicode's normalization form C composes (UnicodeData.txt, without the composition exclusions), up to U+FFFF.
/// Hangul is computed. Characters that are another one by a second name, such as the sign for ohm, stay as they are.
/// </remarks>
internal static class ComposedText
{
    private const int FirstMark = 0x300;
    private const int Hangul = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;

    private static readonly FrozenDictionary<(char, char), char> _compositions = Load();
    private static readonly FrozenDictionary<char, (char, char)> _parts = _compositions.ToFrozenDictionary(p => p.Value, p => p.Key);
    private static readonly FrozenSet<char> _marks = _compositions.Keys.Select(pair => pair.Item2).ToFrozenSet();

    /// <summary>Compares as <see cref="Of"/> does.</summary>
    public static IEqualityComparer<string> Comparer { get; } = EqualityComparer<string>.Create(
        (x, y) => x == y || (x is not null && y is not null && Of(x) == Of(y)), x => Of(x).GetHashCode(StringComparison.Ordinal));

    /// <summary>The text with each letter and its accents as one character, where there is such a character.</summary>
    public static string Of(string text)
    {
        // Composed characters without marks behind them are composed already.
        if (!text.Any(c => c >= FirstMark && (_marks.Contains(c) || c is >= (char)Leads and <= (char)(Tails + TailCount)))) return text;
        var apart = new StringBuilder();
        foreach (var c in text) Decompose(c, apart);
        Order(apart);
        return Compose(apart);
    }

    private static void Decompose(char c, StringBuilder apart)
    {
        var syllable = c - Hangul;
        if (_parts.TryGetValue(c, out var parts))
        {
            Decompose(parts.Item1, apart);
            apart.Append(parts.Item2);
        }
        else if (syllable is >= 0 and < LeadCount * VowelCount * TailCount)
        {
            apart.Append((char)(Leads + syllable / (VowelCount * TailCount)));
            apart.Append((char)(Vowels + syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount > 0) apart.Append((char)(Tails + syllable % TailCount));
        }
        else
        {
            apart.Append(c);
        }
    }

    /// <summary>Marks behind a letter that do not touch each other may be written in any order; this puts them into one.</summary>
    private static void Order(StringBuilder text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            for (var j = i; j > 0 && Class(text[j]) > 0 && Class(text[j - 1]) > Class(text[j]); j--)
                (text[j], text[j - 1]) = (text[j - 1], text[j]);
        }
    }

    private static string Compose(StringBuilder text)
    {
        var result = new StringBuilder();
        var (letter, before) = (-1, 0); // the place of the last letter, and the class of what stands between it and the next mark
        foreach (var chunk in text.GetChunks())
        {
            foreach (var c in chunk.Span)
            {
                var place = Class(c);
                var next = letter == result.Length - 1;
                if (letter >= 0 && (next || (before > 0 && before < place)) && Composed(result[letter], c) is { } composed)
                {
                    result[letter] = composed;
                    continue;
                }
                result.Append(c);
                if (place == 0) letter = result.Length - 1;
                before = place;
            }
        }
        return result.ToString();
    }

    private static char? Composed(char first, char second)
    {
        if (_compositions.TryGetValue((first, second), out var composed)) return composed;
        var (lead, vowel, syllable, tail) = (first - Leads, second - Vowels, first - Hangul, second - Tails);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            return (char)(Hangul + (lead * VowelCount + vowel) * TailCount);
        return syllable is >= 0 and < LeadCount * VowelCount * TailCount && syllable % TailCount == 0 && tail is > 0 and < TailCount
            ? (char)(first + tail) : null;
    }

    /// <summary>Unicode's combining class of the marks that compose; 0 for all else.</summary>
    private static int Class(char c) => !_marks.Contains(c) ? 0 : (int)c switch
    {
        0x338 => 1,
        0x93C => 7,
        0x3099 or 0x309A => 8,
        0xDCA => 9,
        0xC56 => 91,
        0x327 or 0x328 => 202,
        0x31B => 216,
        (>= 0x323 and <= 0x331) or 0x655 => 220,
        (>= 0x300 and <= 0x314) or 0x342 or 0x653 or 0x654 => 230,
        0x345 => 240,
        _ => 0,
    };

    private static FrozenDictionary<(char, char), char> Load()
    {
        using var file = typeof(ComposedText).Assembly.GetManifestResourceStream("compositions.txt")!;
        using var lines = new StreamReader(file);
        var pairs = new Dictionary<(char, char), char>();
        while (lines.ReadLine() is { } line)
            pairs.Add((Code(line.AsSpan(0, 4)), Code(line.AsSpan(5, 4))), Code(line.AsSpan(10, 4)));
        return pairs.ToFrozenDictionary();

        static char Code(ReadOnlySpan<char> hex) => (char)ushort.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
