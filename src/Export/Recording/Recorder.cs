using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>
/// Runs a module's <c>forward</c> and writes down which TorchSharp functions and layers it calls on which tensors. Branches and loops run
/// as C# runs them, and only what they came to is recorded. The program's methods run as copies (<see cref="MethodCopies"/>); nothing
/// native takes part, and the module itself is not changed.
/// </summary>
/// <param name="knows">Whether a module is a layer that the exporter has a converter for.</param>
/// <param name="path">A module's path in the network.</param>
/// <param name="keep">Whether the values of all results stay (<see cref="TracedValue.Value"/>).</param>
internal sealed class Recorder(Func<Module, bool> knows, Func<Module, string> path, bool keep = false)
{
    private const BindingFlags Invocation = BindingFlags.DoNotWrapExceptions;

    /// <summary>Functions whose result shares its memory with the first tensor, or may.</summary>
    private static readonly HashSet<string> _views =
    [
        "view", "view_as", "reshape", "reshape_as", "flatten", "unflatten", "squeeze", "unsqueeze", "expand", "expand_as", "broadcast_to",
        "permute", "transpose", "t", "get_T", "get_mT", "swapaxes", "swapdims", "movedim", "moveaxis", "narrow", "select", "slice", "chunk",
        "split", "tensor_split", "unbind", "get_TensorItems", "index", "detach", "alias", "contiguous", "to", "to_type", "type_as", "float",
        "cpu", "diagonal", "unfold", "ravel", "real", "positive", "dropout", "vsplit", "hsplit", "adjoint",
    ];

    private static readonly HashSet<string> _random =
    [
        "rand", "randn", "randint", "randperm", "rand_like", "randn_like", "randint_like", "normal", "bernoulli", "multinomial", "poisson",
        "binomial", "normal_", "uniform_", "random_", "bernoulli_", "exponential_", "cauchy_", "geometric_", "log_normal_", "rrelu",
    ];

    private static readonly MethodInfo _sequential =
        typeof(TorchSharp.Modules.Sequential).GetMethod(nameof(TorchSharp.Modules.Sequential.forward), [typeof(Tensor)])!;

    [ThreadStatic]
    private static Recorder? _current;

    // Flows to threads and tasks that a recorded program begins: its recorder, the module that it was in, and whether what is called may
    // be called on any thread.
    private static readonly AsyncLocal<(Recorder Recorder, Module Module, bool OnThreads)?> _beginner = new();

    private readonly Dictionary<Tensor, TracedValue> _values = new(ReferenceEqualityComparer.Instance);
    private readonly List<TracedCall> _calls = [];
    private readonly Stack<(Module Module, string Path)> _callers = new();

    // From where modules were called.
    private readonly Stack<CallSite> _sites = new();

    // The first thing that cannot be recorded; the program may catch the exception.
    private ExportException? _failure;


    /// <summary>Runs a module and returns what it did.</summary>
    /// <exception cref="ExportException">It does what cannot be recorded.</exception>
    public Trace Run(Module module, IReadOnlyList<Tensor> inputs)
    {
        var before = _current;
        var beginner = _beginner.Value;
        _current = this;
        try
        {
            var traced = inputs.Select(input => _values[input] = new TracedValue(input.shape, input.dtype) { FromInputs = true }).ToArray();
            var several = module is FunctionModule;
            var forward = several ? FunctionModule.Method : Forward(module.GetType(), inputs.Count)
                ?? throw Error(module, $"has no forward() for {inputs.Count} tensors");
            var end = new CallSite(forward, int.MaxValue);
            var result = Call(module, forward, several ? [inputs.ToArray()] : [.. inputs], end);
            if (_failure is not null) throw _failure;
            var outputs = Tensors(result).OfType<Tensor>().Select(output => Freeze(output, end)).ToArray();
            if (outputs.Length == 0) throw Error(module, "returns no tensors");
            return new Trace(traced, _calls, outputs, end);
        }
        finally
        {
            _current = before;
            _beginner.Value = beginner;
        }
    }

