using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan compare: runs beside each other, in a table and on one page. Nothing in their folders is touched.</summary>
internal static class CompareCommand
{
    private const int MostPictures = 400;

    public static void Fill(Command command, Bind bind)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = $"2 to {RunComparison.MostRuns} runs' folders, or pipelines' names where they are runs/PIPELINE. Their " +
                "trainings may be going on.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string>("--out")
        {
            Description = "The page to write. Default: compare.html.", HelpName = "FILE.html", DefaultValueFactory = _ => "compare.html",
        };
        var count = CommonOptions.Whole("--count", "About how many pictures of each generator.", ComparePage.Pictures, 1, MostPictures);
        var seed = CommonOptions.Whole("--seed", "Of their latents.", 0, 0, long.MaxValue);
        command.With(runs, output, count, seed);
        bind(command, (shell, parsed) => Execute(
            shell, parsed.GetValue(runs)!, parsed.GetValue(output)!, (int)parsed.GetValue(count), parsed.GetValue(seed)));
    }

    private static JsonObject Execute(Shell shell, string[] folders, string file, int count, long seed)
    {
        var comparison = RunComparison.Of(folders);
        foreach (var line in CompareTable.Lines(comparison)) shell.Say(line);
        ComparePage.Write(file, comparison, "", count, seed, shell.Stop);
        shell.Say();
        shell.Say($"Curves and samples side by side: {file}");
        var json = CompareTable.ToJson(comparison);
        json.Insert(0, "page", Path.GetFullPath(file));
        return json;
    }
}
