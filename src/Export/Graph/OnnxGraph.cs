using Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>
/// The ONNX graph of a network under construction. A module that describes itself (<see cref="IOnnxExportable"/>) or a converter calls
/// child modules, applies operators and adds constants; shapes are tracked on the way, so that a mistake is reported where it is made.
/// </summary>
public sealed partial class OnnxGraph
{
    /// <summary>Stands for the batch, whose size is not fixed, among the sizes of a value's axes.</summary>
    public const long Batch = -1;

    /// <summary>
    /// Stands for another size that is not fixed: that of an axis of <see cref="ModelInput.DynamicAxes"/>, or what follows from it or
    /// from the batch.
    /// </summary>
    internal const long Dynamic = -2;

    private readonly Dictionary<Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, OnnxValue> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<(Module Module, string Path)> _callers = new();
    private readonly ModuleConverters _converters;
    private readonly HashSet<Tensor> _parameters = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<OnnxValue> _weights = new(ReferenceEqualityComparer.Instance);
    private CallSite? _source;

    private readonly Func<Module, Func<OnnxGraph, Module, OnnxValue, OnnxValue>?> _layers;
    private readonly Func<OnnxGraph, Module, OnnxValue[], OnnxValue[]> _record;

    /// <param name="roots">The modules under export, by name.</param>
    /// <param name="options">Operator set, converters.</param>
    /// <param name="layers">Finds the converter of a built-in layer.</param>
    /// <param name="record">Adds what any other module does by recording it.</param>
    internal OnnxGraph(IEnumerable<(string Name, Module Module)> roots, ExportOptions options,
        Func<Module, Func<OnnxGraph, Module, OnnxValue, OnnxValue>?> layers, Func<OnnxGraph, Module, OnnxValue[], OnnxValue[]> record)
    {
        _layers = layers;
        _record = record;
        Opset = options.Opset;
        Mode = options.Mode;
        _converters = options.Converters;
        foreach (var (name, module) in roots)
        {
            AddPaths(module, name);
            _parameters.UnionWith(module.parameters());
            _parameters.UnionWith(module.buffers());
        }
    }

    /// <summary>What the dynamic axes beside the batch are called; each is another size in a recording of its own.</summary>
    internal IReadOnlyList<string> DynamicAxes { get; init; } = [];

    /// <summary>Names of sizes that are not fixed.</summary>
    internal Dictionary<TracedSize, string> SizeNames { get; } = [];

    /// <summary>Where the modules under export are.</summary>
    internal Device Device => _parameters.FirstOrDefault()?.device ?? CPU;

    /// <summary>The operator set that the file is written in.</summary>
    public int Opset { get; }

    /// <summary>The mode that the network is written in.</summary>
    internal ExportMode Mode { get; }

    internal List<OnnxNode> Nodes { get; } = [];

    /// <summary>What the graph has of each layer and function.</summary>
    internal CallLog Calls { get; } = new();

