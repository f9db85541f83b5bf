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

    private static readonly (string Name, string Description, Action<Command, Bind> Fill)[] _commands =
    [
        ("run", "Run a pipeline: train, export, generate, measure, report. Stages whose inputs have not changed are not run again.",
            RunCommands.Run),
        ("resume", "Go on with a run where it stopped, with the settings that its folder remembers.", RunCommands.Resume),
        ("list", "The pipelines in the file.", ListCommand.Fill),
        ("show", "Every setting that a pipeline or a run's folder would run with, and where each comes from.", ShowCommand.Fill),
        ("train", "Train a pipeline's networks, or go on where a training stopped.", RunCommands.Stage),
        ("export", "Write a trained pipeline's networks, or any TorchSharp module of an assembly, as verified ONNX. Trains nothing.",
            ExportCommand.Fill),
        ("generate", "Pictures from a generator's ONNX file. No Torch is loaded.", GenerateCommand.Fill),
        ("page", "A web page that draws a generator's pictures in the visitor's browser; any file server gives it out. No Torch is loaded.",
            PageCommand.Fill),
        ("latent", "Paths, truncation, arithmetic, directions and projection in a generator's latent space. No Torch is loaded.",
            LatentCommands.Fill),
        ("features", "Turn a data set's images into a table of features: NumPy files that ML.NET reads as a data view. No Torch is loaded.",
            FeaturesCommand.Fill),
        ("classify", "Train a linear classifier on a network's features, and on pixels for comparison. No Torch is loaded.",
            ClassifyCommand.Fill),
        ("translate", "Pictures from pictures, by a model such as those of Pix2Pix and CycleGAN. No Torch is loaded.",
            TranslateCommand.Fill),
        ("pose", "The picture of an object from another view, or of a person in another pose, by a model such as that of bricks-pose or " +
            "folder-pose. No Torch is loaded.",
            PoseCommand.Fill),
        ("evaluate", "Measure a pipeline's samples beside controls; or pictures, or a generator's samples, by others. Trains nothing.",
            EvaluateCommand.Fill),
        ("sweep", "Run a pipeline with all combinations of some settings' values, and compare what came out.", SweepCommand.Fill),
        ("compare", "Runs side by side: what differs, curves, metrics, samples; a table, and one page. Their trainings may be going on.",
            CompareCommand.Fill),
        ("reduce", "A smaller form of an ONNX file, in float16 or 8 bits, and what it loses. No Torch is loaded.", ReduceCommand.Fill),
        ("inspect", "Inputs, outputs, operators, metadata and size of an ONNX file; its graph; how it differs from another.",
            InspectCommand.Fill),
        ("data", "Look into data sets, render bricks.", DataCommands.Fill),
        ("doctor", "What is installed and in use: packages, libtorch, threads, CUDA, ONNX Runtime, pictures, memory, disk.",
            DoctorCommand.Fill),
    ];

    /// <summary>Parses and runs; returns the exit code.</summary>
    public static int Invoke(string[] args, Shell shell)
    {
        var root = Create(shell, args);
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

    private static RootCommand Create(Shell shell, string[] args)
    {
        var root = new RootCommand("Trains generative adversarial networks, exports them to ONNX, and generates from them.");
        root.With(_jsonOption, _verboseOption);
        // The options and arguments of a command that another one was asked for in place of are of no use.
        var asked = args.FirstOrDefault(arg => !arg.StartsWith('-'));
        foreach (var (name, description, fill) in _commands)
        {
            var command = new Command(name, description);
            if (asked is null || name == asked) fill(command, Bind);
            root.Add(command);
        }
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
          gan list | show PIPELINE  the pipelines there are; all settings of one, and where each comes from
          gan generate | page MODEL pictures from any generator in ONNX; a web page that draws them
          gan latent ... MODEL      its latent space: paths, truncation, arithmetic, directions, projection
          gan features | classify   a table of a data set's features; a linear classifier on such features
          gan translate | pose      pictures from pictures, by a model; of an object in another pose
          gan reduce MODEL.onnx     a smaller form of it, in float16 or 8 bits, and what it loses
          gan inspect MODEL.onnx    what is in a model file; its graph; how another differs
          gan export --assembly NETS.dll --type NET   any TorchSharp module as ONNX
          gan compare RUN RUN...    runs side by side, in a table and on one page
          gan data ... | doctor     look into data sets, render bricks; what is installed and in use
          gan train | export | evaluate PIPELINE   that stage; gan evaluate A B measures pictures by others

        gan COMMAND --help says more.
        """;
}

/// <summary>Gives a command its body: the shell and what was parsed go in, the JSON object comes out.</summary>
internal delegate void Bind(Command command, Func<Shell, ParseResult, JsonObject> body);

/// <summary>What a command consists of.</summary>
internal static class CommandParts
{
    /// <summary>Gives a command arguments, options and commands below it.</summary>
    public static void With(this Command command, params Symbol[] parts)
    {
        foreach (var part in parts)
        {
            if (part is Argument argument) command.Add(argument);
            else if (part is Option option) command.Add(option);
            else command.Add((Command)part);
        }
    }
}
