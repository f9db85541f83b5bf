using System.Text;

namespace GanPipeline.Data;

/// <summary>A row of separated values.</summary>
/// <param name="Line">The line in the file where it begins, from 1.</param>
/// <param name="Cells">Its values, without quotes and the spaces around them.</param>
internal readonly record struct SeparatedRow(int Line, string[] Cells);

/// <summary>A text file of separated values, or of words separated by spaces.</summary>
internal sealed class TableFile
{
    private const int RowsToCompare = 20;
    private const string SeparatorMark = "sep=";

    // In the order in which they are preferred where the file fits several.
    private static readonly char[] _separators = [',', '\t', ';'];
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly string _text;
    private readonly int _start;

    private TableFile(string path, string text)
    {
        (_path, _text) = (path, text);
        Separator = MarkedSeparator();
        if (Separator is null) Separator = FindSeparator();
        else _start = text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? end + 1 : text.Length;
    }

    /// <summary>The character between the values of a line; null where there is none but spaces.</summary>
    public char? Separator { get; }

    /// <param name="path">UTF-8, with or without a mark, or UTF-16 with one; what is not valid UTF-8 is Windows-1252, which spreadsheets
    /// write.</param>
    /// <param name="what">What the file is, for messages: "table" or "partition".</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DataSetException">The file is missing or no text.</exception>
    public static TableFile Read(string path, string what, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try { bytes = File.ReadAllBytesAsync(path, cancellationToken).GetAwaiter().GetResult(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"The {what} {path} cannot be read: {e.Message}", e);
        }
        var text = Decode(bytes);
        if (text.Contains('\0', StringComparison.Ordinal)) throw new DataSetException($"The {what} {path} is not a text file.");
        return new TableFile(path, text);
    }

    /// <summary>The rows of separated values; for a file with a <see cref="Separator"/>.</summary>
    /// <exception cref="DataSetException">A quote is not closed, or text follows it; thrown where the row is reached.</exception>
    public IEnumerable<SeparatedRow> Rows() => new SeparatedText(_text, _start, Separator!.Value, _path).Rows();

    /// <summary>The lines that are not empty, with their numbers from 1.</summary>
    public IEnumerable<(int Number, string Text)> Lines()
    {
        using var reader = new StringReader(_text);
        for (var number = 1; reader.ReadLine() is { } line; number++)
            if (line.Trim() is { Length: > 0 } text) yield return (number, text);
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes), _strictUtf8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes);
        }
    }

    /// <summary>Spreadsheets write "sep=;" above the header to tell each other.</summary>
    private char? MarkedSeparator() =>
        _text.StartsWith(SeparatorMark, StringComparison.OrdinalIgnoreCase) && _text.Length > SeparatorMark.Length
            && _text.AsSpan(SeparatorMark.Length + 1) is "" or ['\r' or '\n', ..] ? _text[SeparatorMark.Length] : null;

    // A header may contain the other separators: "file;height, cm". The right one gives every row as many values as the header.
    private char? FindSeparator() => _separators
        .Select(separator => (Separator: separator, Widths: Widths(separator)))
        .Where(s => s.Widths.Length > 0 && s.Widths[0] > 1)
        .OrderByDescending(s => s.Widths.All(width => width == s.Widths[0]))
        .ThenByDescending(s => s.Widths[0])
        .Select(s => (char?)s.Separator).FirstOrDefault();

    private int[] Widths(char separator)
    {
        var widths = new List<int>();
        try
        {
            foreach (var row in new SeparatedText(_text, 0, separator, _path).Rows().Take(RowsToCompare)) widths.Add(row.Cells.Length);
        }
        // Wrong quotes are told when the rows are read with the separator that is found.
        catch (DataSetException) when (widths.Count > 0) { }
        catch (DataSetException) { widths.Add(1 + _text.AsSpan().Count(separator)); }
        return [.. widths];
    }
}