    internal Dictionary<OnnxValue, string> ConstantNames { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds what a module of one output does, as <c>module.call</c> does in Torch.</summary>
    /// <exception cref="ExportException">The module is of a type that the exporter does not know, or does not take the inputs.</exception>
    public OnnxValue Call(Module module, params OnnxValue[] inputs) => CallAll(module, inputs) switch
    {
        [var output] => output,
        var outputs => throw Error($"calls {Describe(module)}, which has {outputs.Length} outputs; use {nameof(CallAll)} for it"),
    };

    /// <summary>Adds what a module of any number of outputs does.</summary>
    /// <exception cref="ExportException">The module is of a type that the exporter does not know, or does not take the inputs.</exception>
    public OnnxValue[] CallAll(Module module, params OnnxValue[] inputs)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputs);
        if (module is FunctionModule) _paths.TryAdd(module, "");
        if (!_paths.TryGetValue(module, out var path))
        {
            // No submodule of its caller by RegisterComponents, so it has no path of its own.
            path = (_callers.TryPeek(out var caller) && caller.Path.Length > 0 ? caller.Path + "." : "") + TypeName(module);
            _paths.Add(module, path);
        }
        if (_callers.Count == 0) Calls.Roots.Add((module, inputs));
        _callers.Push((module, path));
        var outputs = Convert(module, inputs);
        _callers.Pop();
        if (Knows(module)) Calls.Add(new(module, null), outputs);
        return outputs;
    }

    /// <summary>Adds what a function of tensors does, by recording it.</summary>
    internal OnnxValue[] Record(Func<Tensor[], Tensor[]> function, OnnxValue[] inputs) => CallAll(new FunctionModule(function), inputs);

    /// <summary>An exception that names the module under export by path and type: <c>throw graph.Error("needs 4 axes")</c>.</summary>
    public ExportException Error(string problem) =>
        new(_callers.TryPeek(out var caller) ? $"{Describe(caller.Module)} {problem}." : $"The description of the model {problem}.");

    /// <summary>A constant number.</summary>
    public OnnxValue Constant(float value) => NewConstant("constant", [], new[] { value });

    /// <summary>A float32 constant of any shape.</summary>
    public OnnxValue Constant(ReadOnlySpan<float> values, ReadOnlySpan<long> shape) => NewConstant("constant", shape, values.ToArray());

    /// <summary>
    /// A constant with a tensor's present values, wherever it lies: a parameter or buffer of the module, for example.
    /// </summary>
    /// <param name="tensor">Values of float32, float64, int64, int32, bytes or truth.</param>
    /// <param name="name">What to call it in the file, after the module's path.</param>
    public OnnxValue Constant(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Identifiers.Require(name, nameof(name));
        if (_tensors.TryGetValue(tensor, out var known)) return known;
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        _tensors[tensor] = known = NewConstant(name, tensor.shape, tensor.dtype switch
        {
            ScalarType.Float32 => values.data<float>().ToArray(),
            ScalarType.Int64 => values.data<long>().ToArray(),
            ScalarType.Float64 when tensor is not Parameter => values.data<double>().ToArray(),
            ScalarType.Int32 => values.data<int>().ToArray(),
            ScalarType.Bool => values.data<bool>().ToArray(),
            ScalarType.Byte => values.data<byte>().ToArray(),
            var other => throw Error($"has '{name}' of type {other}; the exporter writes float32, so convert the network first: " +
                "network.to(torch.float32)"),
        });
        if (_parameters.Contains(tensor)) _weights.Add(known);
        return known;
    }

    /// <summary>Whether a constant is a parameter or buffer of the modules under export.</summary>
    internal bool IsParameter(OnnxValue constant) => _weights.Contains(constant);

    /// <summary>An operator of the default ONNX domain with one output, for what this class has no method.</summary>
    /// <param name="opType">The operator's name, for example <c>HardSwish</c>.</param>
    /// <param name="inputs">Its inputs; null leaves an optional one out.</param>
    /// <param name="shape">The output's shape, <see cref="Batch"/> for the batch.</param>
    /// <param name="attributes">Its settings.</param>
    /// <returns>The output, of the first input's element type.</returns>
    public OnnxValue Operator(string opType, OnnxValue?[] inputs, IEnumerable<long> shape, params OnnxSetting[] attributes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Apply(opType, inputs, inputs.First(input => input is not null)!.Type, [.. shape], attributes);
    }

    internal OnnxValue Apply(
        string opType, OnnxValue?[] inputs, TensorProto.Types.DataType type, long[] shape, params OnnxSetting[] attributes)
    {
        foreach (var input in inputs)
            if (input is not null && input.Graph != this) throw Error($"uses a value of another graph as an input of {opType}");
        foreach (var size in shape)
            if (size < 1 && size is not (Batch or Dynamic))
                throw Error($"would make a value with an axis of size {size} ({opType} of {inputs[0]})");
        var output = new OnnxValue(this, type, shape);
        Nodes.Add(new OnnxNode(opType, _callers.TryPeek(out var caller) ? caller.Path : "", _source, inputs, [output], attributes));
        return output;
    }

    /// <summary>An operator of several outputs.</summary>
    internal OnnxValue[] ApplyMany(
        string opType, OnnxValue?[] inputs, ReadOnlySpan<(TensorProto.Types.DataType Type, long[] Shape)> results,
        params OnnxSetting[] attributes)
    {
        var outputs = new OnnxValue[results.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = new OnnxValue(this, results[i].Type, results[i].Shape);
        Nodes.Add(new OnnxNode(opType, _callers.TryPeek(out var caller) ? caller.Path : "", _source, inputs, outputs, attributes));
        return outputs;
    }

    /// <summary>A constant under the path of the module that adds it, or under another one's.</summary>
    internal OnnxValue NewConstant(string name, ReadOnlySpan<long> shape, Array elements, string? path = null)
    {
        var value = new OnnxValue(this, OnnxTypes.Of(elements), shape) { Elements = elements };
        path ??= _callers.TryPeek(out var caller) ? caller.Path : "";
        ConstantNames[value] = path.Length == 0 ? name : Identifiers.From(path) + "_" + name;
        return value;
    }

    /// <summary>Adds operators under a module's path, from a place in the program.</summary>
    internal OnnxValue[] Within(Module module, string path, CallSite source, Func<OnnxValue[]> add)
    {
        var before = _source;
        _source = source.IsOfProgram ? source : before;
        _callers.Push((module, path));
        var values = add();
        _callers.Pop();
        _source = before;
        return values;
    }

    /// <summary>A module's path in the network; its type's name where it is none of the network's.</summary>
    internal string PathOf(Module module) => _paths.TryGetValue(module, out var path) ? path : TypeName(module);

    /// <summary>Whether there is a converter for a module, or it describes itself.</summary>
    internal bool Knows(Module module) =>
        _converters.Find(module.GetType()) is not null || module is IOnnxExportable || _layers(module) is not null;

    /// <summary>The one input of a module that takes one.</summary>
    internal OnnxValue Single(OnnxValue[] inputs)
        => inputs is [{ } input] ? input : throw Error($"takes one input and is given {inputs.Length}");

    private OnnxValue[] Convert(Module module, OnnxValue[] inputs)
    {
        var type = module.GetType();
        if (_converters.Find(type) is { } convert) return convert(this, module, inputs);
        if (module is IOnnxExportable exportable) return exportable.Describe(this, inputs);
        // Where sizes are not fixed, a recording knows what follows from what.
        var isFixed = inputs.All(input => !input.Dimensions.Contains(Dynamic));
        if (isFixed && module is Sequential sequential && CallsInOrder(sequential)) return [CallEach(sequential, Single(inputs))];
        if (_layers(module) is { } layer) return [layer(this, module, Single(inputs))];
        return _record(this, module, inputs);
    }

    private OnnxValue CallEach(Sequential sequential, OnnxValue value)
    {
        for (var i = 0; i < sequential.Count; i++) value = Call((Module)sequential[i], value);
        return value;
    }

    /// <summary>Whether a Sequential's forward is its own: a class derived from it may call its children otherwise than in order.</summary>
    internal static bool CallsInOrder(Sequential sequential) =>
        sequential is ICallsInOrder ||
        sequential.GetType().GetMethod(nameof(Sequential.forward), [typeof(Tensor)])?.DeclaringType == typeof(Sequential);

    private void AddPaths(Module module, string path)
    {
        if (!_paths.TryAdd(module, path)) return;
        foreach (var (name, child) in module.named_children())
            AddPaths(child, path.Length == 0 ? name : $"{path}.{name}");
    }

    // The CLR type's name: a module's own GetName() misleads, BatchNorm2d's says BatchNorm1d.
    private static string TypeName(Module module) => module.GetType().Name.Split('`')[0];

    internal string Describe(Module module) => _paths.GetValueOrDefault(module, "") is { Length: > 0 } path
        ? $"Module '{path}' ({module.GetType()})"
        : $"The network ({module.GetType()})";
}
