using Spectre.Console;

namespace GanPipeline.Cli;

/// <summary>Consoles that do not guess: colours and movement on a terminal only, and no line breaks in what a pipe gets.</summary>
internal static class Consoles
{
    private const int PipeWidth = 240;

    /// <summary>Rows of columns: wrapped within their columns on a terminal, one line each elsewhere. Cells are markup.</summary>
    /// <remarks>What a file holds may be in them: control characters, which a terminal would obey, are shown as spaces.</remarks>
    public static void Rows(IAnsiConsole console, IEnumerable<string[]> cells)
    {
        string[][] rows = [.. cells.Select(row => row.Select(cell =>
            cell.Any(char.IsControl) ? string.Concat(cell.Select(c => char.IsControl(c) ? ' ' : c)) : cell).ToArray())];
        if (rows.Length == 0) return;
        var widths = rows.Max(r => r.Length) is var columns
            ? Enumerable.Range(0, columns - 1).Select(c => rows.Max(r => Markup.Remove(r[c]).Length)).ToArray()
            : [];
        if (console.Profile.Capabilities.Ansi)
        {
            var grid = new Grid();
            foreach (var width in widths) grid.AddColumn(new GridColumn().Width(width).NoWrap().PadRight(2));
            grid.AddColumn();
            foreach (var row in rows) grid.AddRow(row);
            console.Write(grid);
            return;
        }
        foreach (var row in rows)
            console.Profile.Out.Writer.WriteLine(string.Concat(
                row.Select((cell, c) => c < widths.Length ? Markup.Remove(cell).PadRight(widths[c] + 2) : Markup.Remove(cell))));
    }

    public static IAnsiConsole Create(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal) console.Profile.Width = PipeWidth;
        return console;
    }
}
