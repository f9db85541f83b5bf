using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The root of the command line.</summary>
internal static class GanCommand
{
    private static readonly Option<bool> _jsonOption = new("--json") {
        Description = "Print one JSON object, and nothing else, to standard output.",
        Recursive = true };
    private static readonly Option<bool> _verboseOption = new("--verbose") {
        Description = "Show a stack trace with an error.",
        Recursive = true };

    /// <summary>Parses and runs; returns the exit code.</summary>
    public static int Invoke(string[] args, Shell shell)
    {
        var root = Create(shell);
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpAction && Complaint(parsed, root) is { } complaint)
            return shell.FailEarly(args.Contains(_jsonOption.Name), new RequestException(complaint));
        return parsed.Invoke(new InvocationConfiguration
        {
            Output = shell.Output, Error = shell.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        });
    }

    /// <summary>What is wrong with the command line, in our words; null where nothing is.</summary>
    private static string? Complaint(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        var path = command == root ? "gan" : "gan " + PathOf(command, root);
        // An option that is not known can end up as an argument's value.
        var stray = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens)
            .FirstOrDefault(t => t.Value.StartsWith('-'))?
            .Value;
        var unknown = stray ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        if (unknown is null) return parsed.Errors.Count > 0
            ? $"{path}: {parsed.Errors[0].Message} {path} --help shows what there is."
            : null;
        var (what, known) = unknown.StartsWith('-') ? ("there is no option", command.Options.Concat(root.Options).Select(o => o.Name))
            : command.Subcommands.Count > 0 ? ("there is no command", command.Subcommands.Select(c => c.Name))
            : ("unexpected argument", []);
        var near = TextFormat.Nearest(unknown, known) is { } name ? $" Did you mean {name}?" : "";
        return $"{path}: {what} \"{TextFormat.Shorten(unknown)}\".{near} {path} --help shows what there is.";
    }

    private static RootCommand Create(Shell shell)
    {
        var root = new RootCommand("Trains generative adversarial networks, exports them to ONNX, and generates from them.");
        root.Add(_jsonOption);
        root.Add(_verboseOption);
        root.Add(RunCommands.Run(Bind));
        root.Add(RunCommands.Resume(Bind));
        root.Add(ListCommand.Create(Bind));
        root.Add(ShowCommand.Create(Bind));
        root.Add(RunCommands.Stage("train", "Train a pipeline's networks, or go on where a training stopped.", Bind));
        root.Add(RunCommands.Stage("export", "Write a trained pipeline's networks as ONNX files and verify them. Trains nothing.", Bind));
        root.Add(GenerateCommand.Create(Bind));
        root.Add(FeaturesCommand.Create(Bind));
        root.Add(ClassifyCommand.Create(Bind));
        root.Add(RunCommands.Stage(
            "evaluate", "Measure a pipeline's samples: Frechet distance beside its controls. Trains nothing.", Bind));
        root.Add(InspectCommand.Create(Bind));
        root.Add(DataCommands.Create(Bind));
        root.Add(DoctorCommand.Create(Bind));
        root.SetAction(_ =>
        {
            shell.Say(Overview);
            return Shell.Done;
        });
        return root;

        void Bind(Command command, Func<Shell, ParseResult, JsonObject> body) => command.SetAction(parsed =>
            shell.Execute(parsed.GetValue(_jsonOption), parsed.GetValue(_verboseOption), s => body(s, parsed)));
    }

    private static string PathOf(Command command, RootCommand root)
    {
        var names = new Stack<string>();
        for (var c = command; c != root; c = (Command)c.Parents.First()) names.Push(c.Name);
        return string.Join(' ', names);
    }

    private const string Overview = """
        gan trains generative adversarial networks, exports them to ONNX, and generates from them.

          gan run [PIPELINE]        train, export, generate, measure, report; without a name: quickstart
          gan resume FOLDER         go on with a run where it stopped, with its own settings
          gan list                  the pipelines there are
          gan show PIPELINE         all its settings, and where each comes from
          gan generate MODEL.onnx   pictures from any generator in ONNX
          gan features MODEL.onnx   a table of a data set's features
          gan classify              a linear classifier on such features, beside its controls
          gan inspect MODEL.onnx    what is in a model file
          gan data ...              look into data sets, render bricks
          gan doctor                what is installed and in use
          gan train PIPELINE        the training alone
          gan export | evaluate PIPELINE   that stage of a trained pipeline; all of them take a run's folder too

        gan COMMAND --help says more.
        """;
}

/// <summary>Gives a command its body: the shell and what was parsed go in, the JSON object comes out.</summary>
internal delegate void Bind(Command command, Func<Shell, ParseResult, JsonObject> body);
