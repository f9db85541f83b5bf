namespace GanPipeline;

/// <summary>
/// Quotes around names and values in the text of a label: <c>"light, wavy"</c> or <c>'light, wavy'</c>. A quote within is written twice.
/// </summary>
internal static class LabelQuotes
{
    /// <summary>The text, in quotes if a reader could take a part of it for something else.</summary>
    public static string Around(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAny(",=\"") < 0 && text[0] != '\'' && text.AsSpan().Trim().Length == text.Length
            ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What stands between the quotes; null if the text is not in quotes from its first to its last character.</summary>
    public static string? Without(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty || End(text, 0) != text.Length) return null;
        var quote = text[..1].ToString();
        return text[1..^1].ToString().Replace(quote + quote, quote, StringComparison.Ordinal);
    }

    /// <summary>The position after the quote that closes the one at a position; that position itself if none opens and closes.</summary>
    public static int End(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || text[at] is not ('"' or '\'')) return at;
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] != text[at]) continue;
            if (i + 1 == text.Length || text[i + 1] != text[at]) return i + 1;
            i++;
        }
        return at;
    }
}
