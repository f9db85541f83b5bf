using GanPipeline.Pipelines;
using Spectre.Console;

namespace GanPipeline.Cli.Tests;

/// <summary>What a user sees of a run, word by word.</summary>
public sealed class DisplayTests
{
    private static void Play(IRunDisplay display)
    {
        display.Begin("quickstart", "Toy bricks", "runs/quickstart");
        display.Stage("train", () =>
        {
            display.Note("Goes on from step 400 of 1,500, where an earlier run stopped.");
            display.Training(new(930, 1500, 1240.7, 0.613, 1.322, 0.78, 0.84, 72.4));
            return 0;
        }, _ => (161, "1,500 steps, 612 images/s, loss D 0.61, G 1.32"));
        display.Skipped("export", "generator.onnx, within 4.2e-7 of Torch");
        display.Stage("sample", () =>
        {
            display.Progress("pictures", 64, 64);
            return 0;
        }, _ => (0.42, "64 pictures, 12,300 images/s from ONNX"));
        display.End(163, [("Pictures", "runs/quickstart/samples/grid.png"), ("Report", "runs/quickstart/report.html")]);
    }

    [Fact]
    public void Plain_lines()
    {
        var writer = new StringWriter { NewLine = "\n" };
        Play(new PlainDisplay(writer, TimeSpan.Zero));
        Assert.Equal("""
            quickstart: Toy bricks
            into runs/quickstart
            train ...
            train: Goes on from step 400 of 1,500, where an earlier run stopped.
            train: step 930 of 1,500, 62 %; 1,240 images/s; loss D 0.61, G 1.32; D right on real 78 %, on generated 84 %; 1:12 left
            train: done in 2:41. 1,500 steps, 612 images/s, loss D 0.61, G 1.32
            export: unchanged. generator.onnx, within 4.2e-7 of Torch
            sample ...
            sample: pictures 64 of 64
            sample: done in 0.4 s. 64 pictures, 12,300 images/s from ONNX
            Done in 2:43.
            Pictures: runs/quickstart/samples/grid.png
            Report: runs/quickstart/report.html

            """, writer.ToString());
    }

    [Fact]
    public void Plain_progress_is_a_line_now_and_then()
    {
        var writer = new StringWriter();
        var display = new PlainDisplay(writer, TimeSpan.FromHours(1));
        display.Stage("train", () =>
        {
            for (var step = 1; step <= 1000; step++) display.Training(new(step, 1000, 1, 1, 1, 1, 1, 1));
            return 0;
        }, _ => (1, ""));
        Assert.Equal(3, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_terminal_keeps_a_line_a_stage_and_draws_the_running_one_in_place()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(
                writer), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes,
        });
        console.Profile.Width = 100;
        Play(new TerminalDisplay(console));
        Assert.Contains("\u001b[?25h", writer.ToString(), StringComparison.Ordinal); // the cursor comes back
        Assert.DoesNotContain("\u001b[0A", writer.ToString(), StringComparison.Ordinal); // up by none, which terminals take for one
        Assert.Matches("  › train    ━{40} 62 %  [0-9.]+ s, 1:12 left", writer.ToString());
        var lines = System.Text.RegularExpressions.Regex.Replace(writer.ToString(), "\u001b\\[[0-9;?]*[a-zA-Z]", "").Split('\n', '\r')
            .Select(l => l.TrimEnd())
            .ToArray();
        string[] expected =
        [
            "quickstart  Toy bricks",
            "  · Goes on from step 400 of 1,500, where an earlier run stopped.",
            "    step 930 of 1,500, 62 %   1,240 images/s",
            "    loss D 0.61, G 1.32; D right on real 78 %, on generated 84 %",
            "  ✓ train      2:41        1,500 steps, 612 images/s, loss D 0.61, G 1.32",
            "  · export     unchanged   generator.onnx, within 4.2e-7 of Torch",
            "  ✓ sample     0.4 s       64 pictures, 12,300 images/s from ONNX",
            "  Report    runs/quickstart/report.html",
            "  Done in 2:43.",
        ];
        Assert.All(expected, e => Assert.True(lines.Contains(e), e + " is not among\n" + string.Join('\n', lines)));
    }
}
