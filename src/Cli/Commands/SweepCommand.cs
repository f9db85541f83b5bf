using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan sweep: a pipeline with all combinations of some settings' values, one after the other or several at a time.</summary>
internal static class SweepCommand
{
    private const string Threads = "train.threads";

    public static void Fill(Command command, Bind bind)
    {
        var pipeline = new Argument<string>("PIPELINE") { Description = "A pipeline of the file, which gan list names." };
        var vary = new Option<string[]>("--vary")
        {
            Description = "A setting and its values, as in --vary train.seed=0,1,2. May be given many times; all combinations run.",
            HelpName = "KEY=A,B,C",
            Required = true,
        };
        var output = new Option<string?>("--out")
        {
            Description = "The sweep's folder, which gets a run's folder for each combination. Default: sweeps/PIPELINE.", HelpName = "DIR",
        };
        var parallel = CommonOptions.Whole("--parallel", "Runs at a time, which share the processors.", 1, 1, 256);
        var (file, sets) = (CommonOptions.File(), CommonOptions.Sets());
        command.With(pipeline, vary, file, output, sets, parallel);
        bind(command, (shell, parsed) => Execute(shell, parsed.GetValue(pipeline)!, parsed.GetValue(vary)!,
            PipelineFile.Find(parsed.GetValue(file)), parsed.GetValue(output), parsed.GetValue(sets)!,
            (int)parsed.GetValue(parallel)));
    }

    private static JsonObject Execute(
        Shell shell, string pipeline, string[] vary, string file, string? output, string[] sets, int parallel)
    {
        var variations = vary.Select(Variation.Parse).ToArray();
        var runs = SweepRun.All(variations);
        var root = output ?? Path.Combine("sweeps", pipeline);
        var threads = Math.Max(1, Environment.ProcessorCount / parallel);
        if (parallel > 1 && !sets.Any(set => set.StartsWith(Threads + "=", StringComparison.Ordinal))
            && variations.All(variation => variation.Key != Threads))
            sets = [.. sets, string.Create(CultureInfo.InvariantCulture, $"{Threads}={threads}")];
        // What is wrong with one of them is told before the first begins.
        foreach (var run in runs) Check(run);
        shell.Say($"{TextFormat.Count(runs.Count, "run")} of {pipeline} into {root}" +
            (parallel > 1 ? $", {Math.Min(parallel, runs.Count)} at a time" : ""));

        var results = new SweepResult[runs.Count];
        Parallel.For(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = parallel }, i => results[i] = Run(i));
        shell.Stop.ThrowIfCancellationRequested();

        var table = new SweepTable(results);
        var json = table.ToJson();
        json.Insert(0, "pipeline", pipeline);
        AtomicFile.WriteAllText(Path.Combine(root, "sweep.json"), Json.Print(json) + "\n");
        shell.Say();
        foreach (var line in table.Lines()) shell.Say(line);
        if (table.HasSeeds)
        {
            shell.Say();
            foreach (var line in table.SeedLines()) shell.Say(line);
        }
        var page = Path.Combine(root, "compare.html");
        var isCompared = SweepPage.Write(page, results, shell.Stop);
        shell.Say();
        shell.Say($"Also in {Path.Combine(root, "sweep.json")}; each run's pictures are in its report.html" +
            (isCompared ? $", and side by side in {page}." : "."));
        string[] failed = [.. results.Where(result => result.Error is not null).Select(result => $"{result.Run.Name}: {result.Error}")];
        if (failed.Length > 0)
            throw new WorkException($"{failed.Length} of {TextFormat.Count(runs.Count, "run")} failed: {string.Join("; ", failed)}");
        return json;

        string[] Sets(SweepRun run) => [.. sets, .. run.Settings.Select(setting => $"{setting.Key}={setting.Value}")];

        void Check(SweepRun run)
        {
            var choice = RunChoice.Of(pipeline, () => file, Path.Combine(root, run.Name), Sets(run));
            Runner.Check(choice.Options, new RunRequest(null, null, false));
        }

        SweepResult Run(int i)
        {
            var run = runs[i];
            var folder = Path.Combine(root, run.Name);
            if (shell.Stop.IsCancellationRequested) return new(run, folder, null, "not begun");
            var prefix = $"[{i + 1}/{runs.Count} {run.Name}] ";
            var error = RunProcess.Run(
                ["run", pipeline, "--file", file, "--out", folder, .. Sets(run).SelectMany(set => (string[])["--set", set])],
                line => shell.Say(prefix + line), shell.Stop);
            return new(run, folder, Summary.Load(Path.Combine(folder, "summary.json")).Json, error);
        }
    }
}
