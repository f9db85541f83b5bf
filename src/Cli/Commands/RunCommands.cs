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
            Description = "A pipeline of the file; gan list names them. Default: the first.",
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
        Complete(command, bind, parsed => parsed.GetValue(pipeline), _ => null, parsed => parsed.GetValue(from));
        return command;
    }

    public static Command Stage(string stage, string description, Bind bind)
    {
        var pipeline = new Argument<string>("PIPELINE") { Description = "A pipeline of the file; gan list names them." };
        var command = new Command(stage, description + " Earlier stages run first where they must.") { pipeline };
        Complete(command, bind, parsed => parsed.GetValue(pipeline), _ => stage, parsed => null);
        return command;
    }

    private static void Complete(
        Command command,
        Bind bind,
        Func<ParseResult, string?> name,
        Func<ParseResult, string?> until,
        Func<ParseResult, string?> from)
    {
        var file = CommonOptions.File();
        var output = new Option<string?>("--out") { Description = "The run's folder. Default: runs/PIPELINE.", HelpName = "DIR" };
        var sets = new Option<string[]>("--set")
        {
            Description = "A value in place of the file's, for example train.steps=500. May be given many times.",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        var force = new Option<bool>("--force") { Description = "Run every stage, and train from the first step." };
        foreach (var option in new Option[] { file, output, sets, force }) command.Add(option);
        bind(command, (shell, parsed) =>
        {
            var options = PipelineFile.Load(CommonOptions.FileOrDefault(parsed.GetValue(file)))
                .Resolve(name(parsed), parsed.GetValue(sets)!);
            var where = parsed.GetValue(output) ?? Path.Combine("runs", options.Name);
            var request = new RunRequest(until(parsed), from(parsed), parsed.GetValue(force));
            return Execute(shell, options, where, request);
        });
    }

    private static JsonObject Execute(Shell shell, PipelineOptions options, string where, RunRequest request)
    {
        Runner.Check(options, request);
        using var folder = new RunFolder(where, where);
        folder.Open();
        var display = shell.Display();
        using var log = RunLog.Create(folder["run.log"], display);
        using var run = new RunContext(options, folder, Summary.Load(folder.Summary), display, log.Logger);
        var outcome = log.Guard(() => Runner.Run(run, request, shell.Stop));
        var result = (JsonObject)run.Summary.Json.DeepClone();
        result["folder"] = folder.Root;
        result["ran"] = Json.Array(outcome.Ran);
        result["skipped"] = Json.Array(outcome.Skipped);
        return result;
    }
}
