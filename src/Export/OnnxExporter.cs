using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>
/// Writes TorchSharp networks as ONNX, with nothing written for it: <c>forward</c> is run on examples of two batch sizes, and the
/// TorchSharp functions and layers that it calls are recorded. What has no ONNX form is refused by module path, function and source line;
/// a module may then describe itself (<see cref="IOnnxExportable"/>) or get a converter (<see cref="ExportOptions.Converters"/>).
/// </summary>
/// <remarks>
/// The file has the network's evaluation form, unless <see cref="ExportOptions.Mode"/> says otherwise: dropout is gone, batch normalisation
/// uses its running statistics. Parameters may lie on any device, are float32, and are not changed; neither is any module's training mode,
/// nor Torch's random state. Batch is a dynamic axis.
/// </remarks>
public static class OnnxExporter
{
    /// <summary>Converts a network of one input and one output, verifies the result against the network, and writes it.</summary>
    /// <param name="module">The network.</param>
    /// <param name="path">The file; missing folders are made, and an existing file is replaced when the new one is whole.</param>
    /// <param name="inputShape">The input's shape without the batch: [100] for latents, [3, 64, 64] for pictures.</param>
    /// <param name="options">Names, operator set, metadata, converters.</param>
    /// <exception cref="ExportException">A module that cannot be exported; a result that differs from the network's by more than
    /// 1e-4 max(1, |x|) anywhere; a file that cannot be written. No file is left then.</exception>
    public static ExportResult Export(
        Module<Tensor, Tensor> module, string path, ReadOnlySpan<long> inputShape, ExportOptions? options = null) =>
        Export(Describe(module, inputShape, options ?? new()), path, options);

    /// <summary>
    /// Converts a network of any number of inputs and outputs, verifies the result against the network, and writes it. Its <c>forward</c>
    /// takes tensors, of which further parameters may be optional, and returns a tensor, a tuple or an array of tensors.
    /// </summary>
    /// <param name="module">The network.</param>
    /// <param name="path">The file; missing folders are made, and an existing file is replaced when the new one is whole.</param>
    /// <param name="inputs">The inputs in <c>forward</c>'s order.</param>
    /// <param name="options">Operator set, metadata, converters; <see cref="ExportOptions.OutputName"/> is the output's name, and with a
    /// number behind it, output0, output1, those of several.</param>
    /// <exception cref="ExportException">A module that cannot be exported; a result that differs from the network's by more than
    /// 1e-4 max(1, |x|) anywhere; a file that cannot be written. No file is left then.</exception>
    public static ExportResult Export(Module module, string path, IReadOnlyList<ModelInput> inputs, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new();
        var call = new ModuleCall(module, inputs);
        var count = call.OutputCount(options.Mode);
        return Export(
            Describe(call, count == 1 ? [options.OutputName] : [.. Enumerable.Range(0, count).Select(i => $"{options.OutputName}{i}")]),
            path,
            options);
    }

