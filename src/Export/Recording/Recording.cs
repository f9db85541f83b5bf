using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>
/// Adds to a graph what a module does, by running it on examples of two batch sizes, and of two sizes of each dynamic axis, and recording
/// the calls.
/// </summary>
/// <param name="functions">Finds the converter of a function, or of a layer that takes or gives more than one tensor.</param>
/// <param name="knows">Whether a layer has such a converter.</param>
internal sealed class Recording(Func<TracedCall, Func<FunctionCall, OnnxValue[]>?> functions, Func<Module, bool> knows)
{
    // Few counts may happen to be the same, so many hardly.
    private const int OtherValues = 8;

    /// <summary>A model's input in the graph.</summary>
    public static OnnxValue Input(OnnxGraph graph, ModelInput input)
    {
        var dimensions = input.Dimensions;
        TracedSize Size(int axis) => new([.. Enumerable.Range(0, 2 + graph.DynamicAxes.Count).Select(recording => axis == 0
            ? TracedSize.Batch(recording)
            : input.DynamicAxes.TryGetValue(axis, out var name) && recording >= 2 && graph.DynamicAxes[recording - 2] == name
                ? 2 * input.Shape[axis - 1]
                : input.Shape[axis - 1])]);
        TracedSize[] sizes = [.. Enumerable.Range(0, dimensions.Length).Select(Size)];
        foreach (var (axis, name) in input.DynamicAxes) graph.SizeNames[sizes[axis]] = name;
        return new OnnxValue(graph, input.Type, dimensions) { Draw = input.Draw, Sizes = sizes };
    }

    /// <summary>Adds a module's computation.</summary>
    /// <exception cref="ExportException">The module does what cannot be recorded, or has no meaning in ONNX.</exception>
    public OnnxValue[] Add(OnnxGraph graph, Module module, OnnxValue[] inputs)
    {
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        using var mode = new ModuleModes([module], graph.Mode);
        using var random = get_rng_state();
        using var scope = NewDisposeScope();
        try
        {
            var count = inputs.Append(null).Max(input => input?.Sizes is [var size, ..] ? size.Values.Count : 2 + graph.DynamicAxes.Count);
            Trace[] traces = [.. Enumerable.Range(0, count).Select(recording => Run(graph, module, inputs, recording))];
            if (count == 2 + graph.DynamicAxes.Count && traces[0].Calls.Any(ValueSizes.Has))
            {
                // Of other values in the same sizes, so that a size which follows from values is seen to change.
                traces = [.. traces, .. Enumerable.Range(count, OtherValues).Select(recording => Run(graph, module, inputs, recording))];
                foreach (var (size, name) in graph.SizeNames.ToArray()) graph.SizeNames[size.Longer(OtherValues)] = name;
            }
            Trace trace;
            try
            {
                trace = TraceMerge.Of(traces);
            }
            catch (ExportException)
            {
                // What a module makes in its first run and keeps is there in the second.
                traces[0] = Run(graph, module, inputs, 0);
                trace = TraceMerge.Of(traces);
            }
            return new TraceEmitter(graph, trace, Names(module), functions).Run(inputs);
        }
        finally
        {
            set_rng_state(random);
        }
    }

    /// <summary>A recorder of modules of a graph.</summary>
    /// <param name="graph">Its converters say which modules are layers.</param>
    /// <param name="keep">Whether the values of all results stay.</param>
    public Recorder Recorder(OnnxGraph graph, bool keep = false) =>
        new(child => graph.Knows(child) || knows(child), graph.PathOf, keep);

    private Trace Run(OnnxGraph graph, Module module, OnnxValue[] inputs, int recording)
    {
        var examples = inputs.Select(input => Example(graph, input, recording).to(graph.Device)).ToArray();
        try
        {
            return Recorder(graph).Run(module, examples);
        }
        catch (Exception e) when (e is not ExportException)
        {
            var shapes = string.Join(", ", examples.Select(example => $"[{string.Join(", ", example.shape)}]"));
            throw new ExportException($"{graph.Describe(module)} itself fails on {shapes}: {TorchError.Text(e)}", e);
        }
    }

    /// <summary>Values of an input for a number of rows.</summary>
    internal static Tensor Example(ModelInput input, long batch) =>
        Example([batch, .. input.Shape], input.Type, input.Draw, batch, seed: 0);

    private static Tensor Example(OnnxGraph graph, OnnxValue input, int recording) => Example(
        [.. input.Dimensions.Select((size, axis) => size > 0 ? size
            : input.Sizes is { } sizes ? sizes[axis].Values.ElementAtOrDefault(recording) is > 0 and var known ? known : sizes[axis].First
            : size == OnnxGraph.Batch ? TracedSize.Batch(recording)
            // Some size that follows from the batch, in the middle of a network.
            : graph.DynamicAxes.Count == 0 ? 2 * TracedSize.Batch(recording)
            : throw graph.Error("is given a value whose sizes are not known; call it from a module's forward"))],
        input.Type, input.Draw, TracedSize.Batch(recording), seed: Math.Max(0, recording - 1 - graph.DynamicAxes.Count));

    private static Tensor Example(long[] shape, DataType type, Action<Random, double[]>? drawn, long batch, int seed)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        var random = new Random(seed);
        if (drawn is { } draw)
        {
            var row = new double[values.Length / batch];
            for (var i = 0; i < batch; i++)
            {
                draw(random, row);
                row.CopyTo(values, i * row.Length);
            }
        }
        else if (OnnxTypes.IsFloat(type))
        {
            for (var i = 0; i < values.Length; i++) values[i] = random.NextDouble() * 2 - 1;
        }
        // Other values: some share of them is 0, so that a mask of what is no padding, say, leaves some out.
        var share = random.NextDouble();
        if (seed > 0)
            for (var i = 0; i < values.Length; i++)
                if (random.NextDouble() < share) values[i] = 0;
        return tensor(values, shape).to(OnnxTypes.ToTorch(type));
    }

    private static Dictionary<Tensor, string> Names(Module module)
    {
        var names = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, tensor) in module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter))
            .Concat(module.named_buffers().Select(entry => (entry.name, entry.buffer))))
            names[tensor] = Identifiers.From(name.Split('.')[^1]);
        return names;
    }
}
