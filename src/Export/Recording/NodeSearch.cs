using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// Finds the first node of a model whose result is not the network's: the model gives the results of all its layers and functions, the
/// network is recorded on the same inputs, and call after call is compared.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="graph">The graph that it was written from.</param>
/// <param name="recording">Records the network.</param>
/// <param name="description">Names the inputs.</param>
internal sealed class NodeSearch(ModelProto model, OnnxGraph graph, Recording recording, ExportDescription description)
{
    private readonly Dictionary<string, NodeProto> _makers = model.Graph.Node
        .SelectMany(node => node.Output.Select(output => (output, node))).Where(made => made.output.Length > 0)
        .DistinctBy(made => made.output).ToDictionary(made => made.output, made => made.node);

    /// <summary>The first node that differs on some inputs; null where it cannot be found.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="tolerance">As <see cref="VerificationOptions.Tolerance"/>.</param>
    public DifferingNode? Find(Tensor[] inputs, double tolerance)
    {
        var kept = graph.Calls.Values.Where(value => _makers.ContainsKey(value.Name)).DistinctBy(value => value.Name).ToArray();
        if (kept.Length == 0) return null;
        // ONNX Runtime takes no more in one piece.
        if (DataFile.WeightBytes(model) > DataFile.MostInside) return null;
        var open = model.Clone();
        open.Graph.Output.Clear();
        open.Graph.Output.AddRange(kept.Select(value => ModelWriter.ValueInfo(graph, value)));
        try
        {
            using var session = OrtRun.Open(open.ToByteArray());
            string[] names = [.. kept.Select(value => value.Name)];
            using var results = OrtRun.Run(session, [.. description.Inputs.Select(input => input.Name)], inputs, names);
            return Find(names.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second), inputs, tolerance);
        }
        catch (Exception e) when (e is ExportException or OnnxRuntimeException)
        {
            // The network is not recorded, as where a module describes itself, or ONNX Runtime wants other types of outputs.
            return null;
        }
    }

    private DifferingNode? Find(Dictionary<string, OrtValue> results, Tensor[] inputs, double tolerance)
    {
        var counts = new Dictionary<CallKey, int>();
        foreach (var (module, values) in graph.Calls.Roots)
        {
            if (values.Select(value => Given(value, results, inputs)).ToArray() is not { } given || given.Contains(null)) return null;
            var trace = recording.Recorder(graph, keep: true).Run(module, [.. given.Select(tensor => tensor!.clone().to(graph.Device))]);
            foreach (var call in trace.Calls)
            {
                var number = counts[call.Key] = counts.GetValueOrDefault(call.Key, -1) + 1;
                foreach (var (value, traced) in graph.Calls.Find(call.Key, number).Zip(call.Results))
                    if (traced?.Value is { } expected && results.TryGetValue(value.Name, out var actual) &&
                        Problem(new Comparison(actual, expected), tolerance) is { } problem)
                    {
                        var node = _makers[value.Name];
                        var path = call.Layer is { } layer ? graph.PathOf(layer) : call.Caller.Path;
                        var source = call.Site.IsOfProgram ? call.Site.ToString() : null;
                        return new(node.Name, node.OpType, call.Name, path, source, problem);
                    }
            }
        }
        return null;
    }

    private static string? Problem(Comparison comparison, double tolerance) =>
        comparison.Shapes ?? (comparison.Exceeding(tolerance) is { } worst ? comparison.Describe(worst) : null);

    private Tensor? Given(OnnxValue value, Dictionary<string, OrtValue> results, Tensor[] inputs)
    {
        for (var i = 0; i < description.Inputs.Count; i++)
            if (description.Inputs[i].Name == value.Name) return inputs[i];
        if (!results.TryGetValue(value.Name, out var result)) return null;
        var shape = result.GetTensorTypeAndShape().Shape;
        return value.Type switch
        {
            TensorProto.Types.DataType.Float => tensor(result.GetTensorDataAsSpan<float>().ToArray(), shape),
            TensorProto.Types.DataType.Int64 => tensor(result.GetTensorDataAsSpan<long>().ToArray(), shape),
            _ => null,
        };
    }
}