    /// <summary>Converts a model of any number of inputs and outputs, verifies the result, and writes it.</summary>
    /// <param name="description">Inputs, outputs, graph, and the Torch computation to compare with.</param>
    /// <param name="path">The file; missing folders are made, and an existing file is replaced when the new one is whole.</param>
    /// <param name="options">Operator set, metadata, converters.</param>
    /// <exception cref="ExportException">A module that cannot be exported; a result that differs from the network's by more than
    /// 1e-4 max(1, |x|) anywhere; a file that cannot be written. No file is left then.</exception>
    public static ExportResult Export(ExportDescription description, string path, ExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new();
        var built = Build(description, options);
        var isLarge = DataFile.WeightBytes(built.Model) > DataFile.MostInside;
        if (isLarge && options.Precision is not null)
            throw new ExportException("Weights of more than 2 GB have no smaller form here: export the network in parts.");
        if (options.Mode != ExportMode.Evaluation && options.Precision is not null)
            throw new ExportException("What a smaller form loses is measured in evaluation mode alone.");
        try
        {
            using var data = options.Precision is null && (isLarge || options.ExternalData) ? DataFile.Write(built.Model, path) : null;
            var model = data?.Model ?? built.Model;
            var bytes = ModelBytes.Of(model);
            var report = Verify(model, path, built, description, options);
            if (!report.Agrees) throw Differs(report);
            if (options.Precision is { } precision)
                return ReducedExport.Write(built, bytes.Length, report, path, precision, description, options);
            AtomicFile.WriteAllBytes(path, bytes);
            if (data is null) DataFile.DeleteOthers(path, kept: null);
            else data.Keep();
            return new ExportResult(path, bytes.Length + (data?.Bytes ?? 0), report, built.Folded) { DataPath = data?.Path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExportException(e.Message, e);
        }
    }

    /// <summary>Converts a network of one input and one output, without verifying it.</summary>
    /// <param name="module">The network.</param>
    /// <param name="inputShape">The input's shape without the batch.</param>
    /// <param name="options">Names, operator set, metadata, converters.</param>
    /// <exception cref="ExportException">A module that cannot be exported.</exception>
    public static ModelProto Convert(Module<Tensor, Tensor> module, ReadOnlySpan<long> inputShape, ExportOptions? options = null) =>
        Convert(Describe(module, inputShape, options ?? new()), options);

    /// <summary>Converts a model of any number of inputs and outputs, without verifying it.</summary>
    /// <param name="description">Inputs, outputs and graph.</param>
    /// <param name="options">Operator set, metadata, converters.</param>
    /// <exception cref="ExportException">A module that cannot be exported.</exception>
    public static ModelProto Convert(ExportDescription description, ExportOptions? options = null)
        => Build(description, options ?? new()).Model;

    private static ExportDescription Describe(Module<Tensor, Tensor> module, ReadOnlySpan<long> inputShape, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new ExportDescription
        {
            Modules = [("", module)],
            Inputs = [ModelInput.Normal(options.InputName, inputShape)],
            Outputs = [options.OutputName],
            Graph = (graph, inputs) => [graph.Call(module, inputs)],
            Torch = inputs => [module.call(inputs[0])!],
            Module = module,
        };
    }

    /// <summary>A network of any number of inputs and outputs, as it is.</summary>
    internal static ExportDescription Describe(ModuleCall call, IReadOnlyList<string> outputs) => new()
    {
        Modules = [("", call.Module)],
        Inputs = call.Inputs,
        Outputs = outputs,
        Graph = (graph, x) => graph.CallAll(call.Module, x),
        Torch = call.Run,
        Module = call.Module,
    };

    internal static BuiltModel Build(ExportDescription description, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(description);
        var inputNames = description.Inputs.Select(input => input.Name).ToArray();
        var outputNames = description.Outputs.Select(name => Identifiers.Require(name, nameof(description.Outputs))).ToArray();
        if (inputNames.Concat(outputNames).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"'{twice.Key}' names two of the model's inputs and outputs.", nameof(description));

        WeightCheck.Require(description.Modules);
        // Converters may make tensors on the way: a reshaped weight, for example.
        using var scope = NewDisposeScope();
        using var modes = new ModuleModes(description.Modules.Select(root => root.Module), options.Mode);
        var recording = new Recording(FunctionTable.Find, FunctionTable.Knows);
        var graph = new OnnxGraph(description.Modules, options, BuiltInLayers.Find, recording.Add)
        {
            DynamicAxes = [.. description.Inputs.SelectMany(input => input.DynamicAxes.Values).Distinct()],
        };
        var inputs = description.Inputs.Select(input => Recording.Input(graph, input)).ToArray();
        var outputs = description.Graph is { } build ? build(graph, inputs) : graph.Record(description.Torch, inputs);
        if (outputs.Length != outputNames.Length)
            throw new ExportException(
                $"The description of the model names {outputNames.Length} outputs, and its graph has {outputs.Length}.");
        outputs = new Simplification(graph).Run(outputs);
        var folded = options.FoldBatchNormalization ? new BatchNormalizationFolding(graph, outputs).Run() : 0;
        var model = ModelWriter.Write(graph, description.Name, inputs, inputNames, outputs, outputNames, options.Metadata);
        return new BuiltModel(model, folded, graph, recording);
    }

    private static VerificationReport Verify(
        ModelProto model, string path, BuiltModel built, ExportDescription description, ExportOptions options)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        var compared = Dropouts.TurnOff(model);
        try
        {
            using var session = OrtRun.Open(ModelBytes.Of(compared), folder);
            // The file itself runs, too.
            if (compared != model) OrtRun.Open(ModelBytes.Of(model), folder).Dispose();
            var search = new NodeSearch(Dropouts.TurnOff(built.Model), built.Graph, built.Recording, description);
            var module = description.Graph is null ? new FunctionModule(description.Torch) : description.Module;
            Func<Tensor[], Tensor[]>? recorded = options.Mode != ExportMode.Evaluation && module is not null
                ? inputs => built.Run(module, inputs)
                : null;
            return new Verification(description, options.Verification, options.Mode, recorded).Run(
                session, path, inputs => search.Find(inputs, options.Verification.Tolerance));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime does not run the exported model, so nothing was written: {e.Message}", e);
        }
    }

    private static ExportException Differs(VerificationReport report)
    {
        var check = report.Checks.First(check => check.Problem is not null);
        return new(
            $"The exported model does not agree with the network, so nothing was written: of output '{check.Output}', " +
            $"{check.Problem}, on {check.Inputs}. " + (report.FirstDifference is { } first
                ? $"They part at {first}."
                : "Compare the graph that a module describes, or a converter adds, with its forward()."),
            report);
    }
}