    /// <summary>The method forward of a type that takes a number of tensors, further parameters being optional.</summary>
    internal static MethodInfo? Forward(Type type, int inputs)
    {
        for (var at = type; at is not null && at != typeof(Module); at = at.BaseType)
            foreach (var method in at.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public))
            {
                if (method.Name != "forward" || method.IsAbstract) continue;
                var parameters = method.GetParameters();
                var taken = parameters.TakeWhile(parameter => parameter.ParameterType == typeof(Tensor)).Count();
                if (taken >= inputs && parameters.Skip(inputs).All(parameter => parameter.HasDefaultValue ||
                    !parameter.ParameterType.IsValueType)) return method;
            }
        return null;
    }

    /// <summary>A method's arguments with the optional ones that were left out.</summary>
    internal static object?[] Complete(MethodInfo method, IEnumerable<object?> arguments)
    {
        object?[] given = [.. arguments];
        return [.. given, .. method.GetParameters().Skip(given.Length)
            .Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : null)];
    }

    /// <summary>A call of a module's forward by a copied method.</summary>
    public static object? Forward(object instance, object?[] arguments, int function, int site)
    {
        var declared = (MethodInfo)References.Get(function);
        var method = CallWrappers.Implementation(declared, instance.GetType()) ?? declared;
        if (_current is not { } recorder || instance is not Module module)
            return method.Invoke(instance, Invocation, null, arguments, null);
        return recorder.Call(module, method, arguments, References.GetSite(site));
    }

    /// <summary>A call of a module, or of a virtual method that may be the program's.</summary>
    public static object? Dispatch(object instance, object?[] arguments, int function, int site)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var declared = (MethodInfo)References.Get(function);
        var method = CallWrappers.Implementation(declared, instance.GetType());
        if (_current is not { } recorder || method is null || !MethodCopies.CanCopy(method) || method.DeclaringType!.IsValueType)
            return declared.Invoke(instance, Invocation, null, arguments, null);
        recorder._sites.Push(recorder.Place(References.GetSite(site)));
        try
        {
            return MethodCopies.Of(method).Invoke(null, Invocation, null, [instance, .. arguments], null);
        }
        finally
        {
            recorder._sites.Pop();
        }
    }

    /// <summary>A call of a delegate, which may have been made before the recording, of a method of the program or of TorchSharp.</summary>
    public static object? Invoke(object instance, object?[] arguments, int function, int site)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var made = (Delegate)instance;
        var method = made.Method;
        if (_current is not { } recorder || !made.HasSingleTarget || method.DeclaringType is null)
            return ((MethodInfo)References.Get(function)).Invoke(instance, Invocation, null, arguments, null);
        var given = made.Target is { } target ? [target, .. arguments] : arguments;
        if (MethodCopies.CanCopy(method) && !method.DeclaringType.IsValueType)
            return MethodCopies.Of(method).Invoke(null, Invocation, null, given, null);
        var result = ((MethodInfo)References.Get(function)).Invoke(instance, Invocation, null, arguments, null);
        if (method.DeclaringType.Assembly == typeof(torch).Assembly && CallWrappers.IsRecorded(method))
        {
            if (made.Target is Module layer) recorder.Record(method, layer, arguments, result, References.GetSite(site));
            else recorder.Record(method, null, given, result, References.GetSite(site));
        }
        return result;
    }

    /// <summary>A function of TorchSharp was called.</summary>
    public static void Leaf(object?[] arguments, object? result, int function, int site)
    {
        var (called, place) = ((MethodInfo)References.Get(function), References.GetSite(site));
        if (_current is { } recorder) recorder.Record(called, null, arguments, result, place);
        else if (_beginner.Value is var (other, module, _)) other.Fail(other.Elsewhere(module, called, place));
    }

    /// <summary>What is called until <see cref="EndThreads"/>, and by tasks that begin meanwhile, may be called on any thread.</summary>
    public static void BeginThreads() => SetThreads(true);

    public static void EndThreads() => SetThreads(false);

    private static void SetThreads(bool value)
    {
        if (_current is not null && _beginner.Value is var (recorder, module, _)) _beginner.Value = (recorder, module, value);
    }

    private object? Call(Module module, MethodInfo method, object?[] arguments, CallSite site)
    {
        if (knows(module))
        {
            arguments = Complete(method, arguments);
            var result = method.Invoke(module, Invocation, null, arguments, null);
            Record(method, module, arguments, result, site);
            return result;
        }
        // What computes the same faster is recorded as what it stands for.
        if (module is ICallsInOrder) method = _sequential;
        if (MethodCopies.CanCopy(method)) return Enter(module, method, arguments);
        throw Fail(Error(module, $"is of a type that the exporter does not know. Pass a converter: {nameof(ExportOptions)}." +
            $"{nameof(ExportOptions.Converters)} = {nameof(ModuleConverters)}.{nameof(ModuleConverters.Default)}" +
            $".{nameof(ModuleConverters.With)}<{module.GetType().Name}>(...)"));
    }

    private object? Enter(Module module, MethodInfo method, IEnumerable<object?> arguments)
    {
        object?[] given = [module, .. Complete(method, arguments)];
        _callers.Push((module, path(module)));
        var beginner = _beginner.Value;
        _beginner.Value = (this, module, beginner is { OnThreads: true });
        try
        {
            return MethodCopies.Of(method).Invoke(null, Invocation, null, given, null);
        }
        finally
        {
            _beginner.Value = beginner;
            _callers.Pop();
        }
    }

    // The program's part of a place in TorchSharp's own methods, such as call and Sequential's forward.
    private CallSite Place(CallSite site) => !site.IsOfProgram && _sites.TryPeek(out var caller) ? caller : site;

    private void Record(MethodInfo function, Module? layer, object?[] arguments, object? result, CallSite site)
    {
        site = Place(site);
        if (_beginner.Value is (_, var module, true)) throw Fail(Elsewhere(module, function, site));
        var results = Tensors(result).ToArray();
        var inPlace = IsInPlace(function, layer, arguments);
        // What only hands back what it was given, such as MoveToOuterDisposeScope, is no operation.
        if (!inPlace && results.Length > 0 && results.All(tensor => tensor is not null && _values.ContainsKey(tensor))) return;

        var frozen = arguments.Select(argument => Freeze(argument, site)).ToArray();
        var given = Values(frozen).ToArray();
        var constant = !given.Any(value => value.FromInputs) && !IsRandom(function, arguments);
        if (results.Length == 0 && !inPlace)
        {
            if (!constant)
                throw Fail(Error($"brings a value that follows from the input to C# by {function.Name}, in {site}. What is done with it " +
                    "there is no part of an ONNX graph; compute it with tensors, torch.where in place of a branch"));
            return;
        }

        var target = given.Length > 0 ? given[0] : null;
        if (inPlace && results.Length == 0) results = [arguments.OfType<Tensor>().First()];
        var shares = layer is null
            ? _views.Contains(function.Name) && (given.Length == 1 || function.Name is not ("index" or "get_TensorItems"))
            : layer is TorchSharp.Modules.Flatten or TorchSharp.Modules.Unflatten or TorchSharp.Modules.Identity;
        var values = results.Select(tensor => tensor is null ? null : new TracedValue(tensor.shape, tensor.dtype)
        {
            FromInputs = !constant,
            Value = keep && !constant ? tensor.detach().clone() : null,
            Copy = constant ? tensor.detach().clone().DetachFromDisposeScope() : null,
            Root = shares && !inPlace && target is not null ? target.Root : null!,
        }).ToArray();
        for (var i = 0; i < results.Length; i++)
            if (results[i] is { } tensor) _values[tensor] = values[i]!;
        if (inPlace && target is not null) Replace(function, arguments.OfType<Tensor>().First(), target, values[0]!, site);
        var caller = _callers.TryPeek(out var within) ? within : (layer!, path(layer!));
        _calls.Add(new TracedCall(function, frozen, values, caller, site) { Layer = layer });
    }

    // After an operation in place a tensor holds another value, and what shares its memory holds one that is not known.
    private void Replace(MethodInfo function, Tensor tensor, TracedValue target, TracedValue value, CallSite site)
    {
        if (target.Given is not null)
            throw Fail(Error($"changes a parameter, a buffer or a field in place by {function.Name}, in {site}; an ONNX file keeps " +
                "nothing from one run to the next"));
        foreach (var (other, known) in _values)
            if (known.Root == target.Root && known != target && known != value && !ReferenceEquals(other, tensor)) known.ChangedAt = site;
        if (target.Root != target) target.Root.ChangedAt = site;
        _values[tensor] = value;
    }

    private object? Freeze(object? argument, CallSite site) => argument switch
    {
        null => null,
        Tensor tensor => Freeze(tensor, site),
        IEnumerable<Tensor?> tensors => tensors.Select(tensor => tensor is null ? null : (object)Freeze(tensor, site)).ToArray(),
        Scalar scalar => Number(scalar),
        TensorIndex index => Freeze(index, site),
        TensorIndex[] indices => indices.Select(index => Freeze(index, site)).ToArray(),
        Size size => size.Select(value => (object?)value).ToArray(),
        bool or double or string => argument,
        sbyte or byte or short or int or long => Convert.ToInt64(argument, null),
        float number => (double)number,
        Enum => argument,
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => Freeze(tuple[i], site)).ToArray(),
        Array { Length: <= 64, Rank: 1 } array => array.Cast<object?>().Select(value => Freeze(value, site)).ToArray(),
        _ => argument,
    };

    private TracedValue Freeze(Tensor tensor, CallSite site)
    {
        if (!_values.TryGetValue(tensor, out var value))
            _values[tensor] = value = new TracedValue(tensor.shape, tensor.dtype) { Given = tensor };
        if (value.ChangedAt is { } changed)
            throw Fail(Error($"uses a tensor, in {site}, whose memory {changed} changed in place under another name. Compute a new " +
                "tensor there: torch.cat, torch.where, or the function without '_'"));
        return value;
    }

    private object? Freeze(TensorIndex index, CallSite site)
    {
        var (kind, start, stop, step, tensor) = IndexFields.Of(index);
        return kind switch
        {
            "Tensor" => Freeze(tensor!, site),
            "Single" => new TracedIndex(TracedIndexKind.Single, start),
            "Slice" => new TracedIndex(TracedIndexKind.Range, start, stop, step),
            "Ellipsis" => new TracedIndex(TracedIndexKind.Ellipsis),
            "None" or "Null" => new TracedIndex(kind == "None" ? TracedIndexKind.NewAxis : TracedIndexKind.Range),
            _ => throw Fail(Error($"indexes by {kind}, in {site}, which the exporter does not know")),
        };
    }

    private static object Number(Scalar scalar) => scalar.Type switch
    {
        ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16 => scalar.ToDouble(),
        ScalarType.Bool => scalar.ToBoolean(),
        _ => scalar.ToInt64(),
    };

    private static bool IsInPlace(MethodInfo function, Module? layer, object?[] arguments)
    {
        if (layer is not null) return layer.GetType().GetProperty("inplace")?.GetValue(layer) is true;
        if (function.Name.StartsWith("set_TensorItems")) return true;
        if (function.Name.EndsWith('_') && !function.Name.EndsWith("__") && function.Name != "requires_grad_") return true;
        var parameters = function.GetParameters();
        var at = Array.FindIndex(parameters, parameter => parameter.Name == "inplace");
        return at >= 0 && arguments[at + (function.IsStatic ? 0 : 1)] is true;
    }

    private static bool IsRandom(MethodInfo function, object?[] arguments)
    {
        return _random.Contains(function.Name) || (TrainingParameter(function) is >= 0 and var at && arguments[at] is true);
    }

    /// <summary>Which argument says whether a function drops values; -1 of other functions.</summary>
    internal static int TrainingParameter(MethodInfo function)
    {
        if (!function.Name.Contains("dropout")) return -1;
        var at = Array.FindIndex(function.GetParameters(), parameter => parameter.Name == "training");
        return at < 0 || function.IsStatic ? at : at + 1;
    }

    private static IEnumerable<TracedValue> Values(IEnumerable<object?> frozen) => frozen.SelectMany(argument => argument switch
    {
        TracedValue value => [value],
        object?[] several => Values(several),
        _ => [],
    });

    /// <summary>The tensors of a result: one, or those of a list or a tuple; null where one is missing.</summary>
    internal static IEnumerable<Tensor?> Tensors(object? result) => result switch
    {
        Tensor tensor => [tensor.IsInvalid ? null : tensor],
        IEnumerable<Tensor?> tensors => tensors.Select(tensor => tensor is null || tensor.IsInvalid ? null : tensor),
        ITuple tuple => Enumerable.Range(0, tuple.Length)
            .SelectMany(i => tuple[i] is null ? (IEnumerable<Tensor?>)[null] : Tensors(tuple[i])),
        IEnumerable => [],
        _ => [],
    };

    private ExportException Fail(ExportException failure)
    {
        _failure ??= failure;
        return failure;
    }

    private ExportException Elsewhere(Module module, MethodInfo function, CallSite site) => Error(module,
        $"calls {function.DeclaringType!.Name}.{function.Name}, in {site}, on another thread, where the exporter cannot see it; call " +
        "it in forward() or in methods that it calls, in a loop in place of Parallel.For, Task.Run or a thread");

    private ExportException Error(string problem) => _callers.TryPeek(out var caller)
        ? Error(caller.Module, problem)
        : new ExportException($"The network {problem}.");

    private ExportException Error(Module module, string problem) => new(path(module) is { Length: > 0 } name
        ? $"Module '{name}' ({module.GetType()}) {problem}."
        : $"The network ({module.GetType()}) {problem}.");

    /// <summary>The fields of TorchSharp's index, which are not public.</summary>
    private static class IndexFields
    {
        private static readonly FieldInfo[] _fields =
        [
            .. new[] { "kind", "startIndexOrBoolOrSingle", "stopIndex", "step", "tensor" }.Select(name =>
                typeof(TensorIndex).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public) ??
                    throw new ExportException($"This version of TorchSharp has another TensorIndex, without '{name}'.")),
        ];

        public static (string Kind, object? Start, object? Stop, object? Step, Tensor? Tensor) Of(TensorIndex index)
        {
            var values = _fields.Select(field => field.GetValue(index)).ToArray();
            return (values[0]!.ToString()!, values[1], values[2], values[3], (Tensor?)values[4]);
        }
    }
}
