using System.Text;

namespace GanPipeline.Data;

/// <summary>
/// Splits separated values (RFC 4180) into rows. Within quotes, separators and line breaks are part of the value, and a quote is written
/// twice. Spaces around values and empty rows do not count.
/// </summary>
internal sealed class SeparatedText(string text, int start, char separator, string path)
{
    private int _at = start;
    private int _line = 1 + text.AsSpan(0, start).Count('\n');

    public IEnumerable<SeparatedRow> Rows()
    {
        while (_at < text.Length)
        {
            var row = Row();
            if (row.Cells.Any(cell => cell.Length > 0)) yield return row;
        }
    }

    private SeparatedRow Row()
    {
        var (line, cells) = (_line, new List<string> { Cell() });
        while (Is(separator))
        {
            _at++;
            cells.Add(Cell());
        }
        TakeLineBreak();
        return new(line, [.. cells]);
    }

    private string Cell()
    {
        TakeSpaces();
        return Is('"') ? Quoted() : Plain();
    }

    private string Plain()
    {
        var length = text.AsSpan(_at).IndexOfAny(separator, '\r', '\n');
        var cell = length < 0 ? text[_at..] : text.Substring(_at, length);
        _at += cell.Length;
        return cell.Trim();
    }

    private string Quoted()
    {
        var (opened, cell) = (_line, new StringBuilder());
        for (_at++; !EndsQuote();)
        {
            if (_at == text.Length) throw new DataSetException($"{path}, line {opened}: a quote is not closed.");
            if (TakeLineBreak()) cell.Append('\n');
            else cell.Append(text[_at++]);
        }
        TakeSpaces();
        if (_at == text.Length || Is(separator) || text[_at] is '\r' or '\n') return cell.ToString();
        throw new DataSetException($"{path}, line {_line}: text follows a closed quote" +
            (opened < _line ? $", which opens in line {opened}." : "."));
    }

    /// <summary>Steps over a quote that ends the value, or over the first of two that stand for one.</summary>
    private bool EndsQuote()
    {
        if (!Is('"')) return false;
        _at++;
        return !Is('"');
    }

    private bool TakeLineBreak()
    {
        if (_at == text.Length || text[_at] is not ('\r' or '\n')) return false;
        if (text[_at] == '\r' && _at + 1 < text.Length && text[_at + 1] == '\n') _at++;
        _at++;
        _line++;
        return true;
    }

    private void TakeSpaces()
    {
        while (Is(' ')) _at++;
    }

    private bool Is(char c) => _at < text.Length && text[_at] == c;
}
