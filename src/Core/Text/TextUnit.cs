namespace GanPipeline;

/// <summary>What a text is divided into.</summary>
public enum TextUnit
{
    /// <summary>
    /// Words: letters, their marks and digits, and apostrophes between them. Punctuation only separates. Of scripts without spaces between
    /// words, such as Chinese, Japanese and Thai, each character is a word.
    /// </summary>
    Word,

    /// <summary>Characters (code points), punctuation and spaces too; several spaces are one.</summary>
    Character,
}
