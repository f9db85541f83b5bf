using System.Globalization;
using System.Text;

namespace GanPipeline;

/// <summary>Divides texts into tokens: lower-cased, in any alphabet, the same on every machine.</summary>
internal static class Tokenizer
{
    // First and last code points of scripts that are written without spaces between words.
    private static readonly (int First, int Last)[] _unspaced =
    [
        (0x0E00, 0x0EFF), // Thai, Lao
        (0x1000, 0x109F), // Burmese
        (0x1780, 0x17FF), // Khmer
        (0x3040, 0x30FF), // Japanese
        (0x3400, 0x9FFF), // Chinese
        (0xF900, 0xFAFF),
        (0x20000, 0x323AF),
    ];

    public static List<string> Split(string text, TextUnit unit)
    {
        var lower = ComposedText.Of(text).ToLowerInvariant();
        return unit == TextUnit.Word ? Words(lower) : Characters(lower);
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isUnspaced, hasApostrophe) = (false, false);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsApostrophe(rune) && word.Length > 0 && !hasApostrophe)
            {
                hasApostrophe = true;
                continue;
            }
            var isMark = IsMark(rune);
            if (!Rune.IsLetterOrDigit(rune) && !(isMark && word.Length > 0))
            {
                End();
                continue;
            }
            if (!isMark && word.Length > 0 && (isUnspaced || IsUnspaced(rune))) End();
            if (word.Length == 0) isUnspaced = IsUnspaced(rune);
            if (hasApostrophe) word.Append('\'');
            hasApostrophe = false;
            word.Append(Folded(rune));
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
            hasApostrophe = false;
        }
    }

    private static List<string> Characters(string text)
    {
        var characters = new List<string>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (characters is [.., not " "]) characters.Add(" ");
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format))
            {
                characters.Add(IsApostrophe(rune) ? "'" : Folded(rune).ToString());
            }
        }
        if (characters is [.., " "]) characters.RemoveAt(characters.Count - 1);
        return characters;
    }

    // The second form of sigma, which only a word's end has: capitals do not tell them apart.
    private static Rune Folded(Rune rune) => rune.Value == 'ς' ? new Rune('σ') : rune;

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '\u2019';

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsUnspaced(Rune rune) => Array.Exists(_unspaced, s => rune.Value >= s.First && rune.Value <= s.Last);
}
