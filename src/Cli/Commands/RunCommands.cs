using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan run, and the stages one by one: a run that ends with that stage.</summary>
internal static class RunCommands
{
    public static Command Run(Bind bind)
    {
        var pipeline = new Argument<string?>("PIPELINE") {
            Description = "A pipeline of the file, which gan list names, or a run's folder. Default: the file's first pipeline.",
            Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<string?>("--from") {
            Description = "Run this stage and those after it even where nothing changed.",
            HelpName = "STAGE" };
        var command = new Command(
            "run",
            "Run a pipeline: train, export, generate, measure, report. Stages whose inputs have not changed are not run again.")
        {
            pipeline, from,
        };
        Complete(command, bind, parsed => parsed.GetValue(pipeline), null, parsed => parsed.GetValue(from));
        return command;
    }

    public static Command Resume(Bind bind)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A run's folder, or the pipeline's name where it is runs/PIPELINE." };
        var sets = Sets();
        var command = new Command("resume", "Go on with a run where it stopped, with the settings that its folder remembers.")
        {
            folder, sets,
        };
        bind(command, (shell, parsed) => Execute(
            shell, RunChoice.OfFolder(parsed.GetValue(folder)!, null, parsed.GetValue(sets)!), new RunRequest(null, null, false)));
        return command;
    }

    public static Command Stage(string stage, string description, Bind bind)
    {
        var pipeline = new Argument<string>("PIPELINE")
        {
            Description = "A pipeline of the file, which gan list names, or a run's folder.",
        };
        var command = new Command(stage, description) { pipeline };
        Complete(command, bind, parsed => parsed.GetValue(pipeline), stage, parsed => null);
        return command;
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
        var sets = Sets();
        var force = new Option<bool>("--force")
        {
            Description = new RunRequest(until, null, true).TrainsAnew
                ? "Run every stage, and train from the first step. An earlier training is kept as train.1, train.2 and so on."
                : "Run every stage after the training even where nothing changed.",
        };
        foreach (var option in new Option[] { file, output, sets, force }) command.Add(option);
        bind(command, (shell, parsed) =>
        {
            var choice = RunChoice.Of(name(parsed), () => CommonOptions.FileOrDefault(parsed.GetValue(file)),
                parsed.GetValue(output), parsed.GetValue(sets)!);
            return Execute(shell, choice, new RunRequest(until, from(parsed), parsed.GetValue(force)));
        });
    }

    private static Option<string[]> Sets() => new("--set")
    {
        Description = "A value in place of the file's, for example train.steps=500. May be given many times; the run's folder " +
            "remembers them.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static JsonObject Execute(Shell shell, RunChoice choice, RunRequest request)
    {
        Runner.Check(choice.Options, request);
        if (!request.Trains && !Directory.Exists(choice.Folder))
            throw new RequestException($"There is no run in {choice.Folder}: gan run {choice.Options.Name} makes one.");
        using var folder = new RunFolder(choice.Folder, choice.Folder);
        folder.Open();
        var display = shell.Display();
        using var log = RunLog.Create(folder["run.log"], display);
        using var run = new RunContext(choice, request, folder, Summary.Load(folder.Summary), display, log.Logger);
        var outcome = log.Guard(() => Runner.Run(run, shell.Stop));
        var result = (JsonObject)run.Summary.Json.DeepClone();
        result["folder"] = folder.Root;
        result["ran"] = Json.Array(outcome.Ran);
        result["skipped"] = Json.Array(outcome.Skipped);
        return result;
    }
}
