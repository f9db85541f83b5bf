using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;
using GanPipeline.Training;
using Microsoft.Extensions.Logging.Abstractions;

namespace GanPipeline.Cli;

/// <summary>gan run, and the stages one by one: a run that ends with that stage.</summary>
internal static class RunCommands
{
    public static void Run(Command command, Bind bind)
    {
        var pipeline = new Argument<string?>("PIPELINE") {
            Description = "A pipeline of the file, which gan list names, or a run's folder. Default: the file's first pipeline.",
            Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<string?>("--from") {
            Description = "Run this stage and those after it even where nothing changed.",
            HelpName = "STAGE" };
        command.With(pipeline, from);
        Complete(command, bind, parsed => parsed.GetValue(pipeline), null, parsed => parsed.GetValue(from));
    }

    public static void Resume(Command command, Bind bind)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A run's folder, or the pipeline's name where it is runs/PIPELINE." };
        var (sets, dryRun) = (CommonOptions.Sets(), DryRunOption());
        command.With(folder, sets, dryRun);
        bind(command, (shell, parsed) => Execute(
            shell, () => RunChoice.OfFolder(parsed.GetValue(folder)!, null, parsed.GetValue(sets)!), new RunRequest(null, null, false),
            parsed.GetValue(dryRun)));
    }

    /// <summary>A stage, which the command is named after.</summary>
    public static void Stage(Command command, Bind bind) => Stage(command, bind, optional: false);

    /// <summary>A stage of a command that can do without a pipeline, and complains itself where it cannot.</summary>
    public static void Stage(Command command, Bind bind, bool optional)
    {
        var pipeline = new Argument<string?>("PIPELINE")
        {
            Description = "A pipeline of the file, which gan list names, or a run's folder.",
            Arity = optional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        command.With(pipeline);
        Complete(command, bind, parsed => parsed.GetValue(pipeline), command.Name, parsed => null);
    }

    private static void Complete(
        Command command,
        Bind bind,
        Func<ParseResult, string?> name,
        string? until,
        Func<ParseResult, string?> from)
    {
        var file = CommonOptions.File();
        var output = new Option<string?>("--out") { Description = "The run's folder. Default: runs/PIPELINE.", HelpName = "DIR" };
        var sets = CommonOptions.Sets();
        var force = new Option<bool>("--force")
        {
            Description = new RunRequest(until, null, true).TrainsAnew
                ? "Run every stage, and train from the first step. An earlier training is kept as train.1, train.2 and so on."
                : "Run every stage after the training even where nothing changed.",
        };
        command.With(file, output, sets, force);
        var dryRun = DryRunOption();
        if (new RunRequest(until, null, false).Trains) command.Add(dryRun);
        bind(command, (shell, parsed) => Execute(
            shell,
            () => RunChoice.Of(name(parsed), () => PipelineFile.Find(parsed.GetValue(file)),
                parsed.GetValue(output), parsed.GetValue(sets)!),
            new RunRequest(until, from(parsed), parsed.GetValue(force)), parsed.GetValue(dryRun)));
    }

    private static Option<bool> DryRunOption() => new("--dry-run")
    {
        Description = "Check everything and measure a few steps: the training's time and memory here. Writes nothing.",
    };

    private static JsonObject Execute(Shell shell, Func<RunChoice> choose, RunRequest request, bool dry)
    {
        var processes = request.Trains ? RunProcesses.Join(shell) : ProcessGroup.Alone;
        var choice = RunProcesses.Choose(processes, choose, request, dry);
        if (dry) return DryRun(shell, choice, request);
        if (!processes.IsFirst) return Assist(shell, choice, request, processes);
        if (!request.Trains && !Directory.Exists(choice.Folder))
            throw new RequestException($"There is no run in {choice.Folder}: gan run {choice.Options.Name} makes one.");
        using var folder = new RunFolder(choice.Folder, choice.Folder);
        folder.Open();
        var display = shell.Display();
        using var log = RunLog.Create(folder.Log, display);
        using var run = new RunContext(choice, request, folder, Summary.Load(folder.Summary), display, log.Logger, processes);
        var outcome = log.Guard(() => Runner.Run(run, shell.Stop), shell.Stop);
        var result = (JsonObject)run.Summary.Json.DeepClone();
        result["folder"] = folder.Root;
        result["ran"] = Json.Array(outcome.Ran);
        result["skipped"] = Json.Array(outcome.Skipped);
        return result;
    }

    /// <summary>In a process that is not the first: it writes nothing and tells nothing.</summary>
    private static JsonObject Assist(Shell shell, RunChoice choice, RunRequest request, ProcessGroup processes)
    {
        using var folder = new RunFolder(choice.Folder, choice.Folder);
        using var run = new RunContext(choice, request, folder, Summary.Load(folder.Summary), shell.Display(), NullLogger.Instance,
            processes);
        Runner.Assist(run, shell.Stop);
        return [];
    }

    private static JsonObject DryRun(Shell shell, RunChoice choice, RunRequest request)
    {
        using var folder = new RunFolder(choice.Folder, choice.Folder);
        using var run = new RunContext(choice, request, folder, Summary.Load(folder.Summary), shell.Display(), NullLogger.Instance);
        var trial = Runner.Try(run, shell.Stop);
        var (left, first) = (trial.Steps - trial.FirstStep, trial.FirstStep + 1);
        var form = trial.Shape.Channels switch { 1 => "gray", 3 => "colour", _ => "pairs" };
        shell.Say($"{choice.Options.Name} in {choice.Folder}: {TextFormat.Count(trial.Images, "picture")} of {trial.Shape.Width} x " +
            $"{trial.Shape.Height}, {form}, in batches of {choice.Options.BatchSize}");
        shell.Say(left <= 0 ? $"All {TextFormat.Count(trial.Steps)} steps are done already."
            : $"Steps {TextFormat.Count(first)} to {TextFormat.Count(trial.Steps)} on {trial.Device}: about " +
                $"{TextFormat.Duration(trial.SecondsLeft)}, at {TextFormat.Number(trial.SecondsPerStep)} s a step, the median of " +
                $"{trial.MeasuredSteps}. Samples, checkpoints and the stages after it come on top.");
        shell.Say($"Memory: {TextFormat.Bytes(trial.PeakBytes)} at most so far, of {TextFormat.Bytes(trial.AvailableBytes)}.");
        shell.Say("Nothing was written.");
        return new JsonObject
        {
            ["pipeline"] = choice.Options.Name,
            ["folder"] = folder.Root,
            ["device"] = trial.Device,
            ["images"] = trial.Images,
            ["firstStep"] = trial.FirstStep,
            ["steps"] = trial.Steps,
            ["measuredSteps"] = trial.MeasuredSteps,
            ["secondsPerStep"] = Json.Rounded(trial.SecondsPerStep),
            ["secondsLeft"] = Json.Rounded(trial.SecondsLeft),
            ["peakBytes"] = trial.PeakBytes,
            ["availableBytes"] = trial.AvailableBytes,
        };
    }
}
