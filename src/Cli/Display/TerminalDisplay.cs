using System.Diagnostics;
using GanPipeline.Pipelines;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GanPipeline.Cli;

/// <summary>On a terminal: finished stages stay as one line each, the running one is redrawn in place below them.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console) : IRunDisplay
{
    private static readonly TimeSpan _frame = TimeSpan.FromMilliseconds(80);
    private LiveDisplayContext? _live;
    private string _stage = "";
    private long _started;
    private long _drawn;

    public void Begin(string pipeline, string description, string folder)
    {
        console.WriteLine();
        console.MarkupLine($"[bold]{Markup.Escape(pipeline)}[/]  [grey]{Markup.Escape(description)}[/]");
        console.MarkupLine($"[grey]into {Markup.Escape(folder)}[/]");
        console.WriteLine();
    }

    public void Skipped(string stage, string line) => Finished("[grey]·[/]", stage, "[grey]unchanged[/]", line);

    public T Stage<T>(string stage, Func<T> work, Func<T, (double Seconds, string Line)> result)
    {
        _stage = stage;
        _started = Stopwatch.GetTimestamp();
        _drawn = 0;
        T value = default!;
        try
        {
            console.Live(Busy()).AutoClear(true).Start(live =>
            {
                _live = live;
                live.Refresh();
                value = work();
            });
        }
        catch
        {
            Finished("[red]✗[/]", stage, "", "");
            throw;
        }
        finally
        {
            _live = null;
        }
        var (seconds, line) = result(value);
        Finished("[green]✓[/]", stage, TextFormat.Duration(seconds), line);
        return value;
    }

    // As wide as the console, because it comes over what is being redrawn there.
    public void Note(string text)
        => console.MarkupLine($"  [yellow]·[/] {Markup.Escape(text.PadRight(Math.Max(0, console.Profile.Width - 5)))}");

    public void Training(TrainingTick tick) => Draw(() => new Rows(
        Bar(tick.Share, double.IsNaN(tick.SecondsLeft) ? "" : TextFormat.Duration(tick.SecondsLeft) + " left"),
        new Markup($"    {tick.Position()}   [grey]{TextFormat.Count((long)tick.ImagesPerSecond)} images/s[/]"),
        new Markup($"    [grey]{Markup.Escape(TrainingText.Losses(tick))}[/]")), tick.Step >= tick.Steps);

    public void Progress(string what, long done, long total) => Draw(() => new Rows(
        Bar(total <= 0 ? 1 : (double)done / total, ""),
        new Markup($"    [grey]{Markup.Escape(what)} {TextFormat.Count(done)} of {TextFormat.Count(total)}[/]")), done >= total);

    public void End(double seconds, IReadOnlyList<(string What, string Where)> files)
    {
        console.WriteLine();
        var grid = new Grid().AddColumn(new GridColumn().PadLeft(2).NoWrap()).AddColumn(new GridColumn().PadLeft(2));
        foreach (var (what, where) in files) grid.AddRow(new Markup($"[grey]{Markup.Escape(what)}[/]"), new Markup(Markup.Escape(where)));
        console.Write(grid);
        console.MarkupLine($"{Environment.NewLine}  [grey]Done in {TextFormat.Duration(seconds)}.[/]");
        console.WriteLine();
    }

    private void Finished(string mark, string stage, string time, string line)
    {
        var row = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(1).NoWrap()).AddColumn(new GridColumn().Width(9).NoWrap())
            .AddColumn(new GridColumn().Width(10).NoWrap()).AddColumn(new GridColumn());
        console.Write(
            row.AddRow(new Markup(mark), new Markup(Markup.Escape(stage)), new Markup(time),
                new Markup($"[grey]{Markup.Escape(line)}[/]")));
    }

    private void Draw(Func<IRenderable> what, bool now)
    {
        if (_live is not { } live || (!now && _drawn != 0 && Stopwatch.GetElapsedTime(_drawn) < _frame)) return;
        _drawn = Stopwatch.GetTimestamp();
        live.UpdateTarget(what());
    }

    // Two lines: to draw over one the console moves its cursor up by 0, which terminals take for 1, onto the line above.
    private Rows Busy() => new(new Markup($"  [blue]›[/] {Markup.Escape(_stage)}"), new Markup(" "));

    private Markup Bar(double share, string right)
    {
        var width = Math.Clamp(console.Profile.Width - 40, 10, 40);
        var full = (int)Math.Round(share * width);
        var elapsed = TextFormat.Duration(Stopwatch.GetElapsedTime(_started).TotalSeconds);
        return new Markup($"  [blue]›[/] {Markup.Escape(_stage),-9}" +
            $"[blue]{new string('━', full)}[/][grey]{new string('━', width - full)}[/] " +
            $"{TextFormat.Percent(share)}  [grey]{elapsed}{(right.Length > 0 ? ", " + right : "")}[/]");
    }
}
