using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan export: the networks of a pipeline, or any module of a .NET assembly, as ONNX.</summary>
internal static class ExportCommand
{
    // Without calibration.
    private static readonly string[] _precisions =
        [.. ReduceCommand.Precisions.Where(form => form.Value != ModelPrecision.Int8).Select(form => form.Key)];

    public static void Fill(Command command, Bind bind)
    {
        var assembly = new Option<string?>("--assembly")
        {
            Description = "A .NET assembly with a TorchSharp module, in place of a pipeline. Its code is run.", HelpName = "NETS.dll",
        };
        var type = new Option<string?>("--type") { Description = "The module in it.", HelpName = "NAME" };
        var arguments = new Option<string[]>("--args")
        {
            Description = "The arguments of its constructor. Parameters behind them must be optional.", HelpName = "VALUE",
            AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "Its weights: safetensors, a state dict of PyTorch, or ONNX, by name.", HelpName = "FILE",
        };
        var inputs = new Option<string[]>("--input")
        {
            Description = "An input without the batch: 3x64x64, image=3x64x64; tokens=12:1000 for whole numbers below 1000. Once for each.",
            HelpName = "SHAPE", DefaultValueFactory = _ => [],
        };
        var opset = CommonOptions.Whole(
            "--opset", "The ONNX operator set of a module's file.", new ExportOptions().Opset, ExportOptions.OldestOpset,
            ExportOptions.NewestOpset);
        var precision = new Option<string?>("--precision")
        {
            Description = "A smaller form of a module: float16, bfloat16 or float16-compute. gan reduce makes 8-bit forms, from images.",
            HelpName = "FORM",
        };
        precision.AcceptOnlyFromAmong([.. _precisions]);
        var data = new Option<bool>("--external-data")
        {
            Description = "Puts a module's weights into a file of their own beside the model.",
        };
        var report = new Option<string?>("--report")
        {
            Description = "Where to write how a module's file compares with Torch: .txt, .json or .html.", HelpName = "FILE",
        };
        RunCommands.Stage(command, Either, optional: true);
        command.With(assembly, type, arguments, weights, inputs, opset, precision, data, report);

        void Either(Command command, Func<Shell, ParseResult, JsonObject> pipeline) => bind(command, (shell, parsed) =>
        {
            var name = parsed.GetValue<string?>("PIPELINE");
            if (parsed.GetValue(assembly) is not { } path)
                return name is not null ? pipeline(shell, parsed)
                    : throw new RequestException("Name a pipeline or a run's folder, or a module: --assembly, --type and --input.");
            if (name is not null) throw new RequestException($"Either the pipeline {name} or --assembly {path}, not both.");
            return Export(shell, new Request(
                path,
                parsed.GetValue(type) ?? throw new RequestException("--type names the module of the assembly."),
                parsed.GetValue(arguments)!,
                parsed.GetValue(weights),
                ModuleInputs.Parse(parsed.GetValue(inputs)!),
                new ExportOptions
                {
                    Opset = (int)parsed.GetValue(opset),
                    Precision = parsed.GetValue(precision) is { } form ? ReduceCommand.Precisions[form] : null,
                    ExternalData = parsed.GetValue(data),
                },
                parsed.GetValue<string?>("--out") ?? "network.onnx",
                parsed.GetValue(report)));
        });
    }

    private sealed record Request(
        string Assembly, string Type, string[] Arguments, string? Weights, ModelInput[] Inputs, ExportOptions Options, string Out,
        string? Report);

    private static JsonObject Export(Shell shell, Request request)
    {
        if (request.Inputs.Length == 0)
            throw new RequestException("--input gives the sizes of the module's input without the batch, such as 3x64x64.");
        if (request.Report is not null) Format(request.Report);
        var type = ModuleAssembly.Open(request.Assembly).Find(request.Type);
        using var module = ModuleFactory.Make(type, request.Arguments);
        if (request.Weights is { } file)
        {
            var loaded = ModuleWeights.Load(module, file);
            shell.Say(loaded.ToString().Split('\n')[0]);
        }
        else shell.Say("No --weights: the file gets those that the constructor gives the module.");
        ExportResult result;
        try
        {
            result = OnnxExporter.Export(module, request.Out, request.Inputs, request.Options);
        }
        catch (ExportException e) when (e.Verification is { } difference)
        {
            Write(request.Report, difference);
            throw;
        }
        Write(request.Report, result.Verification);
        shell.Say($"{request.Out}: {TextFormat.Bytes(result.Bytes)}, opset {request.Options.Opset}, " +
            $"within {TextFormat.Number(result.MaxAbsDifference)} of Torch" + (result.FoldedBatchNormalizations > 0
                ? $"; {TextFormat.Count(result.FoldedBatchNormalizations, "batch normalisation")} in other weights"
                : ""));
        if (result.DataPath is not null) shell.Say($"{result.DataPath}: its weights");
        foreach (var (output, loss) in result.Reduced?.Losses ?? new Dictionary<string, PrecisionLoss>())
            shell.Say(ReduceCommand.Describe(output, loss));
        return new JsonObject
        {
            ["file"] = request.Out,
            ["bytes"] = result.Bytes,
            ["module"] = type.FullName,
            ["opset"] = request.Options.Opset,
            ["foldedBatchNormalizations"] = result.FoldedBatchNormalizations,
            ["data"] = result.DataPath,
            ["losses"] = result.Reduced is { } reduced ? ReduceCommand.Losses(reduced.Losses) : null,
            ["verification"] = JsonNode.Parse(result.Verification.ToJson()),
        };
    }

    private static void Write(string? path, VerificationReport report)
    {
        if (path is not null) AtomicFile.WriteAllText(path, Format(path)(report));
    }

    private static Func<VerificationReport, string> Format(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => report => report.ToJson() + "\n",
        ".html" or ".htm" => report => report.ToHtml(),
        ".txt" => report => report + "\n",
        _ => throw new RequestException($"--report must end in .txt, .json or .html, but is \"{TextFormat.Shorten(path)}\"."),
    };
}
