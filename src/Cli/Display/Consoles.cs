using Spectre.Console;

namespace GanPipeline.Cli.Display;

/// <summary>Consoles that do not guess: colours and movement on a terminal only, and no line breaks in what a pipe gets.</summary>
internal static class Consoles
{
    private const int PipeWidth = 240;

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
