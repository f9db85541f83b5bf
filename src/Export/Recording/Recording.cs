using static TorchSharp.torch;
using DataType = Onnx.TensorProto.Types.DataType;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>Adds to a graph what a module does, by running it on examples of two batch sizes and recording the calls.</summary>
/// <param name="functions">Finds the converter of a function, or of a layer that takes or gives more than one tensor.</param>
/// <param name="knows">Whether a layer has such a converter.</param>
internal sealed class Recording(Func<TracedCall, Func<FunctionCall, OnnxValue[]>?> functions, Func<Module, bool> knows)
{
    // Two sizes that no axis is likely to have in both recordings.
    internal static readonly long[] Batches = [2, 3];

    /// <summary>Adds a module's computation.</summary>
    /// <exception cref="ExportException">The module does what cannot be recorded, or has no meaning in ONNX.</exception>
    public OnnxValue[] Add(OnnxGraph graph, Module module, OnnxValue[] inputs)
    {
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        using var mode = new EvaluationMode([module]);
        using var random = get_rng_state();
        using var scope = NewDisposeScope();
        try
        {
            var traces = Batches.Select(batch => Run(graph, module, inputs, batch)).ToArray();
            Trace trace;
            try
            {
                trace = TraceMerge.Of(traces);
            }
            catch (ExportException)
            {
                // What a module makes in its first run and keeps is there in the second.
                traces[0] = Run(graph, module, inputs, Batches[0]);
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

    private Trace Run(OnnxGraph graph, Module module, OnnxValue[] inputs, long batch)
    {
        var device = module.parameters().Concat(module.buffers()).FirstOrDefault()?.device ?? CPU;
        var examples = inputs.Select(input => Example(input, batch).to(device)).ToArray();
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
        Example([OnnxGraph.Batch, .. input.Shape], input.Type, input.Draw, batch);

    private static Tensor Example(OnnxValue input, long batch) => Example(input.Dimensions, input.Type, input.Draw, batch);

    private static Tensor Example(long[] dimensions, DataType type, Action<Random, double[]>? drawn, long batch)
    {
        long[] shape = [.. dimensions.Select(size => size switch
        {
            OnnxGraph.Batch => batch,
            // Some size that follows from the batch, of a value in the middle of a network.
            OnnxGraph.Dynamic => 2 * batch,
            _ => size,
        })];
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        var random = new Random(0);
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
